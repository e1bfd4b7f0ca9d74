"""Descend from every start of some draws of the spherical glass."""

from stationary import devices, progress, provenance, tables
from stationary.config.spin_glass import DescentSettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import spin_glass_descents

    settings = DescentSettings.model_validate(snakemake.params.settings)
    size, seed = int(snakemake.wildcards.size), snakemake.params.seed
    table = spin_glass_descents.run(settings, size=size, draws=snakemake.params.draws, seed=seed)
    origin = provenance.here(snakemake.params.settings, seed=seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
