"""From where training stopped to a true critical point: descent, and exact Newton as soon as it contracts.

Each run alternates stretches of L-BFGS (SciPy's, on the full loss) with a trial of exact Newton steps. A trial takes the
minimum-norm step -H^+ g, whatever the signs of H's eigenvalues, and goes on as long as every step cuts the gradient norm
tenfold; a trial that does not get to the end leaves no trace, and descent goes on from where it was.

Continuing descent ends at minima almost surely, and so would damping or a trust region, which bend every step downhill.
Newton's step is drawn to saddles as much as to minima: a run that comes near enough to a saddle for the trial to contract
ends there. So this procedure favours minima no more than descent continued would, and a little less.

Networks are treated one after the other: a single Hessian is already one large product, and each needs its own number of
stretches. A row depends on its own start alone.
Sources: D. C. Liu and J. Nocedal, On the limited memory BFGS method (1989); the alternation is ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.optimize

from stationary import spectra
from stationary.methods.result import GRADIENT_COST, Ledger, Result
from stationary.termination import Termination

Array = Any

SQUARE = 1e-20
"""||g||^2 below which a point counts as critical (config/claims.yaml)."""

STRETCH = 200
"""Iterations of L-BFGS between two trials of Newton: about as long, at 760 parameters, as a trial takes."""

MEMORY = 30
"""Pairs that L-BFGS keeps."""

CONTRACTION = 0.1
"""A Newton step has to bring the gradient norm below this part of what it was."""

AT_REST = 1e-6
"""Newton's correction at an end point, relative to 1 + ||theta||; a longer one means a critical point at infinity."""

_TRIAL = 12


def polish(landscape: Any, theta: Array, *, max_iterations: int = 6000, theta_bound: float = 1e8) -> Result:
    """Take a stack of points to critical points, ||g||^2 < 1e-20.

    Args:
        landscape: of the R runs.
        theta: where training stopped, [R, P].
        max_iterations: of L-BFGS and Newton together, per run.
        theta_bound: largest parameter norm that still counts as bounded.

    Returns:
        end points. ``converged`` where they are critical; ``at_infinity`` where the gradient fades and theta keeps moving (a
        cross-entropy without penalty on data that can be told apart); else ``max_iterations``, ``line_search_failed`` or
        ``diverged``.
    """
    ledger = Ledger(theta)
    with np.errstate(over="ignore", invalid="ignore"):
        for run in range(ledger.theta.shape[0]):
            ledger.active = np.array([run])
            _polish_one(landscape.take(ledger.active), ledger, max_iterations, theta_bound)
    return ledger.result()


def _polish_one(landscape: Any, ledger: Ledger, max_iterations: int, theta_bound: float) -> None:
    run, everyone = int(ledger.active[0]), np.ones(1, dtype=bool)
    theta, iterations = ledger.theta[run].copy(), 0

    def objective(point: Array) -> tuple[float, Array]:
        ledger.cost[run] += GRADIENT_COST
        value, gradient = landscape.value_and_gradient(point[None])
        return float(value[0]), gradient[0]

    while True:
        value, gradient = objective(theta)
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            ledger.end(everyone, Termination.DIVERGED, theta[None], iterations)
            return
        arrived, reason, steps = _newton(landscape, theta, ledger, run)
        iterations += steps
        if reason is not None:
            ledger.end(everyone, reason, arrived[None], iterations)
            return
        left = max_iterations - iterations
        stretch = _descend(objective, theta, min(STRETCH, left)) if left > 0 else None
        if stretch is None:
            ledger.end(everyone, Termination.MAX_ITERATIONS, theta[None], iterations)
            return
        theta, iterations = stretch.x, iterations + stretch.nit
        if np.linalg.norm(theta) > theta_bound:
            ledger.end(everyone, Termination.AT_INFINITY, theta[None], iterations)
            return
        if stretch.nit == 0:
            ledger.end(everyone, Termination.LINE_SEARCH_FAILED, theta[None], iterations)
            return


def _descend(objective: Any, theta: Array, iterations: int) -> Any:
    options = {"maxiter": iterations, "maxfun": 100 * iterations, "maxcor": MEMORY, "gtol": 0.0, "ftol": 0.0}
    return scipy.optimize.minimize(objective, theta, jac=True, method="L-BFGS-B", options=options)


def _newton(landscape: Any, theta: Array, ledger: Ledger, run: int) -> tuple[Array, Termination | None, int]:
    """A trial: end point, how it ended (None if it did not contract all the way), steps that count."""
    point = theta[None]
    gradient = landscape.gradient(point)
    norm = float(np.linalg.norm(gradient))
    for steps in range(_TRIAL):
        hessian = landscape.hessian(point)
        ledger.cost[run] += GRADIENT_COST + theta.size
        if not np.isfinite(hessian).all():
            break
        step = spectra.minimum_norm_step(*np.linalg.eigh(hessian), gradient, theta.size * spectra.EPS)
        if norm**2 < SQUARE:
            rests = np.linalg.norm(step) <= AT_REST * (1.0 + np.linalg.norm(point))
            return point[0], Termination.CONVERGED if rests else Termination.AT_INFINITY, steps
        point = point + step
        gradient = landscape.gradient(point)
        before, norm = norm, float(np.linalg.norm(gradient))
        if not norm <= CONTRACTION * before:
            break
    return theta, None, 0
