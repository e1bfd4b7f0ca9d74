"""Compute the statistics that the claims about saddle counts name, with their intervals."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_optimisers_summary, saddle_summary

    read = {name: tables.read(path) for name, path in snakemake.input.items()}
    near_saddles = saddle_optimisers_summary.rows(read.pop("optimisers"), snakemake.params.seed)
    table = saddle_summary.run(**read, seed=snakemake.params.seed, extra=near_saddles)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
