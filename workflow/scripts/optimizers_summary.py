"""Compute the statistics that the claims about optimisers and widths name, with their intervals."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import optimizers_summary

    read = {name: tables.read(path) for name, path in snakemake.input.items()}
    table = optimizers_summary.summarise(**read, seed=snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
