"""Take the starts of one problem along descents."""

from stationary import devices, progress, provenance, tables
from stationary.config.saddle_condition import SaddleProblem

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_starts  # after configure: it loads the numerical libraries

    problem = SaddleProblem.model_validate(snakemake.params.settings)
    origin = provenance.here(snakemake.params.settings, seed=problem.seed, scale=snakemake.config["scale"])
    tables.write(saddle_starts.run(problem), snakemake.output[0], origin)
