"""Exact Newton and its remedies from common random starts: runs, tables, statistics, figures."""

from stationary.config.newton import TENSORFLOW_METHODS

NEWTON_FIGURES = {
    "final_losses": ["runs"],
    "end_points": ["runs"],
    "trajectories": ["runs", "trajectories"],
    "mechanism": ["runs", "trajectories"],
    "robustness": ["runs"],
    "spectra": ["runs"],
    "pinn": ["runs", "trajectories"],
}


rule newton_runs:
    """Run one optimiser, or all of a sweep condition's, from one block of the starts."""
    output:
        runs="results/newton/parts/{condition}/{method}.{block}.runs.parquet",
        trajectories="results/newton/parts/{condition}/{method}.{block}.trajectories.parquet",
    log:
        "results/logs/newton/{condition}/{method}.{block}.log",
    benchmark:
        "results/benchmarks/newton/{condition}/{method}.{block}.tsv"
    wildcard_constraints:
        condition="[^/]+",
        method="[a-z0-9_-]+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=lambda wildcards: (
            2500 if wildcards.method in TENSORFLOW_METHODS else 1000
        ),
        runtime=60,
    params:
        code=digest_of("stationary.experiments.newton"),
        settings=newton_settings,
        block_size=NEWTON.block,
    script:
        "../scripts/newton_runs.py"


rule newton_linear:
    """Take one Newton step on linear discretizations, where it must be exact."""
    output:
        "results/newton/linear.parquet",
    log:
        "results/logs/newton/linear.log",
    benchmark:
        "results/benchmarks/newton/linear.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=digest_of("stationary.experiments.newton_linear"),
        settings={"nodes": NEWTON.nodes, "linear_sizes": NEWTON.linear_sizes},
        seed=SETTINGS.seed,
    script:
        "../scripts/newton_linear.py"


rule newton_collect:
    """Join the parts of every condition, method and block into one table."""
    input:
        lambda wildcards: newton_parts(wildcards.table),
    output:
        "results/newton/{table}.parquet",
    log:
        "results/logs/newton/collect_{table}.log",
    benchmark:
        "results/benchmarks/newton/collect_{table}.tsv"
    wildcard_constraints:
        table="runs|trajectories",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=digest_of("stationary.tables"),
        settings=config["newton"],
        seed=SETTINGS.seed,
    script:
        "../scripts/collect.py"


rule newton_summary:
    """Compute the statistics that the claims about Newton name, with their intervals."""
    input:
        runs="results/newton/runs.parquet",
        linear="results/newton/linear.parquet",
    output:
        "results/newton/summary.parquet",
    log:
        "results/logs/newton/summary.log",
    benchmark:
        "results/benchmarks/newton/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=digest_of("stationary.experiments.newton_summary"),
        settings=config["newton"],
        seed=SETTINGS.seed,
    script:
        "../scripts/newton_summary.py"


# One rule per figure: each has a caption and a digest of its own, so that editing one redraws one.
for FIGURE, TABLES in NEWTON_FIGURES.items():

    rule:
        name:
            f"newton_{FIGURE}"
        input:
            **{table: f"{NEWTON_TABLES}/{table}.parquet" for table in TABLES},
        output:
            pdf=f"results/figures/newton_{FIGURE}.pdf",
            png=report(
                f"results/figures/newton_{FIGURE}.png",
                caption=f"../report/newton_{FIGURE}.rst",
                category="Exact Newton",
                labels={"figure": FIGURE.replace("_", " ")},
            ),
        log:
            f"results/logs/newton/figure_{FIGURE}.log",
        benchmark:
            f"results/benchmarks/newton/figure_{FIGURE}.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=digest_of(
                f"stationary.figures.newton_{FIGURE}", "stationary.figures.style"
            ),
            module=f"stationary.figures.newton_{FIGURE}",
        script:
            "../scripts/figure.py"


rule newton:
    """All that this experiment leaves: four tables and its figures."""
    input:
        expand(
            "{folder}/{table}.parquet",
            folder=NEWTON_TABLES,
            table=["runs", "trajectories", "linear", "summary"],
        ),
        expand(
            "results/figures/newton_{figure}.{kind}",
            figure=NEWTON_FIGURES,
            kind=["pdf", "png"],
        ),
