"""Follow optimisers and finders on functions of two variables."""

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import saddle_toys

    table = saddle_toys.run()
    origin = provenance.here({}, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
