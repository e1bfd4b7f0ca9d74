"""Enumerate minima, descend to them, unroll the cliff, measure minibatch noise."""

from stationary import devices, progress, provenance, tables
from stationary.config.traps import TrapSettings

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import traps, traps_cliff, traps_noise, traps_summary

    settings, seed = TrapSettings.model_validate(snakemake.params.settings), snakemake.params.seed
    minima = traps.minima(settings.random_sets, seed)
    basins = traps.basins(minima, settings.starts, settings.descent_steps)
    made = {
        "minima": minima,
        "basins": basins,
        "cliff": traps_cliff.run(settings.cliff_steps),
        "noise": traps_noise.run(images.load("digits", side=4), settings.noise_epochs, settings.noise_batches, seed),
        "summary": traps_summary.summarise(minima, basins),
    }
    origin = provenance.here(snakemake.params.settings, seed=seed, scale=snakemake.config["scale"])
    for name, table in made.items():
        tables.write(table, snakemake.output[name], origin)
