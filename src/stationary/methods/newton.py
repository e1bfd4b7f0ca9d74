"""Exact Newton: the step -H^+ g with the true Hessian, under different rules for its length.

It solves for a stationary point of any inertia, not for a minimum (Rowan 2025, arXiv 2510.11987). "Exact" is the unit step
with eigenvalues cut at P eps; every other rule and every larger cut is a named variant.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from stationary.methods.line_search import backtrack
from stationary.methods.result import GRADIENT_COST, VALUE_COST, Observer, Result, Stopping
from stationary.methods.spectral import Local, Move, Rule, descend

Array = Any
StepRule = Literal["unit", "damped", "gradient_search", "loss_search", "loss_search_flipped"]

DAMPING = 0.5
"""Length of every step under the rule ``damped``."""


def newton(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    step_rule: StepRule = "unit",
    cut: float | None = None,
    observe: Observer | None = None,
) -> Result:
    """Newton's method on the gradient from a stack of starts.

    Args:
        landscape: see :mod:`stationary.landscapes.protocol`.
        theta: starts, [R, P].
        stopping: common stopping rule.
        step_rule: ``unit``; ``damped``, half of every step; ``gradient_search``, halved until ||g|| falls;
            ``loss_search``, halved until the loss falls, which fails where the direction ascends; ``loss_search_flipped``,
            the same along the descending one of +p and -p.
        cut: relative cut of the pseudo-inverse; P eps if None.
        observe: called once per iteration.
    """
    return descend(landscape, theta, _RULES[step_rule], stopping, cut=cut, observe=observe)


def _fixed(length: float) -> Rule:
    def rule(local: Local) -> Move:
        replicas = local.theta.shape[0]
        return Move(local.theta + length * local.newton_step, np.ones(replicas, dtype=bool), np.zeros(replicas))

    return rule


def _gradient_search(local: Local) -> Move:
    """Merit 1/2 ||g||^2, whose slope along p is g^T H p = -||projection of g on the kept eigenvectors||^2."""

    def merit(runs: Array, points: Array) -> Array:
        gradient = local.landscape.take(runs).gradient(points)
        return 0.5 * (gradient * gradient).sum(axis=1)

    pushed = local.basis.coordinates(local.newton_step)
    slope = (local.coordinates * local.basis.eigenvalues * pushed).sum(axis=1)
    now = 0.5 * (local.gradient * local.gradient).sum(axis=1)
    length, evaluations = backtrack(merit, local.theta, local.newton_step, now, slope)
    return Move(local.theta + length[:, None] * local.newton_step, length > 0, GRADIENT_COST * evaluations)


def _loss_search(local: Local) -> Move:
    return _search_loss(local, local.newton_step)


def _loss_search_flipped(local: Local) -> Move:
    ascends = (local.newton_step * local.gradient).sum(axis=1) > 0
    return _search_loss(local, np.where(ascends[:, None], -local.newton_step, local.newton_step))


def _search_loss(local: Local, step: Array) -> Move:
    slope = (step * local.gradient).sum(axis=1)
    length, evaluations = backtrack(
        lambda runs, points: local.landscape.take(runs).value(points), local.theta, step, local.loss, slope
    )
    return Move(local.theta + length[:, None] * step, length > 0, VALUE_COST * evaluations)


_RULES: dict[StepRule, Rule] = {
    "unit": _fixed(1.0),
    "damped": _fixed(DAMPING),
    "gradient_search": _gradient_search,
    "loss_search": _loss_search,
    "loss_search_flipped": _loss_search_flipped,
}
