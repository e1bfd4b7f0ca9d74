"""Compute the Hessian spectra of one condition's networks."""

from stationary import devices, progress, provenance, tables
from stationary.config.minima import MinimaCondition

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import minima_spectra

    condition = MinimaCondition.model_validate(snakemake.params.settings)
    data = images.load(condition.dataset, condition.path, condition.side, condition.seed)
    points = tables.concat([tables.read(part) for part in snakemake.input.points])
    table = minima_spectra.run(points, data, seed=condition.seed, splits=condition.splits)
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
