"""Saddle counts: starts, searches for critical points, ground truth, statistics."""


rule saddle_starts:
    """Take the starts of one problem along descents."""
    input:
        SADDLE_DATA,
    output:
        "results/saddles/parts/{problem}/starts.parquet",
    log:
        "results/logs/saddles/{problem}/starts.log",
    benchmark:
        "results/benchmarks/saddles/{problem}/starts.tsv"
    wildcard_constraints:
        problem="[^/]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.saddle_starts"),
        settings=saddle_problem,
    script:
        "../scripts/saddle_starts.py"


rule saddle_search:
    """Search for critical points from one block of starts with one finder."""
    input:
        SADDLE_DATA,
        starts="results/saddles/parts/{problem}/starts.parquet",
    output:
        runs="results/saddles/parts/{problem}/{finder}.{block}.runs.parquet",
        trajectories="results/saddles/parts/{problem}/{finder}.{block}.trajectories.parquet",
    log:
        "results/logs/saddles/{problem}/{finder}.{block}.log",
    benchmark:
        "results/benchmarks/saddles/{problem}/{finder}.{block}.tsv"
    wildcard_constraints:
        problem="[^/]+",
        finder="[a-z_]+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.saddle_search"),
        problem=saddle_problem,
        settings=saddle_finder_settings,
        block=SADDLES.block,
    script:
        "../scripts/saddle_search.py"


rule saddle_analytic:
    """Write every critical point of the linear autoencoder from the closed form."""
    output:
        "results/saddles/analytic.parquet",
    log:
        "results/logs/saddles/analytic.log",
    benchmark:
        "results/benchmarks/saddles/analytic.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.saddle_closed_form"),
        settings=SADDLE_PROBLEMS["linear_autoencoder"].model_dump(mode="json"),
    script:
        "../scripts/saddle_analytic.py"


rule saddle_collect_runs:
    """Join all runs and tell distinct critical points apart."""
    input:
        saddle_parts("runs"),
    output:
        "results/saddles/runs.parquet",
    log:
        "results/logs/saddles/collect_runs.log",
    benchmark:
        "results/benchmarks/saddles/collect_runs.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.saddle_runs"),
        settings=config["saddles"],
        seed=SETTINGS.seed,
    script:
        "../scripts/saddle_collect_runs.py"


for TABLE, PARTS in {
    "trajectories": saddle_parts("trajectories"),
    "starts": [
        f"results/saddles/parts/{name}/starts.parquet" for name in SADDLE_PROBLEMS
    ],
}.items():

    rule:
        name:
            f"saddle_collect_{TABLE}"
        input:
            PARTS,
        output:
            f"results/saddles/{TABLE}.parquet",
        log:
            f"results/logs/saddles/collect_{TABLE}.log",
        benchmark:
            f"results/benchmarks/saddles/collect_{TABLE}.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        resources:
            mem_mb=growing(2000),
            runtime=growing(10),
        params:
            code=digest_of("stationary.tables"),
            settings=config["saddles"],
            seed=SETTINGS.seed,
        script:
            "../scripts/collect.py"


rule saddle_summary:
    """Compute the statistics that the claims about saddles name, with their intervals."""
    input:
        **{
            table: f"results/saddles/{table}.parquet"
            for table in ("runs", "analytic", "optimisers")
        },
    output:
        "results/saddles/summary.parquet",
    log:
        "results/logs/saddles/summary.log",
    benchmark:
        "results/benchmarks/saddles/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(30),
    params:
        code=digest_of(
            "stationary.experiments.saddle_summary",
            "stationary.experiments.saddle_optimisers_summary",
        ),
        settings=config["saddles"],
        seed=SETTINGS.seed,
    script:
        "../scripts/saddle_summary.py"


rule saddles:
    """All that this experiment leaves: seven tables and its figures."""
    input:
        tables_of(
            "saddles",
            [
                "starts",
                "runs",
                "trajectories",
                "analytic",
                "optimisers",
                "toys",
                "summary",
            ],
        ),
        figures_of("saddles"),
