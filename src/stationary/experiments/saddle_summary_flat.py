"""Claim D3: how often finders pass or stop at gradient-flat points, and how far that depends on where one draws the line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from stationary.experiments.saddle_statistics import Array
from stationary.experiments.saddle_summary_rows import LINEAR, Row, cells, replicates, row
from stationary.intervals import share

RESIDUALS = (0.8, 0.95)
"""Bounds on r beside the claim's 0.9."""

INVISIBLE = (5e-5, 5e-3)
"""Bounds on r_H beside the claim's 5e-4, with r > 0.9; the measuring step is the claim's and stops at 5e-4."""


def rows(runs: pd.DataFrame, trajectories: pd.DataFrame, seed: int) -> Iterator[Row]:
    """D3 in every non-linear problem, and beside on the linear autoencoder.

    Args:
        runs: all runs.
        trajectories: iterates of all runs, or of some.
        seed: root seed of the resampling.
    """
    along = dict(cells(trajectories, "problem"))
    for problem, part in cells(runs, "problem"):
        networks = not (part["kind"] == LINEAR).any()
        yield from _of_runs(problem, "all", part, judged=networks)
        for finder, of_finder in cells(part, "finder"):
            yield from _of_runs(problem, finder, of_finder, judged=False)
        flat = replicates(part, ("flat_iterates", "measured"), _ratio, seed, f"{problem}/runs").estimate()
        yield row("D3", "share of gradient-flat iterates among those measured", flat, problem=problem)
        if problem in along:
            yield from _of_iterates(problem, along[problem])


def _of_runs(problem: str, finder: str, part: pd.DataFrame, *, judged: bool) -> Iterator[Row]:
    met = part["flat_iterates"] > 0
    for statistic, hits in (
        ("share of runs gradient-flat at some iterate", met),
        ("share of runs gradient-flat where they stopped", part["flat"]),
        ("share of runs that passed gradient-flat iterates and ended critical", met & part["filtered"]),
        *((f"share of runs with r > {bound:g} at some iterate with r_H < 5e-4", part["largest_residual"] > bound)
          for bound in RESIDUALS),
    ):  # fmt: skip
        first = statistic == "share of runs gradient-flat at some iterate"
        yield row("D3", statistic, share(hits), problem=problem, finder=finder, judged=judged and first)


def _of_iterates(problem: str, iterates: pd.DataFrame) -> Iterator[Row]:
    for bound in INVISIBLE:
        flat = (iterates["residual"] > 0.9) & (iterates["residual_h"] < bound)  # False where not measured
        hits = flat.groupby([iterates["start"], iterates["finder"]]).any()
        yield row("D3", f"share of runs with r > 0.9 at some iterate with r_H < {bound:g}", share(hits), problem=problem)


def _ratio(above: Array, below: Array) -> Array:
    return np.asarray(above.sum(axis=-1) / below.sum(axis=-1))
