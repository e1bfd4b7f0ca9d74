"""What the benchmarks against peers share: settings, a row of the table, how it prints, and the command line."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

PEERS = ("jax", "torch", "tensorflow", "keras")


@dataclass(frozen=True)
class Options:
    """How to measure: threads of every library, interleaved rounds, the smallest setting alone, part of a setting's name."""

    threads: int = 1
    rounds: int = 5
    quick: bool = False
    only: str = ""

    def choose(self, cases: Mapping[str, object]) -> list[str]:
        """Settings that are wanted."""
        found = [name for name in cases if self.only in name]
        return found[:1] if self.quick else found


@dataclass(frozen=True)
class Comparison:
    """One setting: what was timed, in which unit, and the time of every route in every round; ours is the first route."""

    setting: str
    unit: str
    times: Mapping[str, list[float]]
    note: str = ""

    def ratios(self, route: str) -> list[float]:
        """How many times as long as ours, round by round since both saw the same load; smallest first."""
        ours = next(iter(self.times.values()))
        return sorted(theirs / one for theirs, one in zip(self.times[route], ours, strict=True))

    def lines(self, benchmark: str) -> Iterator[str]:
        """Rows of the table: ours and every peer, median and spread of the time and of the ratio."""
        for number, (route, times) in enumerate(self.times.items()):
            time = f"{statistics.median(times):.3g} ({min(times):.3g} - {max(times):.3g})"
            ratios = self.ratios(route)
            ratio = f"{statistics.median(ratios):.3g} ({ratios[0]:.3g} - {ratios[-1]:.3g})"
            yield f"| {benchmark} | {self.setting} | {route} | {time} {self.unit} | {ratio} | {'' if number else self.note} |"


HEADER = """\
| benchmark | setting | route | time (fastest - slowest) | times ours (smallest - largest) | besides |
|---|---|---|---|---|---|"""


def has(peer: str) -> bool:
    """Whether a peer is installed."""
    return importlib.util.find_spec(peer) is not None


def conditions(threads: int) -> str:
    """Machine, versions, load, and which peers are left out."""
    names = ["numpy", *(name for name in PEERS if has(name))]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    missing = [name for name in PEERS if not has(name)]
    left_out = [f"Left out, not installed: {', '.join(missing)} (pip install -e '.[peers]')."] if missing else []
    machine = f"{platform.machine()}, {os.cpu_count()} cores{load}, {threads} thread(s)"
    return "\n".join([f"{machine}; Python {platform.python_version()}, {versions}.", *left_out])


def arguments(text: str | None) -> argparse.ArgumentParser:
    """The command line that all of them have."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads of every library (default 1)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved repetitions (default 5)")
    parser.add_argument("--quick", action="store_true", help="the first setting of each alone")
    parser.add_argument("--only", default="", help="settings whose name contains this")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    return parser


def main(name: str, text: str | None, comparisons: Callable[[Options], Iterator[Comparison]]) -> None:
    """Measure, print every row as it is there, and write all as JSON on request."""
    given = arguments(text).parse_args()
    # A machine without a GPU is no error; set before TensorFlow loads.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Here, not at the top: the numerical libraries take their threads from it when they load.
    from benchmarks import timing

    timing.limit(given.threads)
    print(conditions(given.threads), HEADER, sep="\n\n", flush=True)
    rows = []
    for row in comparisons(Options(given.threads, given.rounds, given.quick, given.only)):
        print(*row.lines(name), sep="\n", flush=True)
        rows.append(asdict(row))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")
