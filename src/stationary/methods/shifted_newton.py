"""Damped and saddle-free Newton: a step for each of a few shifts from one decomposition, the best one is taken.

damped:       p = -(H + gamma I)^{-1} g       (negative curvature stays negative for small gamma)
saddle-free:  p = -(|H| + gamma I)^{-1} g     (Dauphin et al. 2014, arXiv 1406.2572, section 6)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.methods.result import VALUE_COST, Observer, Result, Stopping
from stationary.methods.spectral import Local, Move, descend

Array = Any

SHIFTS = 10.0 ** np.arange(1, -8, -1)
"""gamma, relative to the largest absolute eigenvalue: 10 to 1e-7. Dauphin et al. give no numbers; these are ours."""


def damped_newton(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Newton with H + gamma I, gamma the shift with the lowest loss: [R, P] starts."""
    return descend(landscape, theta, lambda local: _best_shift(local, local.basis.eigenvalues), stopping, observe=observe)


def saddle_free_newton(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Newton with |H| + gamma I, gamma the shift with the lowest loss: [R, P] starts."""
    return descend(
        landscape, theta, lambda local: _best_shift(local, np.abs(local.basis.eigenvalues)), stopping, observe=observe
    )


def _best_shift(local: Local, curvature: Array) -> Move:
    """Try every shift; a run that none of them lets descend has found no step."""
    replicas = local.theta.shape[0]
    largest = np.abs(curvature).max(axis=1)
    shifted = curvature[:, None] + SHIFTS[:, None] * largest[:, None, None]  # [R, K, P]
    # A shift that cancels an eigenvalue makes the step useless, not wrong: its loss is not finite or not the lowest.
    steps = local.basis.combine(-local.coordinates[:, None] / shifted)
    best_loss, best_theta = np.full(replicas, np.inf), local.theta.copy()
    for number in range(SHIFTS.size):
        points = local.theta + steps[:, number]
        loss = local.landscape.value(points)
        better = loss < best_loss
        best_loss[better], best_theta[better] = loss[better], points[better]
    found = best_loss < local.loss
    return Move(best_theta, found, np.full(replicas, VALUE_COST * SHIFTS.size))
