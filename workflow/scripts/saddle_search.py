"""Search for critical points from one block of starts with one finder."""

from stationary import devices, progress, provenance, tables
from stationary.config.saddle_condition import SaddleProblem, Search

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_search  # after configure: it loads the numerical libraries

    problem = SaddleProblem.model_validate(snakemake.params.problem)
    search = Search.model_validate(snakemake.params.settings)
    first = int(snakemake.wildcards.block) * snakemake.params.block
    starts = tables.read(snakemake.input.starts).slice(first, snakemake.params.block)
    result = saddle_search.run(problem, search, starts)
    decisive = {"problem": snakemake.params.problem, "search": snakemake.params.settings}
    origin = provenance.here(decisive, seed=problem.seed, scale=snakemake.config["scale"])
    tables.write(result.runs, snakemake.output.runs, origin)
    tables.write(result.trajectories, snakemake.output.trajectories, origin)
