"""The tables that are kept in git: written from a run, read where ``source: reference`` draws and judges.

Beside the tables stands the run's fingerprint: the hash of every table and column as they were before thinning, settings,
code, packages, machine and times. ``python -m stationary.report.reference`` writes all of it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import devices, tables
from stationary.errors import CorruptTableError, ReferenceTableError, RunIncompleteError, UserError
from stationary.provenance import Provenance
from stationary.report import jobs, machine
from stationary.report.thinning import THINNED, Thinning

FINGERPRINT = "fingerprint.json"
CLAIMS, JOBS = "claims", "jobs"

_REMEDY = "Restore it: `git checkout -- results/reference`; or compute: set `source: build`."


@dataclass(frozen=True)
class Kept:
    """A table as the fingerprint knows it.

    Attributes:
        rows: before thinning.
        sha256: logical hash of all rows and columns before thinning.
        columns: name to the logical hash of that column before thinning.
        kept: what thinning left, in words.
    """

    rows: int
    sha256: str
    columns: dict[str, str]
    kept: str


@dataclass(frozen=True)
class Fingerprint:
    """What a kept run was.

    Attributes:
        origin: the provenance that the ledger carries: commit, packages, root seed, scale.
        machine: from :func:`stationary.report.machine.describe`.
        seconds: wall time of all jobs, by part of the workflow.
        tables: ``experiment/name`` to the table before thinning.
    """

    origin: dict[str, Any]
    machine: dict[str, Any]
    seconds: dict[str, float]
    tables: dict[str, Kept]


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
        RunIncompleteError: if the ledger is missing, or tables come from several scales or root seeds.
        CorruptTableError: if a table's rows are not those that were written.
    """
    source, target = Path(results), Path(folder)
    judged = ledger(source)
    origin = tables.provenance_of(judged)
    temporary = target.with_name(f".{target.name}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        _store(judged, temporary / f"{CLAIMS}.parquet", origin, "complete")
        measured = jobs.read(source / "benchmarks")
        _store(measured, temporary / f"{JOBS}.parquet", origin, "complete")
        kept = {name: _keep(source, temporary, name, origin) for name in names(source)}
        fingerprint = Fingerprint(origin, machine.describe(), _seconds(measured), kept)
        text = json.dumps(fingerprint, default=vars, indent=1, sort_keys=True) + "\n"
        (temporary / FINGERPRINT).write_text(text, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return fingerprint


def ledger(results: str | Path) -> pa.Table:
    """The verdicts of a run.

    Raises:
        RunIncompleteError: if there are none.
    """
    path = Path(results) / f"{CLAIMS}.parquet"
    if not path.is_file():
        raise RunIncompleteError(f"{path} is missing: the run is not finished. Run `make results` first.")
    return tables.verify(path)


def fingerprint(folder: str | Path) -> Fingerprint:
    """The fingerprint beside the kept tables.

    Raises:
        ReferenceTableError: if it is missing or is none.
    """
    path = Path(folder) / FINGERPRINT
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        kept = {name: Kept(**one) for name, one in stored.pop("tables").items()}
        return Fingerprint(**stored, tables=kept)
    except (OSError, ValueError, TypeError, KeyError) as error:
        state = "is missing" if isinstance(error, FileNotFoundError) else "is no fingerprint"
        raise ReferenceTableError(f"{path} {state}. {_REMEDY}") from None


def check(paths: Iterable[str | Path]) -> None:
    """See that kept tables are there before anything is drawn from them.

    Raises:
        ReferenceTableError: one line that names the first that is missing and says how many are.
    """
    missing = [str(path) for path in paths if not Path(path).is_file()]
    if missing:
        more = f" ({len(missing) - 1} more, too)" if len(missing) > 1 else ""
        raise ReferenceTableError(f"{missing[0]} is missing{more}. {_REMEDY}")


def read(path: str | Path) -> pa.Table:
    """A kept table, its rows checked against the hash that was stored with them.

    Raises:
        ReferenceTableError: if it is missing, cannot be read, or holds other rows than were kept.
    """
    check([path])
    try:
        return tables.verify(path)
    # What pyarrow raises for damaged bytes depends on where they are.
    except (CorruptTableError, OSError, ValueError, pa.ArrowException):
        raise ReferenceTableError(f"{path} is not the table that was kept. {_REMEDY}") from None


@contextmanager
def reading(source: str) -> Iterator[Callable[[str], pa.Table]]:
    """How a job reads its tables: as they are, or checked, with a clear word when a kept one lacks a column.

    Args:
        source: build or reference, as configured.

    Raises:
        ReferenceTableError: see :func:`read`; or the body asks a kept table for a column that it does not have.
    """
    if source == "build":
        yield tables.read
        return
    seen: list[str] = []

    def noted(path: str) -> pa.Table:
        seen.append(path)
        return read(path)

    try:
        yield noted
    except KeyError as error:
        what = " ".join(str(error.args[0] if error.args else error).split())
        raise ReferenceTableError(
            f"{', '.join(seen)} has no column that is asked for ({what}). Keep a newer run: `make results reference`."
        ) from error


def _keep(source: Path, target: Path, name: str, origin: dict[str, object]) -> Kept:
    table = tables.verify(source / f"{name}.parquet")
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
    parser = argparse.ArgumentParser(prog="python -m stationary.report.reference", description=main.__doc__)
    parser.add_argument("results", nargs="?", default="results", help="a finished run")
    parser.add_argument("folder", nargs="?", default="results/reference", help="where the kept tables go")
    chosen = parser.parse_args(arguments)
    devices.configure(1)
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
