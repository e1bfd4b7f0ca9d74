"""Every critical point of small spin glasses, the theory that it is held against, and two figures."""

CRITICAL_POINTS = SETTINGS.spin_glass.exhaustive
# With `source: reference` the tables are read where they are kept, and no rule below has to make them.
CRITICAL_POINTS_TABLES = (
    "results/reference/spin_glass"
    if SETTINGS.source == "reference"
    else "results/spin_glass"
)
CRITICAL_POINTS_FIGURES = {
    "complexity": ["complexity"],
    "counts": ["critical_points", "search", "complexity"],
}
# Every job of the search: p by p, size by size, block of draws by block.
CRITICAL_POINTS_DRAWS = {
    f"p{p}-n{size}.{block}": [draws.start, draws.stop]
    for p, size in CRITICAL_POINTS.cells()
    for block, draws in enumerate(CRITICAL_POINTS.blocks(p, size))
}


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
        mem_mb=1000,
        runtime=60,
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
        mem_mb=2000,
        runtime=10,
    params:
        code=digest_of("stationary.tables"),
        settings=CRITICAL_POINTS.model_dump(mode="json"),
        seed=SETTINGS.seed,
    script:
        "../scripts/newton_collect.py"


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
        mem_mb=1000,
        runtime=10,
    params:
        code=digest_of("stationary.experiments.spin_glass_complexity"),
        settings={"exhaustive": CRITICAL_POINTS.model_dump(mode="json")},
        seed=SETTINGS.seed,
    script:
        "../scripts/complexity.py"


# One rule per figure: each has a caption and a digest of its own, so that editing one redraws one.
for FIGURE, TABLES in CRITICAL_POINTS_FIGURES.items():

    rule:
        name:
            f"critical_points_figure_{FIGURE}"
        input:
            **{table: f"{CRITICAL_POINTS_TABLES}/{table}.parquet" for table in TABLES},
        output:
            pdf=f"results/figures/spin_glass_{FIGURE}.pdf",
            png=report(
                f"results/figures/spin_glass_{FIGURE}.png",
                caption=f"../report/spin_glass_{FIGURE}.rst",
                category="Spin glass",
                labels={"figure": FIGURE.replace("_", " ")},
            ),
        log:
            f"results/logs/spin_glass/figure_{FIGURE}.log",
        benchmark:
            f"results/benchmarks/spin_glass/figure_{FIGURE}.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=digest_of(
                f"stationary.figures.spin_glass_{FIGURE}", "stationary.figures.style"
            ),
            module=f"stationary.figures.spin_glass_{FIGURE}",
        script:
            "../scripts/figure.py"


rule critical_points:
    """All that the exhaustive search leaves: three tables and two figures."""
    input:
        expand(
            "{folder}/{table}.parquet",
            folder=CRITICAL_POINTS_TABLES,
            table=["critical_points", "search", "complexity"],
        ),
        expand(
            "results/figures/spin_glass_{figure}.{kind}",
            figure=CRITICAL_POINTS_FIGURES,
            kind=["pdf", "png"],
        ),
