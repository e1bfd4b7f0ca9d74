"""Gauss-Newton and Levenberg-Marquardt: least-squares methods that drop the residual curvature.

With residuals r and Jacobian Jac (rows are parameters), J = 1/2 |r|^2, g = Jac r and the model Hessian is Jac Jac^T, positive
semidefinite: the curvature that exact Newton follows to saddles is not there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.line_search import step_down
from stationary.methods.linear_systems import eigh_or_nan, solve_or_nan
from stationary.methods.result import GRADIENT_COST, VALUE_COST, Ledger, Observer, Result, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

FIRST_DAMPING = 1e-3
"""Levenberg-Marquardt's mu at the start, relative to the largest diagonal entry of Jac Jac^T (Nielsen 1999, tau)."""


def gauss_newton(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Minimum-norm Gauss-Newton steps with back-tracking on the loss, [R, P] starts.

    The minimum-norm solution uses the Gram matrix of the smaller side with relative cut P eps on its eigenvalues.
    """
    ledger = Ledger(theta)
    theta, here = ledger.theta.copy(), landscape
    for iteration in range(stopping.max_iterations + 1):
        residual, jacobian = here.residual_and_jacobian(theta)
        ledger.cost[ledger.active] += GRADIENT_COST
        gradient, loss = np.matvec(jacobian, residual), 0.5 * (residual * residual).sum(axis=1)
        step = _minimum_norm(residual, jacobian)
        theta, here, kept = _close(ledger, here, theta, loss, gradient, step, jacobian, iteration, stopping, observe)
        if ledger.active.size == 0:
            break
        theta, here = step_down(ledger, here, theta, step[kept], loss[kept], gradient[kept], iteration)
        if ledger.active.size == 0:
            break
    return _judged(landscape, ledger, stopping)


def levenberg_marquardt(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Levenberg-Marquardt with Nielsen's update of the damping, [R, P] starts.

    Source: H. B. Nielsen, Damping parameter in Marquardt's method, IMM-REP-1999-05.
    """
    ledger = Ledger(theta)
    theta, here = ledger.theta.copy(), landscape
    residual, jacobian = here.residual_and_jacobian(theta)
    damping = FIRST_DAMPING * (jacobian * jacobian).sum(axis=2).max(axis=1)
    growth = np.full(theta.shape[0], 2.0)
    for iteration in range(stopping.max_iterations + 1):
        ledger.cost[ledger.active] += GRADIENT_COST
        gradient, loss = np.matvec(jacobian, residual), 0.5 * (residual * residual).sum(axis=1)
        step = _damped(residual, jacobian, gradient, damping)
        theta, here, kept = _close(ledger, here, theta, loss, gradient, step, jacobian, iteration, stopping, observe)
        if ledger.active.size == 0:
            break
        residual, jacobian, gradient, loss, step, damping, growth = (
            array[kept] for array in (residual, jacobian, gradient, loss, step, damping, growth)
        )
        trial = theta + step
        with np.errstate(over="ignore", invalid="ignore"):
            after = here.value(trial)
        ledger.cost[ledger.active] += VALUE_COST
        predicted = 0.5 * (step * (damping[:, None] * step - gradient)).sum(axis=1)
        gain = (loss - after) / np.maximum(predicted, np.finfo(float).tiny)
        better = (gain > 0) & np.isfinite(after)
        shrink = np.maximum(1.0 / 3.0, 1.0 - (2.0 * np.where(better, gain, 0.5) - 1.0) ** 3)
        damping = damping * np.where(better, shrink, growth)
        # At the rounding level of Jac Jac^T a smaller shift would not keep the system regular.
        damping = np.maximum(damping, spectra.EPS * (jacobian * jacobian).sum(axis=(1, 2)))
        growth = np.where(better, 2.0, 2.0 * growth)
        # Damped into standing still: no length of this step lowers the loss in this arithmetic.
        stuck = damping > 1e30
        ledger.end(stuck, Termination.LINE_SEARCH_FAILED, theta, iteration)
        theta[better] = trial[better]
        moved = np.flatnonzero(better)
        if moved.size:
            residual[moved], jacobian[moved] = here.take(moved).residual_and_jacobian(theta[moved])
        theta, residual, jacobian, damping, growth = (array[~stuck] for array in (theta, residual, jacobian, damping, growth))
        here = here.take(np.flatnonzero(~stuck))
        ledger.keep(~stuck)
        if ledger.active.size == 0:
            break
    return _judged(landscape, ledger, stopping)


def _minimum_norm(residual: Array, jacobian: Array) -> Array:
    parameters, points = jacobian.shape[1:]
    if parameters <= points:
        values, vectors = eigh_or_nan(jacobian @ jacobian.swapaxes(1, 2))
        return spectra.minimum_norm_step(values, vectors, np.matvec(jacobian, residual), parameters * spectra.EPS)
    values, vectors = eigh_or_nan(jacobian.swapaxes(1, 2) @ jacobian)
    return np.matvec(jacobian, spectra.minimum_norm_step(values, vectors, residual, parameters * spectra.EPS))


def _damped(residual: Array, jacobian: Array, gradient: Array, damping: Array) -> Array:
    """-(Jac Jac^T + mu I)^{-1} g, through the smaller Gram matrix (push-through identity)."""
    parameters, points = jacobian.shape[1:]
    if parameters <= points:
        system = jacobian @ jacobian.swapaxes(1, 2) + damping[:, None, None] * np.eye(parameters)
        return -solve_or_nan(system, gradient[:, :, None])[:, :, 0]
    system = jacobian.swapaxes(1, 2) @ jacobian + damping[:, None, None] * np.eye(points)
    return -np.matvec(jacobian, solve_or_nan(system, residual[:, :, None])[:, :, 0])


def _close(
    ledger: Ledger,
    here: Any,
    theta: Array,
    loss: Array,
    gradient: Array,
    step: Array,
    jacobian: Array,
    iteration: int,
    stopping: Stopping,
    observe: Observer | None,
) -> tuple[Array, Any, Array]:
    """Report the iteration and close runs that are done; returns what goes on, and the mask of it."""
    gradient_norm, step_norm = np.linalg.norm(gradient, axis=1), np.linalg.norm(step, axis=1)
    if observe is not None:
        unknown = np.full(theta.shape[0], -1)
        observe(Snapshot(ledger.active, iteration, theta, loss, gradient_norm, step_norm, unknown))
    scale = np.sqrt((jacobian * jacobian).sum(axis=(1, 2)) * here.target_square())
    done = gradient_norm <= stopping.gradient_tolerance * scale
    done |= ~np.isfinite(step_norm) | (np.linalg.norm(theta, axis=1) > stopping.theta_bound)
    done |= (iteration == stopping.max_iterations) | (ledger.cost[ledger.active] + GRADIENT_COST > stopping.budget)
    ledger.end(done, Termination.MAX_ITERATIONS, theta, iteration)
    ledger.keep(~done)
    return theta[~done], here.take(np.flatnonzero(~done)), ~done


def _judged(landscape: Any, ledger: Ledger, stopping: Stopping) -> Result:
    ledger.termination = judge_end(landscape, ledger.theta, stopping, ledger.termination)
    return ledger.result()
