"""The ten optimisers that the article lists, how they are run with a record of what they spend, and one grid of learning rates.

Rates are chosen on starts of their own. That costs a method as many runs per start as there are rates, which is not counted
against it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from stationary.experiments.newton_methods import recorded
from stationary.experiments.optimizers_meter import Metered, Record
from stationary.methods import first_order
from stationary.methods.quasi_newton import minimize
from stationary.methods.result import GRADIENT_COST, Result, Snapshot, Stopping
from stationary.methods.steepest_descent import steepest_descent
from stationary.methods.truncated_newton import truncated_newton

Array = Any

RATES = tuple(10.0 ** (half / 2) for half in range(-8, 3))
"""Learning rates tried: half decades from 1e-4 to 10."""

WITH_RATE = first_order.OPTIMISERS

WITHOUT_RATE: dict[str, Any] = {
    "line_search": steepest_descent,
    "nonlinear_cg": partial(minimize, method="CG"),
    "l_bfgs": partial(minimize, method="L-BFGS-B"),
    "truncated_newton": truncated_newton,
}

METHODS = (*WITH_RATE, *WITHOUT_RATE)

LOOK = 5
"""Steps of Keras between two looks at the values; odd, since a rate too large makes runs jump to and fro."""


def run(method: str, landscape: Any, theta: Array, stopping: Stopping, rate: float | Array, record: Record) -> Result:
    """Run one of :data:`METHODS` from every start, every value told to a record.

    A step of Keras costs one gradient, and its values are looked at as :func:`looked_at` says; others are charged call by call.

    Args:
        method: name.
        landscape: of R runs.
        theta: starts, [R, P].
        stopping: the common rule.
        rate: learning rate, or one per start, [R]; ignored by a method without one.
        record: of R runs.
    """

    def observe(now: Snapshot) -> None:
        record.note(now.replicas, GRADIENT_COST * now.iteration, now.loss)

    with np.errstate(over="ignore", invalid="ignore"):
        if method in WITHOUT_RATE:
            result: Result = WITHOUT_RATE[method](Metered(landscape, record), theta, stopping)
            return result
        return first_order.first_order(landscape, theta, stopping, method=method, rate=rate, observe=observe, wanted=looked_at)


def looked_at(step: int) -> bool:
    """Whether Keras' runs are looked at after so many steps: every fifth, and more often early on.

    >>> [step for step in range(31) if looked_at(step)][-4:]
    [25, 26, 29, 30]
    """
    return step % LOOK == 0 or recorded(step)


def best_rate(scores: Array) -> float:
    """The rate with the lowest mean score; one that loses a run is out, and the lowest is taken if all are.

    Args:
        scores: at the runs' ends, [rates * starts], rate by rate; not finite for a run that was lost.

    >>> best_rate(np.r_[np.full(20, 3.0), 1.0, np.nan])
    0.0001
    """
    known = np.where(np.isfinite(scores), scores, np.inf)
    best: float = RATES[int(np.argmin(known.reshape(len(RATES), -1).mean(axis=1)))]
    return best
