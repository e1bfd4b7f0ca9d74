"""Join the searches' runs, in the order in which the rule lists them, and label distinct critical points."""

from stationary import progress, provenance, tables
from stationary.experiments import saddle_runs

with progress.job_log(snakemake.log[0]):
    table = saddle_runs.join([tables.read(part) for part in snakemake.input])
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
