"""Truncated Newton (Hessian-free): conjugate gradients on H p = -g, stopped early or at negative curvature.

Source: Nocedal & Wright 2006, algorithm 7.1 (line-search Newton-CG); Martens 2010 for the name Hessian-free. Only products with
the exact Hessian are used. At a direction of negative curvature the inner iteration stops, so the step always descends.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.methods.line_search import step_down
from stationary.methods.result import (
    GRADIENT_COST,
    PRODUCT_COST,
    Ledger,
    Observer,
    Result,
    Snapshot,
    Stopping,
    judge_end,
)
from stationary.termination import Termination

Array = Any


def truncated_newton(landscape: Any, theta: Array, stopping: Stopping, *, observe: Observer | None = None) -> Result:
    """Newton-CG with back-tracking on the loss, [R, P] starts."""
    ledger = Ledger(theta)
    theta, here = ledger.theta.copy(), landscape
    for iteration in range(stopping.max_iterations + 1):
        loss, gradient = here.value_and_gradient(theta)
        ledger.cost[ledger.active] += GRADIENT_COST
        gradient_norm = np.linalg.norm(gradient, axis=1)
        done = gradient_norm <= stopping.gradient_tolerance * here.gradient_scale(theta)
        done |= ~np.isfinite(loss) | (np.linalg.norm(theta, axis=1) > stopping.theta_bound)
        done |= (iteration == stopping.max_iterations) | (ledger.cost[ledger.active] + PRODUCT_COST > stopping.budget)
        step, products = _conjugate_gradients(here, theta, gradient, ~done)
        if observe is not None:
            step_norm, unknown = np.linalg.norm(step, axis=1), np.full(theta.shape[0], -1)
            observe(Snapshot(ledger.active, iteration, theta, loss, gradient_norm, step_norm, unknown))
        ledger.cost[ledger.active] += PRODUCT_COST * products
        ledger.end(done, Termination.MAX_ITERATIONS, theta, iteration)
        ledger.keep(~done)
        theta, loss, step, gradient = (array[~done] for array in (theta, loss, step, gradient))
        here = here.take(np.flatnonzero(~done))
        if ledger.active.size == 0:
            break
        theta, here = step_down(ledger, here, theta, step, loss, gradient, iteration)
        if ledger.active.size == 0:
            break
    ledger.termination = judge_end(landscape, ledger.theta, stopping, ledger.termination)
    return ledger.result()


def _conjugate_gradients(landscape: Any, theta: Array, gradient: Array, wanted: Array) -> tuple[Array, Array]:
    """Inner solves of all wanted runs side by side; returns steps [R, P] and products spent [R]."""
    step, products = np.zeros_like(theta), np.zeros(theta.shape[0])
    norm = np.linalg.norm(gradient, axis=1)
    tolerance = np.minimum(0.5, np.sqrt(norm)) * norm
    residual, direction = gradient.copy(), -gradient
    running = np.flatnonzero(wanted)
    for inner in range(theta.shape[1]):
        if running.size == 0:
            break
        d, r = direction[running], residual[running]
        product = landscape.take(running).hvp(theta[running], d)
        products[running] += 1
        curvature, square = (d * product).sum(axis=1), (r * r).sum(axis=1)
        bent = curvature <= 0
        if inner == 0:  # nothing better than steepest descent is known yet
            step[running[bent]] = d[bent]
        running, d, r, product, curvature, square = (array[~bent] for array in (running, d, r, product, curvature, square))
        length = (square / curvature)[:, None]
        step[running] += length * d
        r = r + length * product
        after = (r * r).sum(axis=1)
        residual[running] = r
        direction[running] = -r + (after / square)[:, None] * d
        running = running[np.sqrt(after) > tolerance[running]]
    return step, products
