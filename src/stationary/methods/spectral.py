"""The loop shared by all methods that decompose the exact Hessian at every iteration.

A method is a rule that turns (theta, loss, gradient, spectrum) into the next point; the loop evaluates, decomposes, judges
and lets finished runs go, so that they stop costing. Products and decompositions are per replica: a run's path is bitwise
the same in any stack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.eigenbasis import EigenBasis, eigenbasis
from stationary.methods.result import GRADIENT_COST, Ledger, Observer, Result, Snapshot, Stopping
from stationary.termination import Termination

Array = Any

GROUP_BYTES = 200_000_000
"""Hessians, eigenvectors and temporaries of the runs that are decomposed together; larger stacks go group by group."""

VANISHING = 1e-10
"""Steps below this, relative to 1 + ||theta||, do not move: if the gradient is not small then, it is flat."""

AT_REST = 1e-6
"""Steps below this, relative to 1 + ||theta||, have shrunk: convergence if the gradient is small and the cut did not do it."""

MOVING = 1e-2
"""Steps above this, relative to 1 + ||theta||, are no approach to a point: a run that goes from such a step to rest by
losing eigenvalues to the cut was drifting along directions that flatten for ever, and ends at infinity."""


@dataclass(frozen=True)
class Local:
    """What is known at the current points of the active runs; ``coordinates`` are the gradient's in the eigenbasis."""

    landscape: Any
    theta: Array
    loss: Array
    gradient: Array
    basis: EigenBasis
    coordinates: Array
    newton_step: Array


@dataclass(frozen=True)
class Move:
    """A rule's answer: next points [k, P], which runs found one [k], gradient-equivalents it cost [k]."""

    theta: Array
    found: Array
    cost: Array


Rule = Callable[[Local], Move]


