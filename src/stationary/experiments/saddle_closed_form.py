"""Ground truth of the linear autoencoder: all its critical points, and which of them an end point of a search is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stationary import tables
from stationary.config.saddle_condition import SaddleProblem
from stationary.experiments import saddle_problem
from stationary.experiments.saddle_tables import ANALYTIC
from stationary.theory import baldi_hornik

Array = Any

ORIGIN = 1e-4
"""Norm of theta below which a filtered point is the origin: the next critical points have norms of order 1."""

MANY = 128
"""Points whose gradients are checked at once."""


def run(problem: SaddleProblem) -> pa.Table:
    """Every critical point of a linear autoencoder, from the covariance of its sample: a table of the schema ``ANALYTIC``."""
    landscape = saddle_problem.loss(problem).whole
    theory = _theory(landscape)
    sets = theory.sets()
    negative = theory.n_negative(sets)
    norms = [
        np.linalg.norm(landscape.gradient(theory.representatives(sets[first : first + MANY])), axis=1)
        for first in range(0, len(sets), MANY)
    ]
    columns: dict[str, object] = {
        "members": [_text(row) for row in sets],
        "rank": sets.sum(axis=1),
        "loss": theory.loss(sets),
        "n_negative": negative,
        "n_null": theory.n_null(sets),
        "index": negative / landscape.n_parameters,
        "gradient_norm": np.concatenate(norms),
    }
    return tables.from_columns(columns, ANALYTIC)


def columns(problem: SaddleProblem, landscape: Any, theta: Array, filtered: Array) -> dict[str, object]:
    """What the closed form expects of the filtered end points [R, P]; nothing where there is no closed form."""
    number, rows = len(theta), np.flatnonzero(filtered)
    members = [""] * number
    loss = np.full(number, np.nan)
    negative: list[int | None] = [None] * number
    null: list[int | None] = [None] * number
    origin = np.zeros(number, dtype=bool)
    if problem.kind == "linear_autoencoder" and rows.size:
        theory = _theory(landscape)
        sets = theory.match(theta[rows]).members
        loss[rows] = theory.loss(sets)
        origin[rows] = np.linalg.norm(theta[rows], axis=1) < ORIGIN
        for row, chosen, below, flat in zip(rows, sets, theory.n_negative(sets), theory.n_null(sets), strict=True):
            members[row], negative[row], null[row] = _text(chosen), int(below), int(flat)
    return {
        "members": members,
        "origin": origin,
        "expected_loss": loss,
        "expected_negative": negative,
        "expected_null": null,
    }


def _theory(landscape: Any) -> baldi_hornik.CriticalPoints:
    return baldi_hornik.critical_points(
        landscape.s_xx, landscape.s_yx, landscape.s_yy, hidden=landscape.hidden, weight=landscape.weight
    )


def _text(members: Array) -> str:
    return ",".join(str(place + 1) for place in np.flatnonzero(members))
