"""Descents on the spherical p-spin glass: runs, table, statistics, figures. Exhaustive search has its own rules."""


rule spin_glass_descents:
    """Descend from every start of some draws of the couplings."""
    output:
        "results/spin_glass/parts/descents/{size}.{group}.parquet",
    log:
        "results/logs/spin_glass/descents/{size}.{group}.log",
    benchmark:
        "results/benchmarks/spin_glass/descents/{size}.{group}.tsv"
    wildcard_constraints:
        size=r"\d+",
        group=r"\d+",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(
            lambda wildcards: 800 + 8 * int(wildcards.size) ** 3 // 1_000_000
        ),
        runtime=growing(60),
    params:
        code=digest_of("stationary.experiments.spin_glass_descents"),
        settings=descent_settings,
        draws=descent_draws,
        seed=SETTINGS.seed,
    script:
        "../scripts/spin_glass_descents.py"


rule spin_glass_collect:
    """Join the descents of every size and group of draws into one table."""
    input:
        descent_parts,
    output:
        "results/spin_glass/descents.parquet",
    log:
        "results/logs/spin_glass/collect_descents.log",
    benchmark:
        "results/benchmarks/spin_glass/collect_descents.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.tables"),
        settings=config["spin_glass"],
        seed=SETTINGS.seed,
    script:
        "../scripts/collect.py"


rule spin_glass_summary:
    """Compute the statistics that the claims about the spin glass name, with their intervals."""
    input:
        **{
            table: f"results/spin_glass/{table}.parquet"
            for table in ("descents", "critical_points", "search", "complexity")
        },
    output:
        "results/spin_glass/summary.parquet",
    log:
        "results/logs/spin_glass/summary.log",
    benchmark:
        "results/benchmarks/spin_glass/summary.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.experiments.spin_glass_summary"),
        settings=config["spin_glass"],
        seed=SETTINGS.seed,
    script:
        "../scripts/spin_glass_summary.py"


rule spin_glass:
    """All that the glass leaves: five tables and its figures."""
    input:
        tables_of(
            "spin_glass",
            ["descents", "critical_points", "search", "complexity", "summary"],
        ),
        figures_of("spin_glass"),
