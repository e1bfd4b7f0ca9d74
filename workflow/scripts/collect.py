"""Join the parts of one table, in the order in which the rule lists them."""

from stationary import progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    table = tables.concat([tables.read(part) for part in snakemake.input])
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
