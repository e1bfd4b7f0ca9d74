"""Back-tracking over a stack: each run halves its own step until it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stationary.methods.result import VALUE_COST, Ledger
from stationary.termination import Termination

Array = Any

MAX_HALVINGS = 40
SUFFICIENT = 1e-4
"""Armijo's constant: the share of the predicted decrease that is enough (Nocedal & Wright 2006, eq. 3.4)."""

ROUNDING = 1e-15
"""Relative change of a merit that arithmetic cannot tell from none; without it no step is accepted at a solution."""


def backtrack(
    merit: Callable[[Array, Array], Array], theta: Array, step: Array, merit_now: Array, slope: Array
) -> tuple[Array, Array]:
    """Halve steps until merit(theta + a step) <= merit_now + 1e-4 a slope, up to rounding.

    Args:
        merit: takes indices of runs [k] and points [k, P], returns merits [k]; may return non-finite values.
        theta: [R, P].
        step: full steps, [R, P].
        merit_now: [R].
        slope: derivative of the merit along the step, [R]; >= 0 marks an ascent direction, which no length makes acceptable.

    Returns:
        accepted step lengths a, [R], 0 where none was found;
        number of merit evaluations, [R].
    """
    replicas = theta.shape[0]
    length, evaluations = np.zeros(replicas), np.zeros(replicas, dtype=np.int64)
    pending = np.flatnonzero(slope < 0)
    trial = 1.0
    for _ in range(MAX_HALVINGS + 1):
        if pending.size == 0:
            break
        with np.errstate(over="ignore", invalid="ignore"):
            merits = merit(pending, theta[pending] + trial * step[pending])
        evaluations[pending] += 1
        bound = merit_now[pending] * (1.0 + ROUNDING) + SUFFICIENT * trial * slope[pending]
        accepted = merits <= bound  # False for NaN
        length[pending[accepted]] = trial
        pending = pending[~accepted]
        trial *= 0.5
    return length, evaluations


def step_down(
    ledger: Ledger, landscape: Any, theta: Array, step: Array, loss: Array, gradient: Array, iteration: int
) -> tuple[Array, Any]:
    """Search the loss along each run's step and close the runs that find no length.

    Args:
        ledger: of the stack; its active runs are the rows of the following.
        landscape: of the active runs.
        theta: [k, P].
        step: [k, P].
        loss: [k].
        gradient: [k, P].
        iteration: for the ledger.

    Returns:
        points and landscape of the runs that go on.
    """
    slope = (step * gradient).sum(axis=1)
    length, evaluations = backtrack(lambda runs, points: landscape.take(runs).value(points), theta, step, loss, slope)
    ledger.cost[ledger.active] += VALUE_COST * evaluations
    found = length > 0
    ledger.end(~found, Termination.LINE_SEARCH_FAILED, theta, iteration)
    ledger.keep(found)
    return (theta + length[:, None] * step)[found], landscape.take(np.flatnonzero(found))
