"""Find all critical points of one block of draws."""

from stationary import devices, progress, provenance, tables
from stationary.config.spin_glass import ExhaustiveSettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.experiments import spin_glass_critical_points  # after configure: it loads the numerical libraries

    p, size = int(snakemake.wildcards.p), int(snakemake.wildcards.size)
    draws = range(*snakemake.params.draws)
    settings = ExhaustiveSettings.model_validate(snakemake.params.settings)
    found = spin_glass_critical_points.run(settings, p=p, size=size, draws=draws, seed=snakemake.params.seed)
    decisive = {**snakemake.params.settings, "p": p, "size": size, "draws": list(snakemake.params.draws)}
    origin = provenance.here(decisive, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(found.points, snakemake.output.points, origin)
    tables.write(found.search, snakemake.output.search, origin)
