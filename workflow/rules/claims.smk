"""The ledger: a verdict on every claim, from the summaries alone."""

import hashlib
from pathlib import Path

from stationary.claims import ledger

# Names are checked while the workflow is read: a wrong one ends a dry run, too.
LEDGER_FILES = [
    workflow.source_path("../../config/claims.yaml"),
    workflow.source_path("../../config/ledger.yaml"),
]
try:
    LEDGER = ledger.load(*LEDGER_FILES)
    ledger.check_figures(
        LEDGER, {figure for modules in FIGURES.values() for figure in modules}
    )
except UserError as refusal:
    sys.exit(str(refusal))

# Verdicts that were kept tell whether a rule has changed since.
KEPT_CLAIMS = Path(workflow.current_basedir, "../../results/reference/claims.parquet")


rule claims:
    """Judge all claims; an edited rule judges again and computes nothing else."""
    input:
        **{name: f"{TABLES}/{name}/summary.parquet" for name in ledger.KEYS},
    output:
        table="results/claims.parquet",
        page=report(
            "results/claims.md",
            category="Claims",
            caption="../report/claims.rst",
            labels={"table": "verdicts"},
        ),
    log:
        "results/logs/claims.log",
    benchmark:
        "results/benchmarks/claims.tsv"
    # A second's work on small tables: not worth a place in a cluster's queue.
    localrule: True
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        code=digest_of(
            "stationary.claims.verdict",
            "stationary.claims.markdown",
            "stationary.claims.changes",
        ),
        # A hash, for Snakemake prints what has changed; the script reads the files.
        rules=LEDGER.digest(),
        # What a function of the input gives is no reason to judge again: these files' place differs from run to run.
        files=lambda wildcards, input: LEDGER_FILES,
        scale=SETTINGS.scale,
        kept=hashlib.sha256(
            KEPT_CLAIMS.read_bytes() if KEPT_CLAIMS.exists() else b""
        ).hexdigest(),
        seed=SETTINGS.seed,
    script:
        "../scripts/claims.py"
