"""Local minima of a network without hidden units, all of them, and the basins of gradient descent.

Two constructed data sets: samples near the origin that a falling sigmoid fits exactly, and outliers, saturated on the wrong
side of it, whose gradient has vanished and which a rising one would fit at little cost. Targets are 0.1 and 0.9, so that minima
lie at finite weights. The idea is that of Brady, Raghavan and Slawny 1989 and of Sontag and Sussmann 1989; numbers are ours.
Random data sets say how common it is: five samples, one weight, inputs log-uniform over two decades with random signs, targets
0.1 or 0.9 by a coin.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stationary import seeds, tables
from stationary.experiments.traps_tables import BASINS, MINIMA
from stationary.landscapes.sigmoid_unit import SigmoidUnit
from stationary.methods.lipschitz_search import critical_points

Array = Any

LOW, HIGH = 0.1, 0.9
FLAT = 1e-10
"""Eigenvalues closer to zero leave the kind of a critical point open."""

CONSTRUCTED: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "one_weight": ((1.0, 18.0, 20.0, 22.0), (LOW, HIGH, HIGH, HIGH), 8.0),
    "weight_and_bias": ((1.0, -1.0, 6.0, 7.0, 8.0), (LOW, HIGH, HIGH, HIGH, HIGH), 8.0),
}
"""Inputs, targets, half-width of the box that is searched."""

RANDOM_SAMPLES = 5
RANDOM_BOXES = 20_000
RANDOM_REACH = 8.0
"""A random set is searched to a weight at which its smallest input is saturated, with this pre-activation."""

ARRIVED = 1e-3
"""Distance within which descent has come to a minimum."""


def unit(problem: str) -> SigmoidUnit:
    """The landscape of a constructed problem."""
    x, y, _ = CONSTRUCTED[problem]
    inputs = np.array(x)[:, None]
    if problem == "weight_and_bias":
        inputs = np.concatenate([inputs, np.ones_like(inputs)], axis=1)
    return SigmoidUnit(inputs, np.array(y))


def minima(random_sets: int, seed: int) -> pa.Table:
    """Every critical point of the constructed and of some random problems: a table of the schema ``MINIMA``."""
    parts = [_enumerated(problem, 0, unit(problem), CONSTRUCTED[problem][2]) for problem in CONSTRUCTED]
    for number in range(random_sets):
        stream = seeds.generator(seed, "traps/random", "one_weight", number)
        x = 10.0 ** stream.uniform(-1.0, 1.0, RANDOM_SAMPLES) * stream.choice([-1.0, 1.0], RANDOM_SAMPLES)
        landscape = SigmoidUnit(x[:, None], stream.choice([LOW, HIGH], RANDOM_SAMPLES))
        parts.append(_enumerated("random", number, landscape, RANDOM_REACH / float(np.abs(x).min()), RANDOM_BOXES))
    return tables.concat(parts)


def _enumerated(problem: str, number: int, landscape: SigmoidUnit, half_width: float, boxes: int = 2_000_000) -> pa.Table:
    """Critical points of one problem, by ascending loss."""
    found = critical_points(landscape, half_width, most_boxes=boxes)
    theta = found.theta[np.argsort(landscape.value(found.theta), kind="stable")]
    loss, gradient = landscape.value_and_gradient(theta)
    eigenvalues = np.linalg.eigvalsh(landscape.hessian(theta))
    kinds = np.array([_kind(row) for row in eigenvalues], dtype=object)
    lowest = loss[kinds == "minimum"].min(initial=np.inf)
    outside = landscape.bound_outside(half_width)
    # The bound holds on the box's edge too: below it, the lowest point of the box lies inside and is critical.
    is_global = found.complete and lowest < outside
    size = len(theta)
    columns: dict[str, object] = {
        "problem": [problem] * size,
        "number": [number] * size,
        "x": [landscape.x[:, 0]] * size,
        "y": [landscape.y] * size,
        "theta": list(theta),
        "loss": loss,
        "ratio": loss / lowest if is_global else np.full(size, np.nan),
        "gradient_norm": np.linalg.norm(gradient, axis=1),
        "lowest_eigenvalue": eigenvalues[:, 0],
        "highest_eigenvalue": eigenvalues[:, -1],
        "kind": list(kinds),
        "half_width": [half_width] * size,
        "complete": [found.complete] * size,
        "bound_outside": [outside] * size,
    }
    return tables.from_columns(columns, MINIMA)


def _kind(eigenvalues: Array) -> str:
    if np.abs(eigenvalues).min() <= FLAT:
        return "flat"
    negative = int((eigenvalues < 0).sum())
    return {0: "minimum", eigenvalues.size: "maximum"}.get(negative, "saddle")


def basins(found: pa.Table, starts: int, steps: int) -> pa.Table:
    """Where gradient descent leads from a grid of starts in the box.

    The rate is half the inverse of the highest eigenvalue at the problem's minima.

    Args:
        found: of the schema ``MINIMA``.
        starts: per axis.
        steps: at most.

    Returns:
        a table of the schema ``BASINS``.
    """
    parts = []
    frame = found.to_pandas()
    for problem, (_, _, half_width) in CONSTRUCTED.items():
        landscape = unit(problem)
        ends = frame[(frame["problem"] == problem) & (frame["kind"] == "minimum")].sort_values("loss")
        minima_here = np.stack(ends["theta"].to_list())
        rate = 0.5 / float(ends["highest_eigenvalue"].max())
        axis = np.linspace(-half_width, half_width, starts)
        grid = np.stack(np.meshgrid(*[axis] * landscape.n_parameters, indexing="ij"), axis=-1).reshape(
            -1, landscape.n_parameters
        )
        end, theta, taken = _descend(landscape, grid, minima_here, rate, steps)
        columns: dict[str, object] = {
            "problem": [problem] * len(grid),
            "weight": grid[:, 0],
            "bias": grid[:, 1] if landscape.n_parameters == 2 else np.zeros(len(grid)),
            "loss": landscape.value(grid),
            "end": end,
            "end_loss": landscape.value(theta),
            "steps": taken,
            "rate": [rate] * len(grid),
        }
        parts.append(tables.from_columns(columns, BASINS))
    return tables.concat(parts)


def _descend(landscape: SigmoidUnit, grid: Array, ends: Array, rate: float, steps: int) -> tuple[Array, Array, Array]:
    """Ends (-1 for none), end points and steps of every start; runs leave the stack as they arrive."""
    theta, end, taken = grid.copy(), np.full(len(grid), -1), np.full(len(grid), steps)
    going = np.arange(len(grid))
    for step in range(steps + 1):
        distance = np.linalg.norm(theta[going][:, None] - ends, axis=2)
        here = distance.min(axis=1) < ARRIVED
        end[going[here]], taken[going[here]] = distance[here].argmin(axis=1), step
        going = going[~here]
        if not going.size or step == steps:
            break
        theta[going] -= rate * landscape.gradient(theta[going])
    return end, theta, taken
