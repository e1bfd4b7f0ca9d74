"""Run every optimiser from common starts at one hidden size."""

from stationary import devices, progress, provenance, tables
from stationary.config.saddles import SaddleProblem

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_optimisers  # after configure: it loads the numerical libraries

    problem = SaddleProblem.model_validate(snakemake.params.settings)
    table = saddle_optimisers.run(problem, epochs=snakemake.params.epochs)
    settings = snakemake.params.settings | {"epochs": snakemake.params.epochs}
    tables.write(table, snakemake.output[0], provenance.here(settings, seed=problem.seed, scale=snakemake.config["scale"]))
