"""Convexity: random trials, exact Hessians, descents."""


rule convexity_run:
    """Try convexity on random segments and exact Hessians; compute the claims' statistics."""
    output:
        trials="results/convexity/trials.parquet",
        curves="results/convexity/curves.parquet",
        descents="results/convexity/descents.parquet",
        summary="results/convexity/summary.parquet",
    log:
        "results/logs/convexity/run.log",
    benchmark:
        "results/benchmarks/convexity/run.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(120),
    params:
        code=digest_of("stationary.experiments.convexity"),
        settings=config["convexity"],
        seed=SETTINGS.seed,
    script:
        "../scripts/convexity.py"


rule convexity:
    """All that this experiment leaves: 4 tables and its figures."""
    input:
        tables_of("convexity", ["trials", "curves", "descents", "summary"]),
        figures_of("convexity"),
