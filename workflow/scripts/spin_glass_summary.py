"""Compute the statistics that the claims about the spin glass name, with their intervals."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import spin_glass_summary

    names = ("descents", "critical_points", "search", "complexity")
    read = [tables.read(snakemake.input[name]) for name in names]
    table = spin_glass_summary.summarise(*read, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
