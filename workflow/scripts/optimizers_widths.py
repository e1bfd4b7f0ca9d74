"""Fit every smooth target by networks of increasing width."""

from stationary import devices, progress, provenance, tables
from stationary.config.optimizers import OptimizerSettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import optimizers_widths

    settings, params = OptimizerSettings.model_validate(snakemake.params.settings), snakemake.params
    table = optimizers_widths.run(settings, nodes=params.nodes, band_limit=params.band_limit, seed=params.seed)
    origin = provenance.here(params.settings, seed=params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
