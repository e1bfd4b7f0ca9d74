"""Train small networks, follow their symmetries; compute the claims' statistics."""

from stationary import devices, progress, provenance, tables
from stationary.config.symmetry import SymmetrySettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import symmetry

    settings = SymmetrySettings.model_validate(snakemake.params.settings)
    found = symmetry.run(settings, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    for name, path in snakemake.output.items():
        tables.write(getattr(found, name), path, origin)
