"""What each job of a run cost, from the files that Snakemake's ``benchmark:`` leaves."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pyarrow as pa

from stationary import tables
from stationary.tables import Column

JOBS = tables.schema(
    [
        Column("job", pa.string(), "name", "The job's place under results/benchmarks/, without suffix."),
        Column("part", pa.string(), "name", "The part of the workflow that it belongs to: the first folder of its place."),
        Column("seconds", pa.float64(), "s", "Wall time of the job's script, its imports too."),
        Column("cpu_seconds", pa.float64(), "s", "CPU time as sampled by Snakemake; too low for jobs of a few seconds."),
        Column("max_rss", pa.float64(), "MB", "Largest resident memory."),
    ]
)

_MEASURED = {"seconds": "s", "cpu_seconds": "cpu_time", "max_rss": "max_rss"}


def read(folder: str | Path) -> pa.Table:
    """The jobs of a run, in the order of their names.

    Args:
        folder: where the benchmark files are, e.g. results/benchmarks; a missing one holds no jobs.

    Returns:
        a table of the schema ``JOBS``, a row per file; what was not measured is NaN.
    """
    rows = [_row(path, Path(folder)) for path in sorted(Path(folder).rglob("*.tsv"))]
    return tables.from_columns({name: [row[name] for row in rows] for name in JOBS.names}, JOBS)


def _row(path: Path, folder: Path) -> dict[str, object]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    # A kill can leave the file empty or cut short.
    last = rows[-1] if rows else {}
    place = path.relative_to(folder).with_suffix("")
    numbers = {name: _number(last.get(column)) for name, column in _MEASURED.items()}
    return {"job": place.as_posix(), "part": place.parts[0], **numbers}


def _number(text: str | None) -> float:
    # Jobs shorter than Snakemake's sampling have "NA" or "-" there.
    try:
        return float(text or "NA")
    except ValueError:
        return math.nan
