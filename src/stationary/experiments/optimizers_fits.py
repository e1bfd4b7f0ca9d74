"""The optimisers that the Newton experiment leaves out, on its main regression conditions (claim C1).

Same landscapes and starts, same number of steps as its first-order methods. Its gradient descent and Adam have rates of their
own (methods/first_order.py); those here choose one per network from the grid of the polynomials, on starts of their own and a
third of the steps, by the lowest mean log loss over both targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, tables
from stationary.config.newton import NewtonCondition
from stationary.config.optimizers import OptimizerSettings
from stationary.experiments import newton_problem
from stationary.experiments.newton import SUCCESS
from stationary.experiments.optimizers_methods import RATES, best_rate
from stationary.experiments.optimizers_tables import FITS
from stationary.landscapes.least_squares import LeastSquaresNetwork
from stationary.methods.first_order import first_order
from stationary.methods.result import Result, Stopping
from stationary.methods.steepest_descent import steepest_descent

Array = Any

WITH_RATE = ("nesterov", "adagrad", "rmsprop", "adadelta")
METHODS = (*WITH_RATE, "line_search")


@dataclass(frozen=True)
class _Cells:
    """The conditions of one network side by side: [R] rows, an equal number per condition."""

    landscape: LeastSquaresNetwork
    theta: Array


def run(conditions: Sequence[NewtonCondition], settings: OptimizerSettings) -> pa.Table:
    """All methods on all conditions: a table of the schema ``FITS``.

    Args:
        conditions: main regression conditions of the Newton experiment.
        settings: numbers of starts.
    """
    networks = list(dict.fromkeys(condition.hidden for condition in conditions))
    parts = []
    with progress.bar(len(networks) * len(METHODS), "optimisers on fits", unit="optimisers") as advance:
        for hidden in networks:
            cells = [condition for condition in conditions if condition.hidden == hidden]
            number = min(settings.fit_starts, cells[0].starts)
            stack = _stack(cells, range(number))
            for method in METHODS:
                rate = _rate(method, cells, settings) if method in WITH_RATE else np.nan
                result = _run(method, cells[0], stack, rate, cells[0].first_order_iterations)
                parts += [_table(cell, method, rate, number, k, result) for k, cell in enumerate(cells)]
                advance(1)
    return tables.concat(parts)


def _stack(cells: Sequence[NewtonCondition], replicas: range) -> _Cells:
    landscapes = [newton_problem.landscape(cell, newton_problem.coefficients(cell, replicas)) for cell in cells]
    target = [np.broadcast_to(one.target, (len(replicas), one.target.shape[1])) for one in landscapes]
    theta = np.concatenate([newton_problem.starts(cell, replicas) for cell in cells])
    return _Cells(replace(landscapes[0], target=np.concatenate(target)), theta)


def _run(method: str, cell: NewtonCondition, stack: _Cells, rate: float | Array, steps: int) -> Result:
    stopping = Stopping(steps, min(steps, cell.budget), cell.gradient_tolerance, cell.theta_bound)
    with np.errstate(over="ignore", invalid="ignore"):
        if method == "line_search":
            return steepest_descent(stack.landscape, stack.theta, stopping)
        return first_order(stack.landscape, stack.theta, stopping, method=method, rate=rate)


def _rate(method: str, cells: Sequence[NewtonCondition], settings: OptimizerSettings) -> float:
    """The rate with the lowest mean log loss on starts that the runs do not use."""
    fresh = cells[0].starts
    one = _stack(cells, range(fresh, fresh + settings.fit_rate_starts))
    number = len(one.theta)
    landscape = replace(one.landscape, target=np.tile(one.landscape.target, (len(RATES), 1)))
    stack = _Cells(landscape, np.tile(one.theta, (len(RATES), 1)))
    result = _run(method, cells[0], stack, np.repeat(RATES, number), max(1, cells[0].first_order_iterations // 3))
    with np.errstate(over="ignore", invalid="ignore"):
        loss = landscape.value(result.theta)
        return best_rate(np.log(loss))


def _table(cell: NewtonCondition, method: str, rate: float, number: int, place: int, result: Result) -> pa.Table:
    """The rows of one condition, the ``place``-th block of the stack."""
    rows = slice(place * number, (place + 1) * number)
    theta, start = result.theta[rows], newton_problem.starts(cell, range(number))
    coefficients = newton_problem.coefficients(cell, range(number))
    landscape = newton_problem.landscape(cell, coefficients)
    fine = newton_problem.landscape(cell, coefficients, finer=newton_problem.FINER)
    with np.errstate(over="ignore", invalid="ignore"):
        loss, loss_fine = landscape.value(theta), fine.value(theta)
        slopes = [np.linalg.norm(landscape.gradient(points), axis=1) for points in (start, theta)]
    trivial = np.broadcast_to(0.5 * landscape.target_square(), number)
    columns: dict[str, object] = {
        "condition": [cell.name] * number,
        "method": [method] * number,
        "learning_rate": np.full(number, rate),
        "seed": np.arange(number),
        "termination": [str(code) for code in result.termination[rows]],
        "iterations": result.iterations[rows],
        "cost": result.cost[rows],
        "loss": loss,
        "loss_fine": loss_fine,
        "trivial_loss": trivial,
        "start_gradient_norm": slopes[0],
        "gradient_norm": slopes[1],
        "success": (loss <= SUCCESS * trivial) & (loss_fine <= SUCCESS * 0.5 * fine.target_square()),
    }
    return tables.from_columns(columns, FITS)
