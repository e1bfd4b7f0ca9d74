"""Gradient descent with a line search: each run's step starts at twice the length that was last accepted.

Source: Nocedal & Wright 2006, algorithm 3.1 (back-tracking with Armijo's condition). That the length may grow again is ours.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from stationary.methods.line_search import backtrack
from stationary.methods.result import GRADIENT_COST, VALUE_COST, Ledger, Observer, Result, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

GROWTH = 2.0


def steepest_descent(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Steps along the negative gradient with back-tracking on the loss, [R, P] starts; the first trial length is 1."""
    ledger = Ledger(theta)
    theta, here = ledger.theta.copy(), landscape
    length = np.ones(len(theta))
    for iteration in range(stopping.max_iterations + 1):
        loss, gradient = here.value_and_gradient(theta)
        ledger.cost[ledger.active] += GRADIENT_COST
        norm = np.linalg.norm(gradient, axis=1)
        step = -length[:, None] * gradient
        if observe is not None:
            unknown = np.full(len(theta), -1)
            observe(Snapshot(ledger.active, iteration, theta, loss, norm, length * norm, unknown))
        done = norm <= stopping.gradient_tolerance * here.gradient_scale(theta)
        done |= ~np.isfinite(loss) | (np.linalg.norm(theta, axis=1) > stopping.theta_bound)
        done |= (iteration == stopping.max_iterations) | (ledger.cost[ledger.active] + VALUE_COST > stopping.budget)
        ledger.end(done, Termination.MAX_ITERATIONS, theta, iteration)
        ledger.keep(~done)
        theta, loss, step, gradient, length = (array[~done] for array in (theta, loss, step, gradient, length))
        if ledger.active.size == 0:
            break
        here = here.take(np.flatnonzero(~done))
        slope = (step * gradient).sum(axis=1)
        share, evaluations = backtrack(partial(_value, here), theta, step, loss, slope)
        ledger.cost[ledger.active] += VALUE_COST * evaluations
        found = share > 0
        ledger.end(~found, Termination.LINE_SEARCH_FAILED, theta, iteration)
        ledger.keep(found)
        theta = (theta + share[:, None] * step)[found]
        length, here = GROWTH * (length * share)[found], here.take(np.flatnonzero(found))
        if ledger.active.size == 0:
            break
    ledger.termination = judge_end(landscape, ledger.theta, stopping, ledger.termination)
    return ledger.result()


def _value(landscape: Any, runs: Array, points: Array) -> Array:
    return landscape.take(runs).value(points)
