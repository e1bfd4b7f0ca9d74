"""Keep a run: ``python -m stationary.report.keep`` writes results/reference/ from results/.

Beside the tables, thinned, it writes the run's fingerprint: the hash of every table and column as they were before, the
origin of its rows, the machine and the times of its jobs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import storage, tables
from stationary.errors import RunIncompleteError, UserError
from stationary.provenance import Provenance
from stationary.report import jobs, machine
from stationary.report.reference import CLAIMS, FINGERPRINT, JOBS, Fingerprint, Kept, ledger
from stationary.report.thinning import THINNED, Thinning


def names(results: str | Path) -> list[str]:
    """The tables of a run, ``experiment/name``, sorted: those beside a summary. Parts, kept tables and the ledger are not."""
    folder = Path(results)
    beside = [summary.parent for summary in folder.glob("*/summary.parquet")]
    found = [path for experiment in beside for path in experiment.glob("*.parquet")]
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in found)


def write(results: str | Path, folder: str | Path) -> Fingerprint:
    """Keep a run: all of it or nothing.

    Args:
        results: a finished run's folder, e.g. results.
        folder: where the kept tables go, e.g. results/reference; what was there is replaced.

    Raises:
        RunIncompleteError: if the ledger or a summary is missing, or tables come from several scales or root seeds.
        CorruptTableError: if a table's rows are not those that were written.
    """
    source = Path(results)
    judged = ledger(source)
    needed = sorted({path for cell in judged["table"].to_pylist() for path in cell.split(", ") if path})
    if missing := [path for path in needed if not (source / path).is_file()]:
        line = f"{source / missing[0]} is missing: only a whole run of one's own is kept. Run `make results` first."
        raise RunIncompleteError(line)
    origin = tables.provenance_of(judged)
    with storage.whole_folder(folder) as temporary:
        _store(judged, temporary / f"{CLAIMS}.parquet", origin, "complete")
        measured = jobs.read(source / "benchmarks")
        _store(measured, temporary / f"{JOBS}.parquet", origin, "complete")
        kept = {name: _keep(source, temporary, name, origin) for name in names(source)}
        fingerprint = Fingerprint(origin, machine.describe(), _seconds(measured), kept)
        text = json.dumps(fingerprint, default=vars, indent=1, sort_keys=True) + "\n"
        (temporary / FINGERPRINT).write_text(text, encoding="utf-8")
    return fingerprint


def _keep(source: Path, target: Path, name: str, origin: dict[str, object]) -> Kept:
    table = tables.read(source / f"{name}.parquet")
    own = tables.provenance_of(table)
    for key in ("scale", "seed"):
        if own.get(key) != origin.get(key):
            raise RunIncompleteError(
                f"{source / name}.parquet has {key} {own.get(key)}, the ledger {origin.get(key)}. Run `make results` again."
            )
    thinning = THINNED.get(name, Thinning())
    columns = {column: tables.logical_hash(table.select([column])) for column in table.column_names}
    kept = Kept(table.num_rows, tables.logical_hash(table), columns, thinning.words())
    _store(thinning(table), target / f"{name}.parquet", own, kept.kept)
    return kept


def _store(table: pa.Table, path: Path, origin: dict[str, Any], kept: str) -> None:
    tables.write(table, path, Provenance(**origin), notes={"kept": kept})


def _seconds(measured: pa.Table) -> dict[str, float]:
    parts, seconds = (measured.column(name).to_numpy() for name in ("part", "seconds"))
    return {str(part): round(float(np.nansum(seconds[parts == part])), 1) for part in sorted(set(parts))}


def main(arguments: list[str] | None = None) -> int:
    """Keep a run and say what was kept."""
    parser = argparse.ArgumentParser(prog="python -m stationary.report.keep", description=main.__doc__)
    parser.add_argument("results", nargs="?", default="results", help="a finished run")
    parser.add_argument("folder", nargs="?", default="results/reference", help="where the kept tables go")
    chosen = parser.parse_args(arguments)
    try:
        kept = write(chosen.results, chosen.folder)
    except UserError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in Path(chosen.folder).rglob("*") if path.is_file())
    print(f"{chosen.folder}: {len(kept.tables)} tables of commit {kept.origin['commit'][:12]}, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
