"""Run a group of optimisers from one block of starts of a condition, or of several."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import NewtonCondition

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads, tensorflow=snakemake.wildcards.group == "first_order")
    from stationary.experiments import newton  # after configure: it loads the numerical libraries

    block, size = int(snakemake.wildcards.block), snakemake.params.block_size
    conditions = [NewtonCondition.model_validate(settings) for settings in snakemake.params.settings]
    results = [
        newton.run(condition, method=method, block=block, block_size=size)
        for condition in conditions
        for method in condition.methods
    ]
    origin = provenance.here(
        {"conditions": snakemake.params.settings}, seed=conditions[0].seed, scale=snakemake.config["scale"]
    )
    tables.write(tables.concat([result.runs for result in results]), snakemake.output.runs, origin)
    tables.write(tables.concat([result.trajectories for result in results]), snakemake.output.trajectories, origin)
