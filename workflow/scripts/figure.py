"""Draw one figure from tables; the module that draws it is a parameter."""

from importlib import import_module

from stationary import devices, progress
from stationary.figures import style
from stationary.report import reference

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    module = import_module(snakemake.params.module)
    with reference.reading(snakemake.config.get("source", "build")) as read:
        figure = module.draw({name: read(path) for name, path in snakemake.input.items()})
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
