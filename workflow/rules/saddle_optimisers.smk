"""Optimisers near saddles: networks by hidden size, and functions of two variables."""


rule saddle_optimisers:
    """Run every optimiser from common starts at one hidden size."""
    input:
        SADDLE_DATA,
    output:
        "results/saddles/parts/optimisers/{hidden}.parquet",
    log:
        "results/logs/saddles/optimisers.{hidden}.log",
    benchmark:
        "results/benchmarks/saddles/optimisers.{hidden}.tsv"
    wildcard_constraints:
        hidden=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(240),
    params:
        code=digest_of("stationary.experiments.saddle_optimisers"),
        settings=optimiser_problem,
        epochs=SADDLES.optimisers.epochs,
    script:
        "../scripts/saddle_optimisers.py"


rule saddle_collect_optimisers:
    """Join the hidden sizes."""
    input:
        expand(
            "results/saddles/parts/optimisers/{hidden}.parquet",
            hidden=SADDLES.optimisers.hidden,
        ),
    output:
        "results/saddles/optimisers.parquet",
    log:
        "results/logs/saddles/collect_optimisers.log",
    benchmark:
        "results/benchmarks/saddles/collect_optimisers.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.tables"),
        settings=config["saddles"],
        seed=SETTINGS.seed,
    script:
        "../scripts/collect.py"


rule saddle_toys:
    """Follow optimisers and finders on functions of two variables."""
    output:
        "results/saddles/toys.parquet",
    log:
        "results/logs/saddles/toys.log",
    benchmark:
        "results/benchmarks/saddles/toys.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.saddle_toys"),
        seed=SETTINGS.seed,
    script:
        "../scripts/saddle_toys.py"
