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
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.curvature_solves import newton_steps, shifted_steps
from stationary.methods.flatness import minres, shortest
from stationary.methods.line_search import MAX_HALVINGS, SUFFICIENT, backtrack
from stationary.methods.result import GRADIENT_COST, PRODUCT_COST, Ledger, Observer, Result, Snapshot, Stopping
from stationary.methods.spectral import GROUP_BYTES, small_gradient
from stationary.termination import Termination

Array = Any

FIRST_LENGTH = 0.1
"""First step length of gradient-norm minimisation; later searches start from twice the last accepted one."""

CURVATURE = 0.9
"""Wolfe's constant: a step is too short while the slope at its end is below this part of the slope at its start."""

DAMPINGS = (0.0, *(10.0**power for power in range(-7, 2)))
"""gamma of damped Newton relative to the largest absolute eigenvalue, Newton's own step among them. The papers give none."""

EXACT = 1e-10
"""r or r_H at which MINRES has solved Newton's system."""

LAST = 1e-8
"""r_H at which MINRES has come to an end where the system has no solution: rounding keeps it from coming closer to EXACT."""

STATIONARY = 1e-8
"""||H g|| / (||H||_F ||g||) at which the merit has nowhere to go."""

INVISIBLE = 5e-4
"""The same ratio at which a run whose search fails is called gradient-flat: r_H of the zero step (Frye et al. 2021)."""


@dataclass(frozen=True)
class FinderSnapshot(Snapshot):
    """An iteration with what the finder has at hand; ``hessian`` is None for a finder that does not form it."""

    gradient: Array
    hessian: Array | None


@dataclass(frozen=True)
class _Local:
    """What is known at the current points of the active runs; ``pull`` is H g, ``length`` the last accepted step length."""

    theta: Array
    loss: Array
    gradient: Array
    pull: Array
    length: Array
    hessian: Array | None

    def rows(self, kept: Array) -> _Local:
        if kept.all():
            return self
        return _Local(*(None if array is None else array[kept] for array in vars(self).values()))


@dataclass(frozen=True)
class _Move:
    """Next points [k, P], which runs found one [k], gradient-equivalents [k], step lengths [k]."""

    theta: Array
    found: Array
    cost: Array
    length: Array


_Rule = Callable[[Any, _Local], _Move]


