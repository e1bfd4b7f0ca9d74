"""Is a point critical, or is the gradient merely invisible to the Hessian?

A point is gradient-flat if g lies nearly in the null space of H: methods that solve H p = -g stop there although g is not
zero (Frye et al. 2021, arXiv 2003.10397). Two relative residuals of an attempt p to solve it tell:

r   = ||H p + g|| / (||H||_F ||p|| + ||g||)          near 1: nothing was gained
r_H = ||H (H p + g)|| / (||H||_F ||H p + g||)        near 0: nothing could be

p must not be the finder's own step: with a tight pseudo-inverse r would vanish everywhere. It is that of MINRES from 0 (Paige
and Saunders 1975), the same for all, stopped as soon as r or r_H is at most 5e-4.

MINRES does not give the shortest p: where a null part of g is left over, p has a part along it, ||p|| is larger and r smaller
than with MINRES-QLP, Frye et al.'s solver. Taking that part off p ("lifting", Liu, Milzarek and Roosta 2023) gives the
shortest one and ``residual_lifted``, the second reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.spectra import EPS

Array = Any

STOP = 5e-4
"""Of MINRES, for r and for r_H."""

FLAT_RESIDUAL = 0.9
"""r above which, with r_H below STOP, a point is called gradient-flat."""


@dataclass(frozen=True)
class Flatness:
    """What the measuring step shows, each array with one entry per point.

    Attributes:
        residual: r.
        residual_h: r_H.
        residual_lifted: r of the lifted step.
        resolved: whether ||H p + g|| stands clear of rounding; where it does not, r and r_H mean nothing.
        iterations: of MINRES.
    """

    residual: Array
    residual_h: Array
    residual_lifted: Array
    resolved: Array
    iterations: Array

    @property
    def flat(self) -> Array:
        """Gradient-flat: r > 0.9, r_H < 5e-4, and more than rounding."""
        return self.stalled & (self.residual > FLAT_RESIDUAL)

    @property
    def flat_lifted(self) -> Array:
        """The same with the lifted step."""
        return self.stalled & (self.residual_lifted > FLAT_RESIDUAL)

    @property
    def stalled(self) -> Array:
        """What is left of the gradient is invisible to H, r_H < 5e-4, and more than rounding."""
        # MINRES stops by its own estimate of r_H; the one recomputed may be off by rounding.
        return self.resolved & (self.residual_h <= STOP * (1.0 + 1e-6))


def measure(hessian: Array, gradient: Array, *, floor: Array | float = 0.0) -> Flatness:
    """r and r_H of a stack of points.

    Args:
        hessian: [R, P, P].
        gradient: [R, P].
        floor: what of a gradient is rounding, [R], e.g. from :func:`gradient_floor`; that of the residual itself is added.

    A gradient within 5e-4 of the null space, and one a little farther from it, where the two readings differ:

    >>> seen = measure(np.tile(np.diag([1.0, 0.0]), (2, 1, 1)), np.array([[1e-4, 1.0], [1e-3, 1.0]]))
    >>> seen.residual.round(3).tolist(), seen.residual_lifted.round(3).tolist(), seen.iterations.tolist()
    ([1.0, 0.5], [1.0, 0.999], [0, 1])
    """
    step, iterations = minres(hessian, gradient)
    left = np.matvec(hessian, step) + gradient
    size, remains = np.linalg.norm(hessian, axis=(1, 2)), np.linalg.norm(left, axis=1)
    scale = size * np.linalg.norm(step, axis=1) + np.linalg.norm(gradient, axis=1)
    pushed = np.matvec(hessian, left)
    along = _outside(step, left)[:, None]
    lifted = size * np.linalg.norm(step - along * left, axis=1) + np.linalg.norm(gradient, axis=1)
    return Flatness(
        _ratio(remains, scale),
        _ratio(np.linalg.norm(pushed, axis=1), size * remains),
        _ratio(np.linalg.norm(left - along * pushed, axis=1), lifted),
        remains > 10.0 * gradient.shape[1] * EPS * scale + floor,
        iterations,
    )


def gradient_floor(landscape: Any, theta: Array) -> Array:
    """10 P eps times the landscape's gradient scale, what rounding can make of a zero gradient: [R, P] -> [R]."""
    return np.asarray(10.0 * theta.shape[1] * EPS * landscape.gradient_scale(theta))


