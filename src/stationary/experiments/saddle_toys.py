"""Paths on functions of two variables: optimisers at a saddle and at a degenerate one, finders where the gradient is flat.

5x^2 - y^2 and x^3 - 3xy^2 are unbounded below (Dauphin et al. 2014, figure 2). A run that leaves the disc of radius
:data:`REACH` has escaped and ends as ``at_infinity``. The first start lies on the stable manifold of both, the positive
x axis: no method that follows gradient and Hessian alone can leave that axis, saddle-free Newton included. The quartic is that
of Frye et al. 2021 (arXiv 2003.10397). Starts and rates are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import tables
from stationary.experiments.saddle_paths import Paths, follow
from stationary.experiments.saddle_tables import TOYS
from stationary.landscapes.polynomials import FUNCTIONS
from stationary.methods import critical_point, minibatch_descent, newton, shifted_newton
from stationary.methods.result import Result, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

SADDLES = ("5x^2 - y^2", "monkey_saddle")
FLAT = "frye_quartic"

SADDLE_STARTS = np.array([[1.0, 0.0], [1.0, 0.01], [-0.6, 0.8]])
FLAT_STARTS = np.array([[-5.0, 1.5], [0.5, -1.5], [3.0, 1.0]])

REACH = 2.0
"""Distance from the origin at which a run on a function without a lower bound has escaped."""

ITERATIONS = 200
"""Of the optimisers."""

FINDER_ITERATIONS = 1000

RATES = {"gradient_descent": 0.05, "adam": 0.05}

FINDERS: dict[str, Callable[..., Result]] = {
    "newton_mr": critical_point.newton_mr,
    "damped_newton": critical_point.damped_newton,
    "gradient_norm": critical_point.gradient_norm_minimisation,
}


def run() -> pa.Table:
    """Every optimiser on both saddles and every finder on the quartic, from all starts: a table of the schema ``TOYS``."""
    optimisers: dict[str, Callable[..., Result]] = {name: partial(_first_order, name) for name in RATES} | {
        "newton": newton.newton,
        "damped_newton": shifted_newton.damped_newton,
        "saddle_free_newton": shifted_newton.saddle_free_newton,
    }
    stopping = Stopping(ITERATIONS, np.inf, theta_bound=REACH)
    cells = [
        (function, name, follow(method, FUNCTIONS[function], SADDLE_STARTS, stopping, kept=range(ITERATIONS)))
        for function in SADDLES
        for name, method in optimisers.items()
    ]
    patient = Stopping(FINDER_ITERATIONS, np.inf)
    cells += [
        (FLAT, name, follow(method, FUNCTIONS[FLAT], FLAT_STARTS, patient, kept=range(FINDER_ITERATIONS)))
        for name, method in FINDERS.items()
    ]
    return tables.concat([_table(*cell) for cell in cells])


def _first_order(method: str, landscape: Any, theta: Array, stopping: Stopping, *, observe: Any) -> Result:
    """Gradient descent or Adam: one "sample" makes every minibatch the whole function."""
    ends, lengths, codes = [], [], []
    for number, start in enumerate(theta):
        update = (minibatch_descent.Adam if method == "adam" else minibatch_descent.Sgd)([RATES[method]])
        later = minibatch_descent.descend(
            lambda _: landscape, 1, start, (update,), batch=1, epochs=stopping.max_iterations, stream=np.random.default_rng(0)
        )
        point, iteration = start[None], 0
        code = Termination.MAX_ITERATIONS
        for iteration, after in enumerate(later, start=1):
            loss, gradient = landscape.value_and_gradient(point)
            norm, moved = (np.linalg.norm(rows, axis=1) for rows in (gradient, after - point))
            observe(Snapshot(np.array([number]), iteration - 1, point, loss, norm, moved, np.array([-1])))
            point = after
            code = judge_end(landscape, point, stopping, np.array([Termination.MAX_ITERATIONS], dtype=object))[0]
            if code != Termination.MAX_ITERATIONS:
                break
        ends.append(point[0])
        lengths.append(iteration)
        codes.append(code)
    return Result(np.array(ends), np.array(codes, dtype=object), np.array(lengths), np.array(lengths, dtype=float))


def _table(function: str, method: str, paths: Paths) -> pa.Table:
    value, gradient = FUNCTIONS[function].value_and_gradient(paths.theta)
    columns: dict[str, object] = {
        "function": [function] * len(value),
        "method": [method] * len(value),
        "start": paths.start,
        "iteration": paths.iteration,
        "x": paths.theta[:, 0],
        "y": paths.theta[:, 1],
        "value": value,
        "gradient_norm": np.linalg.norm(gradient, axis=1),
        "termination": [str(paths.termination[start]) for start in paths.start],
    }
    return tables.from_columns(columns, TOYS)
