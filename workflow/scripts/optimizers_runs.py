"""Run all optimisers on polynomials and, where the Newton experiment leaves them out, on its fits."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import NewtonCondition
from stationary.config.optimizers import OptimizerSettings

with progress.job_log(snakemake.log[0]):
    settings = OptimizerSettings.model_validate(snakemake.params.settings)
    conditions = [NewtonCondition.model_validate(one) for one in snakemake.params.conditions]
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.experiments import optimizers, optimizers_fits, optimizers_landscapes

    seed = snakemake.params.seed
    origin = provenance.here(snakemake.params.settings, seed=seed, scale=snakemake.config["scale"])
    planes = optimizers.run(settings, seed)
    tables.write(planes.runs, snakemake.output.runs, origin)
    tables.write(planes.basins, snakemake.output.basins, origin)
    tables.write(optimizers_landscapes.table(), snakemake.output.critical_points, origin)
    tables.write(optimizers_fits.run(conditions, settings), snakemake.output.fits, origin)
