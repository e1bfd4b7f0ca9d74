"""Claim D3: how often finders pass or stop at gradient-flat points.

The judged reading is the claim's, by MINRES's own step. Where a null part of the gradient is left over that step grows along
it, which lowers r; the shortest step, as MINRES-QLP gives it, is the second reading, beside.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from stationary.experiments.saddle_statistics import Array
from stationary.experiments.saddle_summary_rows import LINEAR, Row, cells, replicates, row
from stationary.intervals import share


def rows(runs: pd.DataFrame, seed: int) -> Iterator[Row]:
    """D3 in every non-linear problem, and beside on the linear autoencoder.

    Args:
        runs: all runs.
        seed: root seed of the resampling.
    """
    for problem, part in cells(runs, "problem"):
        networks = not (part["kind"] == LINEAR).any()
        yield from _of_runs(problem, "all", part, judged=networks)
        for finder, of_finder in cells(part, "finder"):
            yield from _of_runs(problem, finder, of_finder, judged=False)
        flat = replicates(part, ("flat_iterates", "measured"), _ratio, seed, f"{problem}/runs").estimate()
        yield row("D3", "share of gradient-flat iterates among those measured", flat, problem=problem)


def _of_runs(problem: str, finder: str, part: pd.DataFrame, *, judged: bool) -> Iterator[Row]:
    met = part["flat_iterates"] > 0
    for statistic, hits in (
        ("share of runs gradient-flat at some iterate", met),
        ("share of runs gradient-flat where they stopped", part["flat"]),
        ("share of runs that passed gradient-flat iterates and ended critical", met & part["filtered"]),
        ("share of runs gradient-flat at some iterate, by the shortest step", part["flat_iterates_lifted"] > 0),
    ):
        first = statistic == "share of runs gradient-flat at some iterate"
        yield row("D3", statistic, share(hits), problem=problem, finder=finder, judged=judged and first)


def _ratio(above: Array, below: Array) -> Array:
    return np.asarray(above.sum(axis=-1) / below.sum(axis=-1))
