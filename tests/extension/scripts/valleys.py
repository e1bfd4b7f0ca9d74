"""Search the valleys' critical points and count those that differ."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from valleys import experiment  # after configure: it loads the numerical libraries
    from valleys.settings import ValleySettings

    params = snakemake.params
    found = experiment.run(ValleySettings.model_validate(params.settings), params.seed)
    origin = provenance.here(params.settings, seed=params.seed, scale=params.scale)
    tables.write(found.critical_points, snakemake.output.critical_points, origin)
    tables.write(found.summary, snakemake.output.summary, origin)
