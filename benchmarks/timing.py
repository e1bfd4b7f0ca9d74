"""What the benchmarks share: threads held for every library, and interleaved repetitions of competing routes."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

Route = Callable[[], Any]

SECONDS_PER_REPETITION = 0.1


def limit(threads: int) -> None:
    """Hold this process to some threads, libraries that load later included."""
    if sys.platform == "linux":  # XLA has no switch that holds for all of its pools; the scheduler has
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    from stationary import devices

    devices.configure(threads)
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(threads)


def interleaved(routes: Mapping[str, Route], rounds: int) -> dict[str, list[float]]:
    """Seconds per call of every route, round by round: a busy moment of the machine hits everyone. Run each once before."""
    counts = {name: max(1, round(SECONDS_PER_REPETITION / _seconds(run, 1))) for name, run in routes.items()}
    times: dict[str, list[float]] = {name: [] for name in routes}
    for _ in range(rounds):
        for name, run in routes.items():
            times[name].append(_seconds(run, counts[name]))
    return times


def _seconds(run: Route, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count
