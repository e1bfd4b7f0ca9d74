"""Minima by width: training, curvature at the ends, annealing, teachers, statistics, figures."""

MINIMA_FIGURES = {
    "minima_scaled_losses": {
        "runs": "minima/runs",
        "descents": "spin_glass/descents",
    },
    "minima_test_loss": {"runs": "minima/runs"},
    "minima_variance": {"runs": "minima/runs"},
    "minima_correlation": {"runs": "minima/runs"},
    "minima_bad": {"runs": "minima/runs"},
    "minima_annealing": {"annealing": "minima/annealing"},
    "minima_index": {"spectra": "minima/spectra", "polished": "minima/polished"},
}


rule minima_training:
    """Train some order groups of one ensemble."""
    input:
        MINIMA_DATA,
    output:
        runs="results/minima/parts/{condition}.{block}.runs.parquet",
        points="results/minima/parts/{condition}.{block}.points.parquet",
    log:
        "results/logs/minima/{condition}.{block}.log",
    benchmark:
        "results/benchmarks/minima/{condition}.{block}.tsv"
    wildcard_constraints:
        condition="[^/]+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=240,
    params:
        code=digest_of("stationary.experiments.minima_training"),
        settings=minima_condition,
        block_groups=MINIMA.block_groups,
    script:
        "../scripts/minima_training.py"


rule minima_spectra:
    """Count the curvature's signs where an ensemble's networks ended."""
    input:
        MINIMA_DATA,
        points="results/minima/parts/{condition}.0.points.parquet",
    output:
        "results/minima/parts/{condition}.spectra.parquet",
    log:
        "results/logs/minima/{condition}.spectra.log",
    benchmark:
        "results/benchmarks/minima/{condition}.spectra.tsv"
    wildcard_constraints:
        condition="[^/]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=3500,
        runtime=240,
    params:
        code=digest_of("stationary.experiments.minima_spectra"),
        settings=minima_condition,
    script:
        "../scripts/minima_spectra.py"
