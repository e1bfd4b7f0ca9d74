"""A script is nothing without Snakemake; doctests are looked for in everything else."""

collect_ignore = ["scripts"]
