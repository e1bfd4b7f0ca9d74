"""The run as a Workflow Run RO-Crate: what was run, with which settings, and every file that came out, with its hash."""


rule run_crate:
    """Link tables, figures and verdicts into one folder that says what they are; each name is a parameter of the workflow."""
    input:
        tables=[
            path
            for part in FIGURES
            for path in getattr(rules, part).input
            if path.endswith(".parquet")
        ],
        figures=[path for part in FIGURES for path in figures_of(part)],
        verdicts=rules.claims.output,
        page=rules.report_page.output,
    output:
        "results/run-crate/ro-crate-metadata.json",
    log:
        "results/logs/run_crate.log",
    benchmark:
        "results/benchmarks/run_crate.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        code=digest_of("stationary.report.crate"),
        settings=SETTINGS.model_dump(mode="json"),
    script:
        "../scripts/crate.py"
