"""Exact Newton and its remedies from common random starts: runs, tables, statistics, figures."""


rule newton_runs:
    """Run a group of optimisers from one block of starts of a condition, or of several."""
    output:
        runs="results/newton/parts/{batch}/{group}.{block}.runs.parquet",
        trajectories="results/newton/parts/{batch}/{group}.{block}.trajectories.parquet",
    log:
        "results/logs/newton/{batch}/{group}.{block}.log",
    benchmark:
        "results/benchmarks/newton/{batch}/{group}.{block}.tsv"
    wildcard_constraints:
        batch="[^/]+",
        group="[a-z_]+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(
            lambda wildcards: 2500 if wildcards.group == "first_order" else 1000
        ),
        runtime=growing(60),
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
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.newton_linear"),
        settings={"nodes": NEWTON.nodes, "linear_sizes": NEWTON.linear_sizes},
        seed=SETTINGS.seed,
    script:
        "../scripts/newton_linear.py"


rule newton_collect:
    """Join the parts of every batch, group and block into one table."""
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
        mem_mb=growing(2000),
        runtime=growing(10),
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
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.newton_summary"),
        settings=config["newton"],
        seed=SETTINGS.seed,
    script:
        "../scripts/newton_summary.py"


rule newton:
    """All that this experiment leaves: four tables and its figures."""
    input:
        tables_of("newton", ["runs", "trajectories", "linear", "summary"]),
        figures_of("newton"),
