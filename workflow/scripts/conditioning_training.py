"""Train one network several times and measure its steps."""

from stationary import devices, progress, provenance, tables
from stationary.config.conditioning import ConditioningSettings

with progress.job_log(snakemake.log[0]):
    name = snakemake.wildcards.network
    devices.configure(snakemake.threads, tensorflow=name == "convnet")
    from stationary.datasets import images  # after configure: they load the numerical libraries
    from stationary.experiments import conditioning, conditioning_convnet

    settings = ConditioningSettings.model_validate(snakemake.params.settings)
    data = images.load("digits")
    pixels = data.x_train.shape[1]
    networks = {
        "mlp": lambda: conditioning.perceptron(pixels, settings.hidden),
        "convnet": lambda: conditioning_convnet.convnet(pixels, settings.filters),
    }
    table = conditioning.run(networks[name](), data, settings, snakemake.params.seed)
    origin = provenance.here(snakemake.params.settings, seed=snakemake.params.seed, scale=snakemake.config["scale"])
    tables.write(table, snakemake.output[0], origin)
