"""Run all optimisers on polynomials."""

from stationary import devices, progress, provenance, tables
from stationary.config.optimizers import OptimizerSettings

with progress.job_log(snakemake.log[0]):
    settings = OptimizerSettings.model_validate(snakemake.params.settings)
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.experiments import optimizers, optimizers_landscapes

    seed = snakemake.params.seed
    origin = provenance.here(snakemake.params.settings, seed=seed, scale=snakemake.config["scale"])
    found = optimizers.run(settings, seed)
    tables.write(found.runs, snakemake.output.runs, origin)
    tables.write(found.basins, snakemake.output.basins, origin)
    tables.write(optimizers_landscapes.table(), snakemake.output.critical_points, origin)
