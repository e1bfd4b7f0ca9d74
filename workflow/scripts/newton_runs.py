"""Run a group of optimisers from one block of a condition's starts."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import JOB_GROUPS, NewtonCondition

with progress.job_log(snakemake.log[0]):
    condition = NewtonCondition.model_validate(snakemake.params.settings)
    devices.configure(snakemake.threads, tensorflow=not set(JOB_GROUPS["first_order"]).isdisjoint(condition.methods))
    from stationary.experiments import newton  # after configure: it loads the numerical libraries

    block, size = int(snakemake.wildcards.block), snakemake.params.block_size
    results = [newton.run(condition, method=method, block=block, block_size=size) for method in condition.methods]
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(tables.concat([result.runs for result in results]), snakemake.output.runs, origin)
    tables.write(tables.concat([result.trajectories for result in results]), snakemake.output.trajectories, origin)
