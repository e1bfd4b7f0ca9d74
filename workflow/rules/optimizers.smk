"""Ten optimisers on polynomials whose critical points are known, on fits and on digits; error by width."""


rule optimizers_runs:
    """Run all optimisers on polynomials."""
    output:
        runs="results/optimizers/runs.parquet",
        basins="results/optimizers/basins.parquet",
        critical_points="results/optimizers/critical_points.parquet",
    log:
        "results/logs/optimizers/runs.log",
    benchmark:
        "results/benchmarks/optimizers/runs.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.optimizers"),
        settings=OPTIMIZERS.model_dump(
            mode="json", include={"starts", "rate_starts", "budget", "grid"}
        ),
        seed=SETTINGS.seed,
    script:
        "../scripts/optimizers_runs.py"


rule optimizers_fits:
    """Run the optimisers that the Newton experiment leaves out on its fits."""
    output:
        "results/optimizers/fits.parquet",
    log:
        "results/logs/optimizers/fits.log",
    benchmark:
        "results/benchmarks/optimizers/fits.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.optimizers_fits"),
        settings=OPTIMIZERS.model_dump(
            mode="json", include={"fit_starts", "fit_rate_starts"}
        ),
        conditions=OPTIMIZER_FITS,
        seed=SETTINGS.seed,
    script:
        "../scripts/optimizers_fits.py"


rule optimizers_digits:
    """Run all optimisers on a small classifier of digits."""
    output:
        "results/optimizers/digits.parquet",
    log:
        "results/logs/optimizers/digits.log",
    benchmark:
        "results/benchmarks/optimizers/digits.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.optimizers_digits"),
        settings=OPTIMIZERS.digits.model_dump(mode="json"),
        seed=SETTINGS.seed,
    script:
        "../scripts/optimizers_digits.py"


rule optimizers_widths:
    """Fit every smooth target by networks of increasing width."""
    output:
        "results/optimizers/widths.parquet",
    log:
        "results/logs/optimizers/widths.log",
    benchmark:
        "results/benchmarks/optimizers/widths.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.optimizers_widths"),
        settings=OPTIMIZERS.model_dump(
            mode="json",
            include={"widths", "width_starts", "width_iterations", "random_targets"},
        ),
        nodes=NEWTON.nodes,
        band_limit=NEWTON.band_limit,
        seed=SETTINGS.seed,
    script:
        "../scripts/optimizers_widths.py"


rule optimizers_summary:
    """Compute the statistics that the claims about optimisers and widths name, with their intervals."""
    input:
        runs="results/optimizers/runs.parquet",
        critical_points="results/optimizers/critical_points.parquet",
        fits="results/optimizers/fits.parquet",
        digits="results/optimizers/digits.parquet",
        widths="results/optimizers/widths.parquet",
        newton="results/newton/runs.parquet",
        minima="results/minima/runs.parquet",
    output:
        "results/optimizers/summary.parquet",
    log:
        "results/logs/optimizers/summary.log",
    benchmark:
        "results/benchmarks/optimizers/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.optimizers_summary"),
        settings=config["optimizers"],
        seed=SETTINGS.seed,
    script:
        "../scripts/optimizers_summary.py"


rule optimizers:
    """All tables and figures of the experiment on optimisers."""
    input:
        tables_of(
            "optimizers",
            (
                "runs",
                "basins",
                "critical_points",
                "fits",
                "digits",
                "widths",
                "summary",
            ),
        ),
        figures_of("optimizers"),
