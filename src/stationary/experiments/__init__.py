"""One module per experiment: settings in, tables out; no files, no Snakemake."""
