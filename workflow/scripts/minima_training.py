"""Train some order groups of one ensemble."""

from stationary import devices, progress, provenance, tables
from stationary.config.devices import DeviceSettings
from stationary.config.minima import MinimaCondition

with progress.job_log(snakemake.log[0]):
    machine = DeviceSettings.model_validate(snakemake.config["devices"])
    devices.configure(snakemake.threads, tensorflow=True, gpu=machine.gpu, job=snakemake.log[0])
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import minima_training

    condition = MinimaCondition.model_validate(snakemake.params.settings)
    data = images.load(condition.dataset, condition.path, condition.side, condition.seed)
    block, memory = int(snakemake.wildcards.block), snakemake.params.stack_mb
    result = minima_training.run(
        condition, data, block=block, groups_per_block=snakemake.params.groups, mem_mb=memory, xla=machine.xla
    )
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(result.runs, snakemake.output.runs, origin)
    tables.write(result.points, snakemake.output.points, origin)
