"""Train some order groups of one ensemble."""

from stationary import devices, progress, provenance, tables
from stationary.config.minima import MinimaCondition

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import minima_training

    condition = MinimaCondition.model_validate(snakemake.params.settings)
    data = images.load(condition.dataset, condition.path, condition.side, condition.seed)
    block, memory = int(snakemake.wildcards.block), snakemake.resources.mem_mb / 2
    result = minima_training.run(condition, data, block=block, groups_per_block=snakemake.params.groups, mem_mb=memory)
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(result.runs, snakemake.output.runs, origin)
    tables.write(result.points, snakemake.output.points, origin)
