"""Judge every claim, and write the verdicts as a table and as a page."""

from pathlib import Path

from stationary import devices, progress, provenance, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.claims import markdown, verdict
    from stationary.claims.ledger import Ledger

    ledger, scale = Ledger.model_validate(snakemake.params.ledger), snakemake.config["scale"]
    summaries = {name: tables.read(path) for name, path in snakemake.input.items()}
    claims = verdict.judge(ledger, summaries, scale)
    origin = provenance.here(snakemake.params.ledger, seed=snakemake.params.seed, scale=scale)
    tables.write(claims, snakemake.output.table, origin)
    Path(snakemake.output.page).write_text(markdown.page(claims), encoding="utf-8")
