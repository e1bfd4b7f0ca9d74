"""Minima by width: training, curvature at the ends, annealing, teachers, statistics."""


rule minima_training:
    """Train some order groups of one ensemble."""
    input:
        MINIMA_DATA,
    output:
        runs="results/minima/parts/{condition}/{block}.runs.parquet",
        points="results/minima/parts/{condition}/{block}.points.parquet",
    log:
        "results/logs/minima/{condition}/{block}.log",
    benchmark:
        "results/benchmarks/minima/{condition}/{block}.tsv"
    wildcard_constraints:
        condition="[^/]+",
        block=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(3000),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.minima_training"),
        settings=minima_condition,
        groups=lambda wildcards: groups_per_block(
            MINIMA_CONDITIONS[wildcards.condition]
        ),
        # Half of what a first attempt asks for: a retry with more memory must not stack more networks, and so change rows.
        stack_mb=1500,
    script:
        "../scripts/minima_training.py"


rule minima_spectra:
    """Count the signs of the curvature where an ensemble's networks ended."""
    input:
        MINIMA_DATA,
        points=minima_points,
    output:
        "results/minima/parts/{condition}/spectra.parquet",
    log:
        "results/logs/minima/{condition}/spectra.log",
    benchmark:
        "results/benchmarks/minima/{condition}/spectra.tsv"
    wildcard_constraints:
        condition="[^/]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(3500),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.minima_spectra"),
        settings=minima_condition,
    script:
        "../scripts/minima_spectra.py"


rule minima_polish:
    """Polish the smooth twin's networks to critical points."""
    input:
        MINIMA_DATA,
        points=minima_points,
    output:
        "results/minima/parts/{condition}/polished.parquet",
    log:
        "results/logs/minima/{condition}/polished.log",
    benchmark:
        "results/benchmarks/minima/{condition}/polished.tsv"
    wildcard_constraints:
        condition="[^/]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.minima_polish"),
        settings=minima_condition,
    script:
        "../scripts/minima_polish.py"


rule minima_annealing:
    """Anneal and descend from the same starts at one width, at equal cost."""
    input:
        MINIMA_DATA,
    output:
        "results/minima/parts/{condition}/annealing.parquet",
    log:
        "results/logs/minima/{condition}/annealing.log",
    benchmark:
        "results/benchmarks/minima/{condition}/annealing.tsv"
    wildcard_constraints:
        condition="[^/]+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.minima_annealing"),
        settings=lambda wildcards: MINIMA_ANNEALING[wildcards.condition].model_dump(
            mode="json"
        ),
        stack_mb=1250,
    script:
        "../scripts/minima_annealing.py"


rule minima_teacher:
    """Train students of small teachers, whose loss can be zero."""
    output:
        "results/minima/teacher.parquet",
    log:
        "results/logs/minima/teacher.log",
    benchmark:
        "results/benchmarks/minima/teacher.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(600),
    params:
        code=digest_of("stationary.experiments.minima_teacher"),
        settings=[
            condition.model_dump(mode="json") for condition in MINIMA_TEACHERS.values()
        ],
    script:
        "../scripts/minima_teacher.py"


for TABLE, PARTS in {
    "runs": minima_parts("runs"),
    "points": minima_parts("points"),
    "spectra": minima_curvature("spectra"),
    "polished": minima_curvature("polished"),
    "annealing": [
        f"results/minima/parts/{name}/annealing.parquet" for name in MINIMA_ANNEALING
    ],
}.items():

    rule:
        name:
            f"minima_collect_{TABLE}"
        input:
            PARTS,
        output:
            f"results/minima/{TABLE}.parquet",
        log:
            f"results/logs/minima/collect_{TABLE}.log",
        benchmark:
            f"results/benchmarks/minima/collect_{TABLE}.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        resources:
            mem_mb=growing(2000),
            runtime=growing(10),
        params:
            code=digest_of("stationary.tables"),
            settings=config["minima"],
            seed=SETTINGS.seed,
        script:
            "../scripts/collect.py"


rule minima_summary:
    """Compute the statistics that the claims about width name, with their intervals."""
    input:
        **{
            table: f"results/minima/{table}.parquet"
            for table in ("runs", "spectra", "polished", "annealing", "teacher")
        },
    output:
        "results/minima/summary.parquet",
    log:
        "results/logs/minima/summary.log",
    benchmark:
        "results/benchmarks/minima/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        code=digest_of("stationary.experiments.minima_summary"),
        settings=config["minima"],
        seed=SETTINGS.seed,
    script:
        "../scripts/minima_summary.py"


rule minima:
    """All that this experiment leaves: seven tables and its figures."""
    input:
        tables_of(
            "minima",
            [
                "runs",
                "points",
                "spectra",
                "polished",
                "annealing",
                "teacher",
                "summary",
            ],
        ),
        figures_of("minima"),
