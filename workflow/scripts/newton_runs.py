"""Run one optimiser from one block of a condition's starts."""

from stationary import devices, progress, provenance, tables
from stationary.config.newton import TENSORFLOW_METHODS, NewtonCondition

with progress.job_log(snakemake.log[0]):
    method = snakemake.wildcards.method
    devices.configure(snakemake.threads, tensorflow=method in TENSORFLOW_METHODS)
    from stationary.experiments import newton  # after configure: it loads the numerical libraries

    condition = NewtonCondition.model_validate(snakemake.params.settings)
    result = newton.run(
        condition,
        method=method,
        block=int(snakemake.wildcards.block),
        block_size=snakemake.params.block_size,
    )
    origin = provenance.here(snakemake.params.settings, seed=condition.seed, scale=snakemake.config["scale"])
    tables.write(result.runs, snakemake.output.runs, origin)
    tables.write(result.trajectories, snakemake.output.trajectories, origin)
