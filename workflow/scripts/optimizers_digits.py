"""Run all optimisers on a small classifier of digits."""

from stationary import devices, progress, provenance, tables
from stationary.config.optimizers import DigitsSettings

with progress.job_log(snakemake.log[0]):
    settings = DigitsSettings.model_validate(snakemake.params.settings)
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.experiments import optimizers_digits

    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(optimizers_digits.run(settings, snakemake.params.seed), snakemake.output[0], origin)