def gradient_norm_minimisation(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Steepest descent of 1/2 ||g||^2 with Armijo's and Wolfe's conditions (1e-4 and 0.9).

    The step is halved while it is too long and doubled while it is too short; the first search starts from 0.1.

    Args:
        landscape: see :mod:`stationary.landscapes.protocol`.
        theta: starts, [R, P].
        stopping: common stopping rule.
        observe: called once per iteration with a :class:`FinderSnapshot`.
    """
    return _find(landscape, theta, _descend_merit, stopping, observe, decompose=False)


def damped_newton(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    dampings: tuple[float, ...] = DAMPINGS,
    cut: float | None = None,
    observe: Observer | None = None,
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

    def rule(here: Any, local: _Local) -> _Move:
        return _best_damping(here, local, np.array(dampings), relative)

    return _find(landscape, theta, rule, stopping, observe, decompose=True)


def newton_mr(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    products: int | None = None,
    cut: float | None = None,
    observe: Observer | None = None,
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

    def rule(here: Any, local: _Local) -> _Move:
        if products is None:
            step, _ = newton_steps(local.hessian, local.gradient, relative)
        else:
            step, _ = minres(local.hessian, local.gradient, stop=EXACT, max_iterations=products)
            step = shortest(local.hessian, local.gradient, step, tolerance=LAST)
        merit, now = _merit(here), _half_square(local.gradient)
        length, evaluations = backtrack(merit, local.theta, step, now, (step * local.pull).sum(axis=1))
        return _Move(local.theta + length[:, None] * step, length > 0, GRADIENT_COST * evaluations, length)

    return _find(landscape, theta, rule, stopping, observe, decompose=True)


def _best_damping(here: Any, local: _Local, dampings: Array, cut: float) -> _Move:
    steps = shifted_steps(local.hessian, local.gradient, dampings, cut)
    best, best_theta = _half_square(local.gradient), local.theta.copy()
    found = np.zeros(best.size, dtype=bool)
    for column in range(dampings.size):
        points = local.theta + steps[:, column]
        after = _half_square(here.gradient(points))
        better = after < best  # False where not finite
        best[better], best_theta[better] = after[better], points[better]
        found |= better
    return _Move(best_theta, found, np.full(best.size, GRADIENT_COST * dampings.size), local.length)


def _descend_merit(here: Any, local: _Local) -> _Move:
    now, slope = _half_square(local.gradient), -(local.pull * local.pull).sum(axis=1)
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
    return _Move(local.theta - length[:, None] * local.pull, length > 0, cost, length)


def _merit(here: Any) -> Callable[[Array, Array], Array]:
    return lambda runs, points: _half_square(here.take(runs).gradient(points))


def _half_square(gradient: Array) -> Array:
    return 0.5 * (gradient * gradient).sum(axis=1)


@dataclass
class _Front:
    """The runs of a group that still go; rows leave together."""

    landscape: Any
    theta: Array
    scale_at_start: Array
    curvature: Array  # ||H||_F, at the start where the finder forms no Hessian
    length: Array

    def keep(self, kept: Array) -> None:
        if not kept.all():
            self.landscape = self.landscape.take(np.flatnonzero(kept))
            for name in ("theta", "scale_at_start", "curvature", "length"):
                setattr(self, name, getattr(self, name)[kept])


def _find(
    landscape: Any, theta: Array, rule: _Rule, stopping: Stopping, observe: Observer | None, *, decompose: bool
) -> Result:
    """Run a rule from every start, group by group so that the Hessians fit."""
    ledger = Ledger(theta)
    group = max(1, GROUP_BYTES // (32 * landscape.n_parameters**2))
    for start in range(0, ledger.theta.shape[0], group):
        ledger.active = np.arange(start, min(start + group, ledger.theta.shape[0]))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _find_group(landscape.take(ledger.active), ledger, rule, stopping, observe, decompose)
    return ledger.result()


def _find_group(
    landscape: Any, ledger: Ledger, rule: _Rule, stopping: Stopping, observe: Observer | None, decompose: bool
) -> None:
    theta = ledger.theta[ledger.active]
    curvature = np.linalg.norm(landscape.hessian(theta), axis=(1, 2))
    front = _Front(landscape, theta, landscape.gradient_scale(theta), curvature, np.full(len(theta), 0.5 * FIRST_LENGTH))
    price = GRADIENT_COST + (theta.shape[1] if decompose else PRODUCT_COST)
    for iteration in range(stopping.max_iterations + 1):
        local = _evaluate(front, ledger, stopping, iteration, decompose)
        if local is None:
            return
        ledger.cost[ledger.active] += price
        norm = np.linalg.norm(local.gradient, axis=1)
        seen = np.linalg.norm(local.pull, axis=1) / (front.curvature * norm)  # NaN where the gradient is exactly zero
        small = small_gradient(front.landscape, front.theta, front.scale_at_start, norm, stopping)
        flat = ~small & (seen <= STATIONARY)
        late = ~small & ~flat & (ledger.cost[ledger.active] + price > stopping.budget)
        late |= ~small & ~flat & (iteration == stopping.max_iterations)
        runs, step_norm, going = ledger.active, np.zeros(norm.size), ~(small | flat | late)
        for ended, reason in (
            (small, Termination.CONVERGED),
            (flat, Termination.GRADIENT_FLAT),
            (late, Termination.MAX_ITERATIONS),
        ):
            ledger.end(ended, reason, front.theta, iteration)
        ledger.keep(going)
        front.keep(going)
        move = rule(front.landscape, local.rows(going)) if going.any() else None
        if move is not None:
            step_norm[going] = np.linalg.norm(move.theta - front.theta, axis=1)
        if observe is not None:
            arrays = (local.theta, local.loss, norm, step_norm, np.full(norm.size, -1), local.gradient, local.hessian)
            observe(FinderSnapshot(runs, iteration, *arrays))
        if move is None:
            return
        ledger.cost[ledger.active] += move.cost
        invisible = ~move.found & (seen[going] <= INVISIBLE)
        ledger.end(invisible, Termination.GRADIENT_FLAT, front.theta, iteration)
        ledger.end(~move.found & ~invisible, Termination.LINE_SEARCH_FAILED, front.theta, iteration)
        ledger.keep(move.found)
        front.theta, front.length = move.theta, move.length
        front.keep(move.found)
        if ledger.active.size == 0:
            return


def _evaluate(front: _Front, ledger: Ledger, stopping: Stopping, iteration: int, decompose: bool) -> _Local | None:
    """Derivatives at the front's points; runs that left the finite world, or the bound, are closed first."""
    loss, gradient = front.landscape.value_and_gradient(front.theta)
    if decompose:
        hessian = front.landscape.hessian(front.theta)
        front.curvature = np.linalg.norm(hessian, axis=(1, 2))
        pull = np.matvec(hessian, gradient)
    else:
        hessian, pull = None, front.landscape.hvp(front.theta, gradient)
    finite = np.isfinite(front.theta).all(axis=1) & np.isfinite(loss) & np.isfinite(pull).all(axis=1)
    finite &= np.isfinite(front.curvature)
    far = finite & (np.linalg.norm(front.theta, axis=1) > stopping.theta_bound)
    ledger.end(~finite, Termination.DIVERGED, front.theta, iteration)
    ledger.end(far, Termination.AT_INFINITY, front.theta, iteration)
    usable = finite & ~far
    local = _Local(front.theta, loss, gradient, pull, front.length, hessian)
    ledger.keep(usable)
    front.keep(usable)
    return local.rows(usable) if usable.any() else None
