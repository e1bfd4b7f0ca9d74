"""A run as Snakemake logged it: which jobs, when each held a core, what it read and wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_STAMP = re.compile(r"\[(\w{3} \w{3} +\d+ [\d:]{8} \d{4})\]$")
_RULE = re.compile(r"(?:local)?(?:rule|checkpoint) (\S+):$")
_FIELD = re.compile(r" {4}(\w+): (.*)$")
_DATE = re.compile(r" +Date: ([\d-]{10} [\d:]{8})$")
_CORES = re.compile(r"Provided cores: (\d+)")
_FINISHED = re.compile(r"Finished jobid: (\d+)")


@dataclass
class Job:
    """A job: seconds since the epoch at which Snakemake started it and saw its end (NaN until then), and its files."""

    rule: str
    start: float
    end: float = float("nan")
    threads: int = 1
    files: dict[str, list[str]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it held its cores; Snakemake's log has whole seconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Run:
    """A run that has ended: cores, first and last moment (seconds since the epoch), jobs by number."""

    cores: int
    start: float
    end: float
    jobs: Mapping[str, Job]

    @property
    def wall(self) -> float:
        """Seconds from the start of Snakemake to the end of the last job."""
        return self.end - self.start


def read(path: Path) -> Run:
    """The run of one log, e.g. .snakemake/log/2026-01-01T000000.000000.snakemake.log.

    Raises:
        SystemExit: if the log names no core or no job that has ended, as a dry run's does.
    """
    cores, start, now, current = 0, float("nan"), float("nan"), None
    jobs: dict[str, Job] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := _STAMP.match(line):
            now = datetime.strptime(found[1], "%a %b %d %H:%M:%S %Y").timestamp()
        elif found := _DATE.match(line):
            start = datetime.fromisoformat(found[1]).timestamp()
        elif found := _CORES.match(line):
            cores = int(found[1])
        elif found := _RULE.match(line):
            current = Job(found[1], now)
        elif current and (found := _FIELD.match(line)):
            _note(current, found[1], found[2], jobs)
        elif (found := _FINISHED.match(line)) and found[1] in jobs:  # a job's start is not always logged
            jobs[found[1]].end = now
    done = {number: job for number, job in jobs.items() if job.end == job.end and job.files.get("output")}
    if not cores or not done:
        raise SystemExit(f"{path}: no job of a local run ends here. Name the log of one, the newest in .snakemake/log/.")
    return Run(cores, start, max(job.end for job in done.values()), done)


def _note(job: Job, name: str, text: str, jobs: dict[str, Job]) -> None:
    if name == "jobid":
        jobs[text] = job
    elif name == "threads":
        job.threads = int(text)
    elif name in ("input", "output", "log", "benchmark"):
        job.files[name] = [word.split(" (")[0] for word in text.split(", ")]


def predecessors(jobs: Mapping[str, Job]) -> dict[str, list[str]]:
    """Job to the jobs whose outputs it reads."""
    maker = {path: number for number, job in jobs.items() for path in job.files.get("output", [])}
    return {
        number: sorted({maker[path] for path in job.files.get("input", []) if path in maker}) for number, job in jobs.items()
    }


def critical_path(seconds: Mapping[str, float], before: Mapping[str, Sequence[str]]) -> list[str]:
    """The chain of jobs that takes longest one after another, first to last; no number of cores is faster.

    >>> critical_path({"a": 5.0, "b": 1.0, "c": 2.0}, {"a": [], "b": [], "c": ["a", "b"]})
    ['a', 'c']
    """
    longest: dict[str, tuple[float, list[str]]] = {}

    def chain(number: str) -> tuple[float, list[str]]:
        if number not in longest:
            length, path = max((chain(other) for other in before[number]), default=(0.0, []))
            longest[number] = length + seconds[number], [*path, number]
        return longest[number]

    return max(chain(number) for number in seconds)[1]
