"""Polynomials whose critical points are all known: where runs start on them, and what counts as being trapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import seeds, tables
from stationary.experiments.optimizers_tables import CRITICAL_POINTS
from stationary.landscapes.polynomials import BOUNDED, MONKEY_SADDLE, PLAIN_SADDLE, Polynomial
from stationary.theory.critical_points_algebra import CriticalPoint, critical_points

Array = Any

UNBOUNDED = {"5x^2 - y^2": PLAIN_SADDLE, "monkey_saddle": MONKEY_SADDLE}
"""No lower bound, so no global minimum to be trapped away from: in the table of critical points alone."""

BOXES = dict.fromkeys(BOUNDED, ((-3.0, 3.0), (-2.0, 2.0))) | {
    "himmelblau": ((-5.0, 5.0), (-5.0, 5.0)),
    "cliffs": ((-3.0, 3.0), (-1.0, 9.0)),
}
"""Starts are uniform in these; ours. They hold every critical point."""

MARGIN = 0.01
"""Excess above which an end is away from the global minimum: value above its own, over the gap to the next critical value."""

TOLERANCE = 0.1
"""Distance within which an end belongs to a critical point; they are at least 0.31 apart."""


@dataclass(frozen=True)
class Known:
    """What algebra says of a landscape that has a global minimum.

    Attributes:
        points: all critical points, [K, 2].
        lowest: the value of the global minimum.
        gap: from there to the next critical value.
    """

    points: Array
    lowest: float
    gap: float


@cache
def points_of(name: str) -> tuple[CriticalPoint, ...]:
    """All critical points of a landscape, by x, then y."""
    return tuple(critical_points((BOUNDED | UNBOUNDED)[name]))


@cache
def known(name: str) -> Known:
    """Critical points and levels of a bounded landscape."""
    points = np.array([(point.x, point.y) for point in points_of(name)])
    values = np.sort(BOUNDED[name].value(points))
    above = values[values > values[0] + 1e-9 * np.ptp(values)]
    return Known(points, float(values[0]), float(above[0] - values[0]))


def starts(name: str, kind: str, replicas: range, seed: int) -> Array:
    """Uniform starts in the landscape's box, [R, 2]; ``kind`` keeps those for learning rates apart."""
    low, high = np.array(BOXES[name]).T
    return seeds.stack(seed, f"optimizers/{kind}", name, replicas, lambda generator: generator.uniform(low, high))


def grid(name: str, number: int) -> Array:
    """The box's points on a grid, [number^2, 2]."""
    x, y = np.meshgrid(*(np.linspace(*ends, number) for ends in BOXES[name]), indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


def excess(name: str, values: Array) -> Array:
    """Values above the global minimum's, over the gap to the next critical value, without unit: [R] -> [R]."""
    here = known(name)
    return (values - here.lowest) / here.gap


def nearest(name: str, theta: Array) -> Array:
    """Number of the critical point within the tolerance of each end, -1 for none: [R, 2] -> [R]."""
    distance = np.linalg.norm(theta[:, None] - known(name).points, axis=2)
    distance = np.where(np.isfinite(distance), distance, np.inf)
    closest = distance.argmin(axis=1)
    return np.where(distance.min(axis=1) <= TOLERANCE, closest, -1)


def table() -> pa.Table:
    """Every critical point of every landscape: a table of the schema ``CRITICAL_POINTS``."""
    return tables.concat([_table(name, function) for name, function in (UNBOUNDED | BOUNDED).items()])


def _table(name: str, function: Polynomial) -> pa.Table:
    points = points_of(name)
    theta = np.array([(point.x, point.y) for point in points])
    value, eigenvalues = function.value(theta), np.linalg.eigvalsh(function.hessian(theta))
    lowest = excess(name, value) < MARGIN if name in BOUNDED else np.zeros(len(points), dtype=bool)
    columns: dict[str, object] = {
        "landscape": [name] * len(points),
        "number": np.arange(len(points)),
        "x": theta[:, 0],
        "y": theta[:, 1],
        "kind": [point.kind for point in points],
        "rational": [point.rational for point in points],
        "value": value,
        "is_global": lowest,
        "lowest_eigenvalue": eigenvalues[:, 0],
        "highest_eigenvalue": eigenvalues[:, 1],
    }
    return tables.from_columns(columns, CRITICAL_POINTS)
