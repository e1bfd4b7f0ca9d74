"""Run the optimisers that the Newton experiment leaves out on its fits."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import NewtonCondition
from stationary.config.optimizers import OptimizerSettings

with progress.job_log(snakemake.log[0]):
    settings = OptimizerSettings.model_validate(snakemake.params.settings)
    conditions = [NewtonCondition.model_validate(one) for one in snakemake.params.conditions]
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.experiments import optimizers_fits

    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(optimizers_fits.run(conditions, settings), snakemake.output[0], origin)
