"""Train students of every width on small teachers, whose loss can be zero."""

from stationary import devices, progress, provenance, tables
from stationary.config.minima import TeacherCondition

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads, tensorflow=True)
    from stationary.experiments import minima_teacher  # after configure: it loads the numerical libraries

    conditions = [TeacherCondition.model_validate(settings) for settings in snakemake.params.settings]
    table = tables.concat([minima_teacher.run(condition) for condition in conditions])
    origin = provenance.here({"teachers": snakemake.params.settings}, seed=conditions[0].seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
