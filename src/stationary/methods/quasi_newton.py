"""SciPy's minimisers on single runs: BFGS, L-BFGS, nonlinear conjugate gradient, trust region with the exact Hessian
(``trust-krylov``: the subproblem solved to near exactness by Lanczos, Gould et al. 1999).

They are the peers that the source says succeed (Rowan 2025); a well-kept library's versions are fairer than ours would be.
Each run is a function of its own start alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.optimize

from stationary.methods.result import GRADIENT_COST, Ledger, Observer, Result, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

# Tolerances are set to zero: a run ends by its budget or when its line search finds nothing, and is judged by the common rule.
_OPTIONS: dict[str, dict[str, float]] = {
    "BFGS": {"gtol": 0.0},
    "L-BFGS-B": {"gtol": 0.0, "ftol": 0.0},
    "CG": {"gtol": 0.0},
    "trust-krylov": {"gtol": 0.0},
}


class _Spent(Exception):  # noqa: N818  # not an error: how a run that may not go on is left
    """The budget or the iterations of a run are used up."""


def minimize(
    landscape: Any, theta: Array, stopping: Stopping, *, method: str, observe: Observer | None = None, wanted: Any = None
) -> Result:
    """Run ``scipy.optimize.minimize`` from every start.

    Args:
        landscape: with ``value_and_gradient``, ``hessian`` and ``take``.
        theta: starts, [R, P].
        stopping: common stopping rule; evaluations beyond its budget are refused.
        method: ``BFGS``, ``L-BFGS-B``, ``CG`` or ``trust-krylov``.
        observe: called once per run, with all of its wanted iterations.
        wanted: predicate on iteration numbers; others are not observed.
    """
    ledger = Ledger(theta)
    for replica in range(ledger.theta.shape[0]):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _run_one(landscape.take(np.array([replica])), ledger, replica, stopping, method, observe, wanted)
    ledger.termination = judge_end(landscape, ledger.theta, stopping, ledger.termination)
    return ledger.result()


def _run_one(
    landscape: Any, ledger: Ledger, replica: int, stopping: Stopping, method: str, observe: Observer | None, wanted: Any
) -> None:
    parameters = ledger.theta.shape[1]
    iteration = 0

    def spend(cost: float) -> None:
        if ledger.cost[replica] + cost > stopping.budget:
            raise _Spent
        ledger.cost[replica] += cost

    def value_and_gradient(point: Array) -> tuple[float, Array]:
        spend(GRADIENT_COST)
        loss, gradient = landscape.value_and_gradient(point[None])
        return float(loss[0]), gradient[0]

    def hessian(point: Array) -> Array:
        spend(parameters)
        return landscape.hessian(point[None])[0]

    def after_iteration(intermediate_result: Any) -> None:
        nonlocal iteration
        iteration += 1
        point = np.array(intermediate_result.x)
        if observe is not None and (wanted is None or wanted(iteration)):
            seen.append((iteration, point, ledger.theta[replica].copy()))
        ledger.theta[replica] = point
        if iteration >= stopping.max_iterations:
            raise _Spent

    start = ledger.theta[replica].copy()
    seen = [(0, start, start)]
    limits = {"maxiter": 10 * stopping.max_iterations}
    if method == "L-BFGS-B":
        limits["maxfun"] = 10 * int(stopping.budget)
    try:
        scipy.optimize.minimize(
            value_and_gradient,
            start,
            jac=True,
            hess=hessian if method.startswith("trust") else None,
            method=method,
            callback=after_iteration,
            options={**_OPTIONS[method], **limits},
        )
        ledger.termination[replica] = Termination.LINE_SEARCH_FAILED
    except _Spent:
        ledger.termination[replica] = Termination.MAX_ITERATIONS
    except (np.linalg.LinAlgError, ValueError):  # SciPy's linear algebra met something singular or not finite
        ledger.termination[replica] = Termination.SINGULAR
    ledger.iterations[replica] = iteration
    if observe is not None:
        iterations, points, before = (np.array(column) for column in zip(*seen, strict=True))
        _report(landscape, observe, replica, iterations, points, before)


def _report(landscape: Any, observe: Observer, replica: int, iterations: Array, points: Array, before: Array) -> None:
    """A whole run at once: evaluated one by one its points would cost as much as the run."""
    same = np.zeros(iterations.size, dtype=np.int64)
    loss, gradient = landscape.take(same).value_and_gradient(points)
    gradient_norm, step_norm = np.linalg.norm(gradient, axis=1), np.linalg.norm(points - before, axis=1)
    observe(Snapshot(same + replica, iterations, points, loss, gradient_norm, step_norm, same - 1))
