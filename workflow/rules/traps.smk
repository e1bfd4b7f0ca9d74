"""Traps on the smallest examples: all tables in one job of seconds, and two figures."""


rule traps_tables:
    """Enumerate minima, descend to them, unroll the cliff, measure minibatch noise."""
    output:
        minima="results/traps/minima.parquet",
        basins="results/traps/basins.parquet",
        cliff="results/traps/cliff.parquet",
        noise="results/traps/noise.parquet",
        summary="results/traps/summary.parquet",
    log:
        "results/logs/traps/tables.log",
    benchmark:
        "results/benchmarks/traps/tables.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        code=digest_of(
            "stationary.experiments.traps",
            "stationary.experiments.traps_cliff",
            "stationary.experiments.traps_noise",
            "stationary.experiments.traps_summary",
        ),
        settings=config["traps"],
        seed=SETTINGS.seed,
    script:
        "../scripts/traps_tables.py"


rule traps:
    """All that this experiment leaves: five tables and its figures."""
    input:
        tables_of("traps", ["minima", "basins", "cliff", "noise", "summary"]),
        figures_of("traps"),