def descend(
    landscape: Any,
    theta: Array,
    rule: Rule,
    stopping: Stopping,
    *,
    cut: float | None = None,
    observe: Observer | None = None,
) -> Result:
    """Iterate a spectral rule from a stack of starts.

    Args:
        landscape: with ``value_and_gradient``, ``hessian``, ``gradient_scale``, ``take``, ``n_parameters``.
        theta: starts, [R, P].
        rule: the method.
        stopping: common stopping rule.
        cut: eigenvalues below ``cut`` times the largest are taken as zero in the Newton step; P eps if None.
        observe: called once per iteration with the runs still going.

    Returns:
        end points and terminations of the R runs.
    """
    parameters = landscape.n_parameters
    cut = parameters * spectra.EPS if cut is None else cut
    ledger = Ledger(theta)
    group = max(1, GROUP_BYTES // (32 * parameters * parameters))
    for start in range(0, ledger.theta.shape[0], group):
        ledger.active = np.arange(start, min(start + group, ledger.theta.shape[0]))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _descend_group(landscape, ledger, rule, stopping, cut, observe)
    return ledger.result()


@dataclass
class _Front:
    """The runs of a group that still go, and what the stopping rule remembers of them; rows leave together."""

    landscape: Any
    theta: Array
    scale_at_start: Array
    last_step: Array
    last_rank: Array
    still: Array
    cut_off: Array

    def keep(self, kept: Array) -> None:
        self.landscape = self.landscape.take(np.flatnonzero(kept))
        for name in ("theta", "scale_at_start", "last_step", "last_rank", "still", "cut_off"):
            setattr(self, name, getattr(self, name)[kept])


def _descend_group(
    landscape: Any, ledger: Ledger, rule: Rule, stopping: Stopping, cut: float, observe: Observer | None
) -> None:
    theta, here = ledger.theta[ledger.active], landscape.take(ledger.active)
    replicas = theta.shape[0]
    no, far = np.zeros(replicas, dtype=bool), np.full(replicas, np.inf)
    front = _Front(here, theta, here.gradient_scale(theta), far, far, no, no)
    for iteration in range(stopping.max_iterations + 1):
        local = _decompose(front, ledger, stopping, cut, iteration)
        if local is None:
            return
        gradient_norm, step_norm = (np.linalg.norm(rows, axis=1) for rows in (local.gradient, local.newton_step))
        reach = 1.0 + np.linalg.norm(front.theta, axis=1)
        small = small_gradient(front.landscape, front.theta, front.scale_at_start, gradient_norm, stopping)
        eigenvalues = local.basis.eigenvalues
        rank = spectra.kept(eigenvalues, cut).sum(axis=1)
        fell = (rank < front.last_rank) & (step_norm <= 0.5 * front.last_step) & (front.last_step > MOVING * reach)
        cut_off = np.isfinite(front.last_step) & fell | (front.cut_off & (step_norm <= MOVING * reach))
        rests = small & (step_norm <= AT_REST * reach)
        vanishing = step_norm <= VANISHING * reach
        flat = vanishing & front.still & ~small
        parameters = front.theta.shape[1]
        out_of_time = np.full(small.size, iteration == stopping.max_iterations)
        out_of_time |= ledger.cost[ledger.active] + GRADIENT_COST + parameters > stopping.budget
        if observe is not None:
            n_negative = spectra.inertia(eigenvalues, null_band=spectra.rounding_band(eigenvalues)).n_negative
            observe(Snapshot(ledger.active, iteration, front.theta, local.loss, gradient_norm, step_norm, n_negative))
        ledger.end(out_of_time & ~small, Termination.MAX_ITERATIONS, front.theta, iteration)
        ledger.end(out_of_time & small, Termination.AT_INFINITY, front.theta, iteration)  # no gradient, yet still moving
        ledger.end(flat, Termination.GRADIENT_FLAT, front.theta, iteration)
        ledger.end(rests & cut_off, Termination.AT_INFINITY, front.theta, iteration)
        ledger.end(rests & ~cut_off, Termination.CONVERGED, front.theta, iteration)

        going = ~(rests | flat | out_of_time)
        ledger.keep(going)
        if ledger.active.size == 0:
            return
        front.last_step, front.last_rank, front.still, front.cut_off = step_norm, rank, vanishing, cut_off
        front.keep(going)
        move = rule(_rows(local, going, front.landscape))
        ledger.cost[ledger.active] += move.cost
        ledger.end(~move.found, Termination.LINE_SEARCH_FAILED, front.theta, iteration)
        ledger.keep(move.found)
        front.theta = move.theta
        front.keep(move.found)
        if ledger.active.size == 0:
            return


def _decompose(front: _Front, ledger: Ledger, stopping: Stopping, cut: float, iteration: int) -> Local | None:
    """Evaluate and decompose at the front's points; runs that left the finite world are closed first."""
    loss, gradient = front.landscape.value_and_gradient(front.theta)
    finite = np.isfinite(front.theta).all(axis=1) & np.isfinite(loss) & np.isfinite(gradient).all(axis=1)
    near = np.linalg.norm(front.theta, axis=1) <= stopping.theta_bound
    ledger.end(~finite, Termination.DIVERGED, front.theta, iteration)
    ledger.end(finite & ~near, Termination.AT_INFINITY, front.theta, iteration)
    usable = finite & near
    ledger.keep(usable)
    front.keep(usable)
    if ledger.active.size == 0:
        return None
    loss, gradient = loss[usable], gradient[usable]
    hessian = front.landscape.hessian(front.theta)
    sound = np.isfinite(hessian).all(axis=(1, 2))
    ledger.cost[ledger.active] += GRADIENT_COST + front.theta.shape[1]
    ledger.end(~sound, Termination.DIVERGED, front.theta, iteration)
    ledger.keep(sound)
    front.keep(sound)
    if ledger.active.size == 0:
        return None
    if not sound.all():
        loss, gradient, hessian = loss[sound], gradient[sound], hessian[sound]
    basis = eigenbasis(hessian)
    coordinates = basis.coordinates(gradient)
    step = basis.combine(-(spectra.inverse(basis.eigenvalues, cut) * coordinates)[:, None])[:, 0]
    return Local(front.landscape, front.theta, loss, gradient, basis, coordinates, step)


def _rows(local: Local, kept: Array, landscape: Any) -> Local:
    if kept.all():
        return local
    theta, loss, gradient, coordinates, step = (
        array[kept] for array in (local.theta, local.loss, local.gradient, local.coordinates, local.newton_step)
    )
    return Local(landscape, theta, loss, gradient, local.basis.take(kept), coordinates, step)


def small_gradient(landscape: Any, theta: Array, scale_at_start: Array, gradient_norm: Array, stopping: Stopping) -> Array:
    """||g|| <= tolerance ||J||_F ||f||, boolean [R]; the Jacobian is formed only where that could hold."""
    small = np.zeros(gradient_norm.size, dtype=bool)
    # A scale a hundred million times the one at the start would be needed for a run to be missed here.
    likely = np.flatnonzero(gradient_norm <= 1e8 * stopping.gradient_tolerance * scale_at_start)
    if likely.size:
        scale = landscape.take(likely).gradient_scale(theta[likely])
        small[likely] = gradient_norm[likely] <= stopping.gradient_tolerance * scale
    return small
