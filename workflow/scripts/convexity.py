"""Try convexity on random segments and exact Hessians; compute the claims' statistics."""

from stationary import devices, progress, provenance, tables
from stationary.config.convexity import ConvexitySettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import convexity

    settings = ConvexitySettings.model_validate(snakemake.params.settings)
    found = convexity.run(settings, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    for name, path in snakemake.output.items():
        tables.write(getattr(found, name), path, origin)
