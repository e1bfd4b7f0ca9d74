"""Conditioning: training runs measured step by step, statistics, a figure."""


rule conditioning_training:
    """Train one network several times and measure its steps."""
    output:
        "results/conditioning/parts/{network}.training.parquet",
    log:
        "results/logs/conditioning/{network}.log",
    benchmark:
        "results/benchmarks/conditioning/{network}.tsv"
    wildcard_constraints:
        network="mlp|convnet",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(
            lambda wildcards: 2500 if wildcards.network == "convnet" else 1000
        ),
        runtime=growing(120),
    params:
        code=digest_of(
            "stationary.experiments.conditioning",
            "stationary.experiments.conditioning_convnet",
        ),
        settings=config["conditioning"],
        seed=SETTINGS.seed,
    script:
        "../scripts/conditioning_training.py"


rule conditioning_collect:
    """Join both networks."""
    input:
        expand(
            "results/conditioning/parts/{network}.training.parquet",
            network=["mlp", "convnet"],
        ),
    output:
        "results/conditioning/training.parquet",
    log:
        "results/logs/conditioning/collect_training.log",
    benchmark:
        "results/benchmarks/conditioning/collect_training.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.tables"),
        settings=config["conditioning"],
        seed=SETTINGS.seed,
    script:
        "../scripts/collect.py"


rule conditioning_summary:
    """Compute the statistics that the claims about conditioning name, with their intervals."""
    input:
        training="results/conditioning/training.parquet",
        trajectories="results/newton/trajectories.parquet",
        optimisers="results/saddles/optimisers.parquet",
        minima="results/minima/runs.parquet",
        annealing="results/minima/annealing.parquet",
        fits="results/optimizers/fits.parquet",
        digits="results/optimizers/digits.parquet",
    output:
        "results/conditioning/summary.parquet",
    log:
        "results/logs/conditioning/summary.log",
    benchmark:
        "results/benchmarks/conditioning/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.conditioning_summary"),
        settings=config["conditioning"],
        seed=SETTINGS.seed,
    script:
        "../scripts/conditioning_summary.py"


rule conditioning:
    """All that this experiment leaves: two tables and its figure."""
    input:
        tables_of("conditioning", ["training", "summary"]),
        figures_of("conditioning"),
