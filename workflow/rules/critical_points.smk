"""Every critical point of small spin glasses, the theory that it is held against, and two figures."""


rule critical_points_search:
    """Find all critical points of one block of draws."""
    output:
        points="results/spin_glass/parts/p{p}-n{size}.{block}.critical_points.parquet",
        search="results/spin_glass/parts/p{p}-n{size}.{block}.search.parquet",
    log:
        "results/logs/spin_glass/p{p}-n{size}.{block}.log",
    benchmark:
        "results/benchmarks/spin_glass/p{p}-n{size}.{block}.tsv"
    wildcard_constraints:
        p=r"\d+",
        size=r"\d+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.spin_glass_critical_points"),
        settings={"newton_draws": CRITICAL_POINTS.newton_draws},
        draws=lambda wildcards: CRITICAL_POINTS_DRAWS[
            "p{p}-n{size}.{block}".format(**wildcards)
        ],
        seed=SETTINGS.seed,
    script:
        "../scripts/critical_points_search.py"


rule critical_points_collect:
    """Join the parts of every p, size and block into one table."""
    input:
        expand(
            "results/spin_glass/parts/{part}.{{table}}.parquet",
            part=CRITICAL_POINTS_DRAWS,
        ),
    output:
        "results/spin_glass/{table}.parquet",
    log:
        "results/logs/spin_glass/collect_{table}.log",
    benchmark:
        "results/benchmarks/spin_glass/collect_{table}.tsv"
    wildcard_constraints:
        table="critical_points|search",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.tables"),
        settings=CRITICAL_POINTS.model_dump(mode="json"),
        seed=SETTINGS.seed,
    script:
        "../scripts/collect.py"


rule complexity:
    """Write theory curves, thresholds and exact mean counts."""
    output:
        "results/spin_glass/complexity.parquet",
    log:
        "results/logs/spin_glass/complexity.log",
    benchmark:
        "results/benchmarks/spin_glass/complexity.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.spin_glass_complexity"),
        settings=CRITICAL_POINTS.model_dump(mode="json", include={"spins", "sizes"}),
        seed=SETTINGS.seed,
    script:
        "../scripts/complexity.py"
