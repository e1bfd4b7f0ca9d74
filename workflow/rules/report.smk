"""The page that a reader opens: every verdict with its evidence."""

from stationary.report import assets, rule_index


rule report_page:
    """Put every verdict with its evidence on one page that opens from a file."""
    input:
        claims=["results/claims.parquet"],
        tables=page_inputs(".parquet"),
        figures=page_inputs(".png"),
        reference=[str(KEPT_CLAIMS.resolve())] if KEPT_CLAIMS.exists() else [],
    output:
        "results/report/index.html",
    log:
        "results/logs/report_page.log",
    benchmark:
        "results/benchmarks/report_page.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=digest_of("stationary.report.page"),
        templates=assets.digest(),
        judged_by=LEDGER.digest(),
        # Another workflow adds chapters, and the files of its ledger in the order of its claims among the inputs.
        experiments=[page_chapter(experiment) for experiment in CATEGORIES],
        ledgers=[],
        # Kept tables come with what their run cost, and where.
        kept=TABLES if SETTINGS.source == "reference" else None,
        # When the page is made all rules are known, another workflow's too.
        rules=lambda wildcards: rule_index.collect(workflow.rules),
        run={
            "scale": SETTINGS.scale,
            "source": SETTINGS.source,
            "root seed": str(SETTINGS.seed),
            "settings": hashlib.sha256(
                SETTINGS.model_dump_json().encode()
            ).hexdigest(),
        },
    script:
        "../scripts/report_page.py"
