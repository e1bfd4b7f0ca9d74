"""The loop that all finders of critical points share: runs go on until the merit 1/2 ||g||^2 has nowhere to go.

A finder is a rule that makes a move from what is known at the current points. Runs leave the stack as they end; groups are as
large as their Hessians allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.methods.result import GRADIENT_COST, PRODUCT_COST, Ledger, Result, Snapshot, Stopping
from stationary.methods.spectral import GROUP_BYTES, small_gradient
from stationary.termination import Termination

Array = Any

FIRST_LENGTH = 0.1
"""First step length of gradient-norm minimisation; later searches start from twice the last accepted one."""

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
class Local:
    """What is known at the current points of the active runs; ``pull`` is H g, ``length`` the last accepted step length."""

    theta: Array
    loss: Array
    gradient: Array
    pull: Array
    length: Array
    hessian: Array | None

    def rows(self, kept: Array) -> Local:
        """Some of the runs: boolean [k]."""
        if kept.all():
            return self
        return Local(*(None if array is None else array[kept] for array in vars(self).values()))


@dataclass(frozen=True)
class Move:
    """Next points [k, P], which runs found one [k], gradient-equivalents [k], step lengths [k]."""

    theta: Array
    found: Array
    cost: Array
    length: Array


Rule = Callable[[Any, Local], Move]
FinderObserver = Callable[[FinderSnapshot], None]


def half_square(gradient: Array) -> Array:
    """The merit, 1/2 ||g||^2: [k, P] -> [k]."""
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


def search(
    landscape: Any, theta: Array, rule: Rule, stopping: Stopping, observe: FinderObserver | None, *, decompose: bool
) -> Result:
    """Run a rule from every start, group by group so that the Hessians fit.

    Args:
        landscape: see :mod:`stationary.landscapes.protocol`.
        theta: starts, [R, P].
        rule: of the finder.
        stopping: common stopping rule.
        observe: called once per iteration and group.
        decompose: whether the rule needs Hessians; else Hessian-vector products alone are made.
    """
    ledger = Ledger(theta)
    group = max(1, GROUP_BYTES // (32 * landscape.n_parameters**2))
    for start in range(0, ledger.theta.shape[0], group):
        ledger.active = np.arange(start, min(start + group, ledger.theta.shape[0]))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _search_group(landscape.take(ledger.active), ledger, rule, stopping, observe, decompose)
    return ledger.result()


def _search_group(
    landscape: Any, ledger: Ledger, rule: Rule, stopping: Stopping, observe: FinderObserver | None, decompose: bool
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


def _evaluate(front: _Front, ledger: Ledger, stopping: Stopping, iteration: int, decompose: bool) -> Local | None:
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
    local = Local(front.theta, loss, gradient, pull, front.length, hessian)
    ledger.keep(usable)
    front.keep(usable)
    return local.rows(usable) if usable.any() else None
