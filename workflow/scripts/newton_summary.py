"""Compute the statistics that the claims about Newton name, with their intervals."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import newton_summary

    runs, linear = tables.read(snakemake.input.runs), tables.read(snakemake.input.linear)
    table = newton_summary.summarise(runs, linear, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
