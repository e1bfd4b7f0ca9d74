"""Symmetries of hidden units: orbits, barriers, minima modulo symmetry."""


rule symmetry_run:
    """Train small networks, follow their symmetries; compute the claims' statistics."""
    output:
        minima="results/symmetry/minima.parquet",
        orbits="results/symmetry/orbits.parquet",
        barriers="results/symmetry/barriers.parquet",
        arrangements="results/symmetry/arrangements.parquet",
        tangents="results/symmetry/tangents.parquet",
        summary="results/symmetry/summary.parquet",
    log:
        "results/logs/symmetry/run.log",
    benchmark:
        "results/benchmarks/symmetry/run.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(120),
    params:
        code=digest_of("stationary.experiments.symmetry"),
        settings=config["symmetry"],
        seed=SETTINGS.seed,
    script:
        "../scripts/symmetry.py"


rule symmetry:
    """All that this experiment leaves: 6 tables and its figures."""
    input:
        tables_of(
            "symmetry",
            ["minima", "orbits", "barriers", "arrangements", "tangents", "summary"],
        ),
        figures_of("symmetry"),
