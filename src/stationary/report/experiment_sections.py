"""What the page says of an experiment: its tables, how its runs ended, what its jobs cost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from stationary import tables
from stationary.report.contents import Contents, Experiment
from stationary.termination import Termination

_END = "termination"


@dataclass(frozen=True)
class StoredTable:
    """A table in numbers.

    Attributes:
        path: the file.
        rows: how many.
        commit: of the code that wrote it.
        ends: termination code to number of rows; empty if the table has no such column.
    """

    path: Path
    rows: int
    commit: str
    ends: dict[str, int]


@dataclass(frozen=True)
class Cost:
    """Of an experiment's jobs, in seconds and megabytes."""

    jobs: int
    total: float
    longest: float
    longest_job: str
    memory: float


@dataclass(frozen=True)
class Ending:
    """A termination code, what it means, and its count in each table that has one."""

    code: str
    meaning: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ExperimentSection:
    """An experiment as the page shows it.

    Attributes:
        experiment: name, title, captions.
        settings: its section of the configuration as YAML.
        tables: in the order of their names, the summary last.
        ending_tables: names of the tables whose rows end with a code.
        endings: the codes that occur.
        cost: of its jobs, if they were measured.
    """

    experiment: Experiment
    settings: str
    tables: tuple[StoredTable, ...]
    ending_tables: tuple[str, ...]
    endings: tuple[Ending, ...]
    cost: Cost | None


def section(experiment: Experiment, contents: Contents, jobs: pa.Table) -> ExperimentSection:
    """Count one experiment's rows, ends and seconds.

    Args:
        experiment: which.
        contents: its tables are among these.
        jobs: of the schema ``JOBS``.
    """
    own = sorted((path for path in contents.tables if path.parent.name == experiment.name), key=_summary_last)
    found = tuple(_stored(path) for path in own)
    ending = [table for table in found if table.ends]
    return ExperimentSection(
        experiment,
        _as_yaml(experiment.settings),
        found,
        tuple(table.path.stem for table in ending),
        tuple(_endings(ending)),
        _cost(jobs, experiment.name),
    )


def _as_yaml(settings: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(settings), sort_keys=False, default_flow_style=None, width=100) if settings else ""


def _summary_last(path: Path) -> tuple[bool, str]:
    return path.stem == "summary", path.stem


def _stored(path: Path) -> StoredTable:
    table = tables.read(path)
    ends = Counter(table[_END].to_pylist()) if _END in table.column_names else {}
    return StoredTable(path, table.num_rows, str(tables.provenance_of(table).get("commit", "unknown")), dict(ends))


def _endings(found: Sequence[StoredTable]) -> list[Ending]:
    occurring = {code for table in found for code in table.ends}
    codes = [str(code) for code in Termination if code in occurring]
    codes += sorted(occurring - set(codes))
    return [Ending(code, _meaning(code), tuple(table.ends.get(code, 0) for table in found)) for code in codes]


def _meaning(code: str) -> str:
    return Termination(code).meaning if code in list(Termination) else ""


def _cost(jobs: pa.Table, part: str) -> Cost | None:
    own = [job for job in jobs.to_pylist() if job["part"] == part and not math.isnan(job["seconds"])]
    if not own:
        return None
    slowest = max(own, key=lambda job: job["seconds"])
    memory = max((job["max_rss"] for job in own if not math.isnan(job["max_rss"])), default=math.nan)
    return Cost(len(own), sum(job["seconds"] for job in own), slowest["seconds"], slowest["job"], memory)
