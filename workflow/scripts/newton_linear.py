"""Take one Newton step on linear discretizations, where it must be exact."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import NewtonSettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import newton_linear

    settings = NewtonSettings.model_validate(snakemake.params.settings)
    table = newton_linear.run(settings, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
