"""Write every critical point of the linear autoencoder from the closed form."""

from stationary import devices, progress, provenance, tables
from stationary.config.saddle_condition import SaddleProblem

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_closed_form  # after configure: it loads the numerical libraries

    problem = SaddleProblem.model_validate(snakemake.params.settings)
    origin = provenance.here(snakemake.params.settings, seed=problem.seed, scale=snakemake.config["scale"])
    tables.write(saddle_closed_form.run(problem), snakemake.output[0], origin)
