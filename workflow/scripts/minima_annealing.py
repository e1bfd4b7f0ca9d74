"""Anneal and descend from the same starts at one width, at equal cost."""

from stationary import devices, progress, provenance, tables
from stationary.config.devices import DeviceSettings
from stationary.config.minima import AnnealingCondition

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import minima_annealing

    machine = DeviceSettings.model_validate(snakemake.config["devices"])
    condition = AnnealingCondition.model_validate(snakemake.params.settings)
    data = images.load(condition.dataset, condition.path, condition.side, condition.seed)
    table = minima_annealing.run(condition, data, mem_mb=snakemake.params.stack_mb, xla=machine.xla)
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
