"""Put every verdict with its evidence on one page that opens from a file."""

from pathlib import Path

from stationary import devices, progress

with progress.job_log(snakemake.log[0]):
    devices.configure(snakemake.threads)
    from stationary.report import contents, page

    here, config = Path(snakemake.output[0]), Path(snakemake.scriptdir, "../../config").resolve()
    ledgers = [(config / "claims.yaml", config / "ledger.yaml"), *snakemake.params.ledgers]
    evidence = contents.Contents(
        judged=contents.judged(snakemake.input.claims, ledgers),
        experiments=tuple(snakemake.params.experiments),
        tables=tuple(map(Path, snakemake.input.tables)),
        figures=tuple(map(Path, snakemake.input.figures)),
        benchmarks=here.parents[1] / "benchmarks",
        rules=snakemake.params.rules,
        run=snakemake.params.run,
        kept=snakemake.params.kept and Path(snakemake.params.kept),
        reference=next(map(Path, snakemake.input.reference), None),
    )
    page.write(evidence, here)