def shortest(hessian: Array, gradient: Array, step: Array, *, tolerance: float) -> Array:
    """MINRES's last iterate without its part outside of the range of H, where H p = -g cannot be solved: "lifting".

    Once r_H is small, what is left of the gradient, H p + g, points out of the range; MINRES carries a multiple of it along in
    p, which lengthens p and gains nothing (Liu, Milzarek and Roosta 2023). An iterate before that is left alone: it is the only
    one of its Krylov space with that residual.

    Args:
        hessian: [R, P, P].
        gradient: [R, P].
        step: of :func:`minres`, [R, P].
        tolerance: r_H up to which an iterate counts as the last.

    Returns:
        [R, P].

    >>> hessian, gradient = np.diag([1.0, 0.0])[None], np.array([[1.0, 1.0]])
    >>> shortest(hessian, gradient, np.array([[-1.0, 5.0]]), tolerance=1e-10).tolist()
    [[-1.0, 0.0]]
    """
    left = np.matvec(hessian, step) + gradient
    remains = np.linalg.norm(left, axis=1)
    pushed = np.linalg.norm(np.matvec(hessian, left), axis=1)
    last = pushed <= tolerance * np.linalg.norm(hessian, axis=(1, 2)) * remains
    along = np.where(last, _outside(step, left), 0.0)
    return np.asarray(step - along[:, None] * left)


def minres(hessian: Array, gradient: Array, *, stop: float = STOP, max_iterations: int | None = None) -> tuple[Array, Array]:
    """MINRES for H p = -g from p = 0, stacked; each run stops at the first iterate with r or r_H at most ``stop``.

    Args:
        hessian: symmetric, of any inertia, [R, P, P].
        gradient: [R, P].
        stop: bound on r and r_H.
        max_iterations: 5 P if None.

    Returns:
        p, [R, P]; iterations, [R].
    """
    replicas, parameters = gradient.shape
    limit = 5 * parameters if max_iterations is None else max_iterations
    size = np.linalg.norm(hessian, axis=(1, 2))
    answer, iterations = np.zeros((replicas, parameters)), np.zeros(replicas, dtype=np.int64)
    runs = np.flatnonzero((np.linalg.norm(gradient, axis=1) > 0) & (size > 0))
    state = _Lanczos.start(hessian[runs], -gradient[runs], size[runs])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for iteration in range(limit + 1):
            done = state.advance(stop) | (iteration == limit)
            answer[runs[done]], iterations[runs[done]] = state.step[done], iteration
            runs = runs[~done]
            if runs.size == 0:
                break
            if done.any():
                state.keep(~done)
            state.update()
    return answer, iterations


@dataclass
class _Lanczos:
    """Paige and Saunders' recurrences, one row per run; names as in their paper."""

    hessian: Array
    size: Array
    side_norm: Array
    older: Array  # Lanczos vectors, not normalised
    newer: Array
    unit: Array
    directions: tuple[Array, Array]  # the last two of W
    step: Array
    old_beta: Array
    beta: Array
    epsilon: Array
    old_epsilon: Array
    delta: Array
    delta_bar: Array
    gamma_bar: Array
    phi_bar: Array
    cosine: Array
    sine: Array

    @classmethod
    def start(cls, hessian: Array, side: Array, size: Array) -> _Lanczos:
        zero, zeros, norm = np.zeros_like(size), np.zeros_like(side), np.linalg.norm(side, axis=1)
        infinite = np.full_like(size, np.inf)
        return cls(
            hessian, size, norm, zeros, side, zeros, (zeros, zeros), zeros, infinite, norm,
            zero, zero, zero, zero, zero, norm, zero - 1.0, zero,
        )  # fmt: skip

    def advance(self, stop: float) -> Array:
        """The next Lanczos vector, which also gives ||H r|| of the present iterate; which runs are done there."""
        unit = self.newer / self.beta[:, None]
        image = np.matvec(self.hessian, unit) - (self.beta / self.old_beta)[:, None] * self.older
        alpha = (unit * image).sum(axis=1)
        image -= (alpha / self.beta)[:, None] * self.newer
        self.unit, self.older, self.newer, self.old_beta = unit, self.newer, image, self.beta
        self.beta = np.linalg.norm(image, axis=1)
        self.delta = self.cosine * self.delta_bar + self.sine * alpha
        self.gamma_bar = self.sine * self.delta_bar - self.cosine * alpha
        self.old_epsilon, self.epsilon = self.epsilon, self.sine * self.beta
        self.delta_bar = -self.cosine * self.beta
        gained = self.phi_bar / (self.size * np.linalg.norm(self.step, axis=1) + self.side_norm)
        return (gained <= stop) | (np.hypot(self.gamma_bar, self.delta_bar) <= stop * self.size)

    def update(self) -> None:
        """The next iterate."""
        gamma = np.hypot(self.gamma_bar, self.beta)
        self.cosine, self.sine = self.gamma_bar / gamma, self.beta / gamma
        first, second = self.directions
        direction = (self.unit - self.old_epsilon[:, None] * first - self.delta[:, None] * second) / gamma[:, None]
        self.directions = (second, direction)
        self.step = self.step + (self.cosine * self.phi_bar)[:, None] * direction
        self.phi_bar = self.phi_bar * self.sine

    def keep(self, kept: Array) -> None:
        for name, value in vars(self).items():
            setattr(self, name, tuple(part[kept] for part in value) if name == "directions" else value[kept])


def _outside(step: Array, left: Array) -> Array:
    """Multiple of what is left of the gradient that a step has in it: [R]."""
    return _ratio((step * left).sum(axis=1), (left * left).sum(axis=1))


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))
