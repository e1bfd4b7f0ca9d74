"""Write the run crate."""

from pathlib import Path

from stationary import devices, progress, provenance

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.report import crate

    settings = snakemake.params.settings
    origin = provenance.here(settings, seed=settings["seed"], scale=settings["scale"])
    # Of a run that draws from kept tables only the drawing and judging is its own.
    own = "figures" if settings["source"] == "reference" else "."
    files = {name: [str(path) for path in paths] for name, paths in snakemake.input.items()}
    sources = Path(snakemake.scriptdir).resolve().parents[1]
    run = crate.Run(sources, settings, origin, files, Path("results/benchmarks", own))
    crate.write(run, Path(snakemake.output[0]).parent)
