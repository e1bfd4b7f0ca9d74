"""Judge every claim, and write the verdicts as a table and as a page."""

from pathlib import Path

from stationary import devices, progress, provenance, storage, tables

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.claims import changes, ledger, markdown, verdict
    from stationary.report import reference

    rules, scale = ledger.load(*snakemake.params.files), snakemake.params.scale
    with reference.reading(snakemake.config.get("source", "build")) as read:
        summaries = {name: read(path) for name, path in snakemake.input.items()}
        claims = verdict.judge(rules, summaries, scale)
    origin = provenance.here({"rules": snakemake.params.rules}, seed=snakemake.params.seed, scale=scale)
    tables.write(claims, snakemake.output.table, origin)
    kept = Path(snakemake.scriptdir, "../../results/reference/claims.parquet")
    changed = changes.of_rules(claims, reference=tables.read(kept) if kept.is_file() else None)
    with storage.whole(snakemake.output.page) as page:
        source = ledger.named(snakemake.params.files[0])
        text = markdown.page(claims, changed, rules.families, notes=rules.notes(), source=source)
        page.write_text(text, encoding="utf-8")
