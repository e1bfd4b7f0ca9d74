"""Finders of critical points of any index, stacked over starts: all of them drive the merit 1/2 ||g||^2 down.

gradient-norm minimisation    along -H g, the merit's own gradient, by Hessian-vector products alone
damped Newton                 -(H + gamma I)^+ g for a few gamma; the one with the smallest new ||g|| is taken
Newton-MR                     -H^+ g with back-tracking on ||g||^2 (Roosta, Liu, Xu and Mahoney 2018, arXiv 1810.00303)

A run has converged when ||g|| is small (``Stopping``), whatever its index. It is gradient-flat if it cannot go on because g
lies in the null space of H: the merit is stationary there, the loss is not. Whether an end point passes a filter, and how flat
it is by a measure that all finders share, is judged afterwards (:mod:`stationary.methods.flatness`, ``spectra``).
Sources: Frye et al. 2019 (arXiv 1901.10603) and 2021 (arXiv 2003.10397).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.curvature_solves import newton_steps, shifted_steps
from stationary.methods.flatness import minres, shortest
from stationary.methods.line_search import MAX_HALVINGS, SUFFICIENT, backtrack
from stationary.methods.merit_search import FinderObserver, Local, Move, half_square, search
from stationary.methods.result import GRADIENT_COST, PRODUCT_COST, Result, Stopping

Array = Any

CURVATURE = 0.9
"""Wolfe's constant: a step is too short while the slope at its end is below this part of the slope at its start."""

DAMPINGS = (0.0, *(10.0**power for power in range(-7, 2)))
"""gamma of damped Newton relative to the largest absolute eigenvalue, Newton's own step among them. The papers give none."""

EXACT = 1e-10
"""r or r_H at which MINRES has solved Newton's system."""

LAST = 1e-8
"""r_H at which MINRES has come to an end where the system has no solution: rounding keeps it from coming closer to EXACT."""


def gradient_norm_minimisation(
    landscape: Any, theta: Array, stopping: Stopping, *, observe: FinderObserver | None = None
) -> Result:
    """Steepest descent of 1/2 ||g||^2 with Armijo's and Wolfe's conditions (1e-4 and 0.9).

    The step is halved while it is too long and doubled while it is too short; the first search starts from 0.1.

    Args:
        landscape: see :mod:`stationary.landscapes.protocol`.
        theta: starts, [R, P].
        stopping: common stopping rule.
        observe: called once per iteration with a :class:`stationary.methods.merit_search.FinderSnapshot`.
    """
    return search(landscape, theta, _descend_merit, stopping, observe, decompose=False)


def damped_newton(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    dampings: tuple[float, ...] = DAMPINGS,
    cut: float | None = None,
    observe: FinderObserver | None = None,
) -> Result:
    """Newton with H + gamma I, for each gamma the minimum-norm solution, the one with the smallest new ||g||.

    A run that no gamma brings to a smaller ||g|| has found no step.

    Args:
        landscape: as above.
        theta: starts, [R, P].
        stopping: common stopping rule.
        dampings: gamma relative to the largest absolute eigenvalue of H.
        cut: relative cut of the pseudo-inverses; P eps if None.
        observe: as above.
    """
    relative = landscape.n_parameters * spectra.EPS if cut is None else cut

    def rule(here: Any, local: Local) -> Move:
        return _best_damping(here, local, np.array(dampings), relative)

    return search(landscape, theta, rule, stopping, observe, decompose=True)


def newton_mr(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    products: int | None = None,
    cut: float | None = None,
    observe: FinderObserver | None = None,
) -> Result:
    """Minimum-residual Newton steps with ||g(theta + a p)||^2 <= ||g||^2 + 2e-4 a p^T H g, a = 1, 1/2, ...

    Without ``products`` p is the minimum-norm solution -H^+ g. With it, p is MINRES's iterate after that many products with
    H, or fewer if r or r_H is 1e-10 before; then, where the system has no solution, its part outside of the range of H is taken
    off (minimum norm). The truncation, not a cut, limits what nearly null directions add to p. Frye's code (autocrit, defaults)
    truncates after 25.

    Args:
        landscape: as above.
        theta: starts, [R, P].
        stopping: common stopping rule.
        products: most products with H per step; None for the pseudo-inverse.
        cut: relative cut of the pseudo-inverse; P eps if None.
        observe: as above.
    """
    relative = landscape.n_parameters * spectra.EPS if cut is None else cut

    def rule(here: Any, local: Local) -> Move:
        if products is None:
            step, _ = newton_steps(local.hessian, local.gradient, relative)
        else:
            step, _ = minres(local.hessian, local.gradient, stop=EXACT, max_iterations=products)
            step = shortest(local.hessian, local.gradient, step, tolerance=LAST)
        merit, now = _merit(here), half_square(local.gradient)
        length, evaluations = backtrack(merit, local.theta, step, now, (step * local.pull).sum(axis=1))
        return Move(local.theta + length[:, None] * step, length > 0, GRADIENT_COST * evaluations, length)

    return search(landscape, theta, rule, stopping, observe, decompose=True)


def _best_damping(here: Any, local: Local, dampings: Array, cut: float) -> Move:
    steps = shifted_steps(local.hessian, local.gradient, dampings, cut)
    best, best_theta = half_square(local.gradient), local.theta.copy()
    found = np.zeros(best.size, dtype=bool)
    for column in range(dampings.size):
        points = local.theta + steps[:, column]
        after = half_square(here.gradient(points))
        better = after < best  # False where not finite
        best[better], best_theta[better] = after[better], points[better]
        found |= better
    return Move(best_theta, found, np.full(best.size, GRADIENT_COST * dampings.size), local.length)


def _descend_merit(here: Any, local: Local) -> Move:
    now, slope = half_square(local.gradient), -(local.pull * local.pull).sum(axis=1)
    first = 2.0 * local.length
    relative, evaluations = backtrack(_merit(here), local.theta, -first[:, None] * local.pull, now, first * slope)
    length, cost = first * relative, GRADIENT_COST * evaluations
    short = np.flatnonzero(relative == 1.0)  # twice the length of a step that had to be halved was too long
    for _ in range(MAX_HALVINGS if short.size else 0):
        down, taken = local.pull[short], here.take(short)
        points = local.theta[short] - length[short, None] * down
        slope_there = -(taken.hvp(points, taken.gradient(points)) * down).sum(axis=1)
        cost[short] += GRADIENT_COST + PRODUCT_COST
        short = short[slope_there < CURVATURE * slope[short]]
        if short.size == 0:
            break
        longer = 2.0 * length[short]
        after = _merit(here)(short, local.theta[short] - longer[:, None] * local.pull[short])
        cost[short] += GRADIENT_COST
        short = short[after <= now[short] + SUFFICIENT * longer * slope[short]]
        length[short] *= 2.0
        if short.size == 0:
            break
    return Move(local.theta - length[:, None] * local.pull, length > 0, cost, length)


def _merit(here: Any) -> Callable[[Array, Array], Array]:
    return lambda runs, points: half_square(here.take(runs).gradient(points))
