"""The tables that are kept in git, as ``source: reference`` reads them: checked, and with a clear word where one is damaged.

:mod:`stationary.report.keep` writes them. This module is read with the workflow, so it imports nothing that takes long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from stationary import tables
from stationary.errors import CorruptTableError, ReferenceTableError, RunIncompleteError

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


def ledger(results: str | Path) -> pa.Table:
    """The verdicts of a run.

    Raises:
        RunIncompleteError: if there are none.
    """
    path = Path(results) / f"{CLAIMS}.parquet"
    if not path.is_file():
        raise RunIncompleteError(f"{path} is missing: the run is not finished. Run `make results` first.")
    return tables.read(path)


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


def check_run(folder: str | Path, *, scale: str, seed: int) -> None:
    """See that what is kept is a run with these settings: verdicts drawn from it must not go under another name.

    Raises:
        ReferenceTableError: if there is no fingerprint, or it is of another scale or root seed.
    """
    known = fingerprint(folder).origin
    for name, value in (("scale", scale), ("seed", seed)):
        if known[name] != value:
            raise ReferenceTableError(
                f"source = reference: {folder} was computed with {name} = {known[name]}, not {value}. Leave out {name}."
            )


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
        return tables.read(path)
    except (CorruptTableError, OSError):
        raise ReferenceTableError(f"{path} is not the table that was kept. {_REMEDY}") from None


@contextmanager
def reading(source: str) -> Iterator[Callable[[str], pa.Table]]:
    """How a job reads its tables: as they are, or checked, with a clear word when a kept one lacks a column.

    Args:
        source: build or reference, as configured.

    Raises:
        ReferenceTableError: see :func:`read`; or the body asks for a column that thinning took from a table that it read.
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
        # A mapping gives the name itself, Arrow and pandas a sentence with the name in quotes.
        words = str(error.args[0]) if error.args else ""
        for path in seen:
            for column in sorted(_thinned(Path(path))):
                if words == column or any(f"{quote}{column}{quote}" in words for quote in "'\""):
                    line = f"{path} was kept without {column}. Keep a newer run: `make results reference`."
                    raise ReferenceTableError(line) from error
        raise


def _thinned(path: Path) -> set[str]:
    """Columns that a kept table had before thinning and has no more; its folder lies beside the fingerprint."""
    before = fingerprint(path.parents[1]).tables.get(f"{path.parent.name}/{path.stem}")
    return set(before.columns) - set(read(path).column_names) if before else set()
