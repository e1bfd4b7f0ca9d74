"""The table of runs as the Newton figures read it: cells, relative losses, and one class of end per run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary.figures import style

TARGETS = {
    "sine": "sin 2πx",
    "band_limited": "band-limited",
    "sine_offset": "sin 2πx + 0.7",
    "steep_tanh": "steep tanh",
    "high_frequency": "high frequency",
}
PROBLEMS = {"regression": "regression", "poisson": "u'' = f", "reaction_diffusion": "u'' − c u = f"}
EXACT = "newton"
"""The method whose end points and paths the mechanism, the spectra and the claims are about."""

SUCCESS = 0.01
"""Relative loss at or below which a fit is a success (config/claims.yaml); drawn as a line, decided in the table."""

TRIVIAL = 1e-3
"""Relative output norm below which an end is trivial (config/claims.yaml), here also for those that drifted off."""

ENDS: dict[str, tuple[str, str]] = {
    "success": ("#009E73", ""),
    "minimum": ("#56B4E9", ""),
    "saddle": ("#E69F00", ""),
    "trivial saddle": ("#D55E00", "////"),
    "trivial, other": ("#F3B594", "\\\\\\\\"),
    "trivial, at infinity": ("#8C6D57", "////"),
    "best constant": ("#A6761D", "...."),
    "flat or undecided": ("#F0E442", ""),
    "gradient-flat": ("#CC79A7", ""),
    "unconverged": ("#D0D0D0", ""),
    "diverged, at infinity": ("#555555", ""),
}
"""Classes of end in the order of the bars, with colour and hatch; each run belongs to the first that fits (:func:`end`)."""

_LISTS = frozenset({"theta", "eigenvalues", "target_coefficients"})


def frame(table: pa.Table, *, lists: Sequence[str] = ()) -> pd.DataFrame:
    """Runs with ``network``, ``relative_loss`` and ``end`` added.

    Args:
        table: of the schema RUNS.
        lists: which of the list columns to keep; they are most of the table.
    """
    kept = [name for name in table.column_names if name not in _LISTS or name in lists]
    runs: pd.DataFrame = table.select(kept).to_pandas()
    runs["network"] = [network(layout) for layout in runs["layout"]]
    with np.errstate(invalid="ignore", over="ignore"):
        runs["relative_loss"] = runs["loss"].to_numpy(dtype=float) / runs["trivial_loss"].to_numpy(dtype=float)
    runs["end"] = end(runs)
    return runs


@cache
def network(layout: str) -> str:
    """Units per layer from the JSON column ``layout``.

    >>> network('[["hidden_1", [10, 2], 0], ["hidden_2", [5, 11], 20], ["output", [1, 5], 75]]')
    '1-10-5-1'
    """
    return "-".join(["1", *(str(units) for _, (units, _), _ in json.loads(layout))])


def end(runs: pd.DataFrame) -> list[str]:
    """One class of :data:`ENDS` per run: success first, then how it ended, then what kind of point it is."""
    converged = runs["termination"] == "converged"
    fits = [
        ("success", runs["success"]),
        ("trivial, at infinity", (runs["termination"] == "at_infinity") & (runs["output_norm"] < TRIVIAL)),
        ("diverged, at infinity", runs["termination"].isin(["diverged", "at_infinity"])),
        ("gradient-flat", runs["termination"] == "gradient_flat"),
        ("unconverged", ~converged),
        ("trivial saddle", runs["trivial"] & (runs["kind"] == "saddle")),
        ("trivial, other", runs["trivial"]),
        ("best constant", runs["at_best_constant"]),
        ("minimum", runs["kind"] == "minimum"),
        ("saddle", runs["kind"] == "saddle"),
    ]
    chosen = np.select([fit.to_numpy(dtype=bool) for _, fit in fits], [name for name, _ in fits], default="flat or undecided")
    names: list[str] = chosen.tolist()
    return names


def cells(runs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Cells in a fixed order (problem, depth, width, target), each with its label and its runs.

    The label leaves out the problem, which a figure says once.
    """
    keys = ["problem", "depth", "width", "network", "target"]
    problems, targets = list(PROBLEMS), list(TARGETS)

    def place(key: tuple[Any, ...]) -> tuple[Any, ...]:
        problem, *shape, target = key
        return (_place(problem, problems), *shape, _place(target, targets))

    found: dict[Any, pd.DataFrame] = dict(iter(runs.groupby(keys, sort=False)))
    for key in sorted(found, key=place):
        yield f"{key[3]}, {TARGETS.get(key[4], key[4])}", found[key]


def main(runs: pd.DataFrame, *problems: str) -> pd.DataFrame:
    """Runs of the main condition on the named problems."""
    return runs[(runs["family"] == "main") & runs["problem"].isin(problems)]


def regression(table: pa.Table) -> tuple[pd.DataFrame, list[tuple[str, pd.DataFrame]], list[str]]:
    """Runs of the regression main condition, cell by cell, and their methods in the figures' order."""
    chosen = main(frame(table), "regression")
    return chosen, list(cells(chosen)), methods(chosen)


def methods(runs: pd.DataFrame) -> list[str]:
    """The methods present, in the figures' order."""
    return style.ordered(runs["method"])


def _place(name: object, known: list[str]) -> tuple[int, str]:
    return (known.index(str(name)) if str(name) in known else len(known), str(name))
