"""All complex eigenvectors of real symmetric tensors by homotopy continuation, draws and paths stacked.

A(x, ..., x, .) = mu x over the complex numbers has ((p - 1)^N - 1) / (p - 2) classes of solutions modulo scaling,
(x, mu) ~ (c x, c^{p-2} mu), for a generic symmetric A (Cartwright and Sturmfels 2013). They are followed along
A_t = (1 - t) gamma A_0 + t A from a diagonal A_0 = sum_i c_i e_i^{(x) p}, whose solutions are known: x_i is 0 or a
(p - 2)-th root of mu / c_i. For a generic complex gamma no path meets another before t = 1 (Sommese and Wampler 2005).
The condition a.x = 1 fixes the scale; each path moves to a fresh patch a when x has grown in the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import product
from math import comb, sqrt
from typing import Any

import numpy as np

from stationary.landscapes.small_tensor import SmallTensor

Array = Any


@dataclass(frozen=True)
class Tracking:
    """Numbers that steer a path.

    Attributes:
        tolerance: largest relative correction of a predicted point; what is left after it is of the order of its square.
        first_step: in t.
        smallest_step: a path that needs a smaller one has failed.
        max_steps: a path that needs more has failed.
    """

    tolerance: float = 1e-3
    first_step: float = 0.01
    smallest_step: float = 1e-9
    max_steps: int = 2000


def expected_classes(p: int, size: int) -> int:
    """((p - 1)^N - 1) / (p - 2), the number of classes of a generic symmetric tensor.

    >>> expected_classes(3, 8), expected_classes(4, 8)
    (255, 3280)
    """
    power: int = (p - 1) ** size
    return (power - 1) // (p - 2)


@dataclass(frozen=True)
class Start:
    """The diagonal tensors gamma A_0, one per draw, as their complex diagonals [D, N]."""

    diagonal: Array


def random_start(p: int, size: int, generators: Sequence[np.random.Generator]) -> Start:
    """One diagonal per generator: random phases, moduli near those that give A_0 the Bombieri norm of a glass."""
    scale = sqrt(comb(size + p - 1, p)) / size
    return Start(
        np.stack(
            [
                scale * stream.uniform(0.8, 1.25, size=size) * np.exp(2j * np.pi * stream.uniform(size=size))
                for stream in generators
            ]
        )
    )


def start_points(p: int, start: Start) -> Array:
    """All solutions of the diagonal tensors, unit x and then mu: [D, N] -> [D, C, N + 1].

    >>> start_points(3, Start(np.array([[1.0, 2.0]])))[0, -1].round(6).tolist()
    [0.894427, 0.447214, 0.894427]
    """
    diagonal = np.asarray(start.diagonal, dtype=np.complex128)
    size = diagonal.shape[1]
    # For p = 4 the first entry that is not 0 has the sign +: (x, mu) and (-x, mu) are one class.
    choices = (0, 1) if p == 3 else (0, 1, -1)
    patterns = [row for row in product(choices, repeat=size) if next((entry for entry in row if entry), 0) == 1]
    x = np.array(patterns) * (1.0 / diagonal)[:, None, :] ** (1.0 / (p - 2))
    norm = np.linalg.norm(x, axis=-1, keepdims=True)
    points = np.concatenate([x / norm, norm ** float(2 - p)], axis=-1)
    return points if np.iscomplexobj(start.diagonal) else points.real


@dataclass
class _Paths:
    """State of the running paths, [D, R] leading; z is x and mu together, n = N + 1."""

    z: Array
    slope: Array
    before: Array
    slope_before: Array
    patch: Array
    t: Array
    step: Array
    last_step: Array
    path: Array
    steps: Array

    def sorted_first(self, keep: Array, order: Array) -> _Paths:
        """The draws in ``keep`` with the columns ``order`` of each."""

        def pick(values: Array) -> Array:
            index = order.reshape(order.shape + (1,) * (values.ndim - 2))
            return np.take_along_axis(values[keep], index, axis=1)

        return _Paths(*(pick(getattr(self, field.name)) for field in fields(self)))


def track(glass: SmallTensor, start: Start, tracking: Tracking, wanted: Array | None = None) -> Array:
    """Follow paths from t = 0 to t = 1.

    Args:
        glass: D tensors.
        start: D diagonals.
        tracking: tolerances.
        wanted: which paths, [D, C]; all by default.

    Returns:
        [D, C, N + 1] complex, x and mu of each path's end; NaN where a path failed or was not wanted.
    """
    points = start_points(glass.p, start).astype(np.complex128)
    ends = np.full(points.shape, np.nan + 0j)
    draws = np.arange(points.shape[0])
    here, diagonal = glass, start.diagonal
    paths = _launch(here, diagonal, points, tracking)
    if wanted is not None:
        paths.path[~wanted] = -1
    while True:
        running = paths.path >= 0
        width = int(running.sum(axis=1).max(initial=0))
        if width == 0:
            return ends
        # Ended paths stay in the stack until a fifth of it is idle: copying the state costs about a step.
        if running.sum() <= 0.8 * running.size:
            keep = np.flatnonzero(running.any(axis=1))
            order = np.argsort(~running[keep], axis=1, kind="stable")[:, :width]
            paths = paths.sorted_first(keep, order)
            draws, here, diagonal = draws[keep], here.take(keep), diagonal[keep]
        _advance(here, diagonal, paths, tracking)
        arrived = paths.t >= 1.0
        rows, columns = np.nonzero(arrived & (paths.path >= 0))
        ends[draws[rows], paths.path[rows, columns]] = paths.z[rows, columns]
        gone = arrived | (paths.step < tracking.smallest_step) | (paths.steps >= tracking.max_steps)
        paths.path[gone] = -1


def _launch(glass: SmallTensor, diagonal: Array, points: Array, tracking: Tracking) -> _Paths:
    shape = points.shape[:2]
    patch = points[..., :-1].conj()
    t = np.zeros(shape)
    _, slope = correction_and_slope(glass, diagonal, points, patch, t)
    step = np.full(shape, tracking.first_step)
    path = np.broadcast_to(np.arange(shape[1]), shape).copy()
    # No point before the first: an infinite last step makes the prediction the tangent's.
    return _Paths(
        points.copy(),
        slope,
        points.copy(),
        slope.copy(),
        patch,
        t,
        step,
        np.full(shape, np.inf),
        path,
        np.zeros(shape, dtype=int),
    )


def _advance(glass: SmallTensor, diagonal: Array, paths: _Paths, tracking: Tracking) -> None:
    """One step of every path: predict by the cubic through the last two points and slopes, correct once, accept or halve.

    One linear solve gives the correction and the slope at the predicted point; the slope's error is that of the prediction.
    """
    step = np.minimum(paths.step, 1.0 - paths.t)
    guess = _predict(paths, step)
    t = paths.t + step
    t[step >= 1.0 - paths.t] = 1.0
    correction, slope = correction_and_slope(glass, diagonal, guess, paths.patch, t)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        error = np.linalg.norm(correction, axis=-1) / np.linalg.norm(guess, axis=-1)
        good = (error <= tracking.tolerance) & (paths.path >= 0)  # False for NaN; what has ended stays where it is
        factor = 0.85 * (tracking.tolerance / np.maximum(error, 1e-300)) ** 0.25
    factor = np.where(np.isfinite(factor), np.clip(factor, 0.2, 2.0), 0.2)
    paths.step = step * np.where(good, factor, np.minimum(factor, 0.5))
    paths.steps += 1
    mask = good[..., None]
    paths.before = np.where(mask, paths.z, paths.before)
    paths.slope_before = np.where(mask, paths.slope, paths.slope_before)
    paths.z = np.where(mask, guess + correction, paths.z)
    paths.slope = np.where(mask, slope, paths.slope)
    paths.t = np.where(good, t, paths.t)
    paths.last_step = np.where(good, step, paths.last_step)
    _freshen_patch(glass.p, paths)


def _predict(paths: _Paths, step: Array) -> Array:
    """Cubic Hermite extrapolation over ``step`` from the last two points and slopes."""
    last = paths.last_step[..., None]
    ratio = step[..., None] / last
    secant = np.where(np.isfinite(last), (paths.z - paths.before) / last, paths.slope)
    bend, turn = paths.slope - secant, paths.slope - paths.slope_before
    return paths.z + step[..., None] * (paths.slope + ratio * ((3 * bend - turn) + ratio * (2 * bend - turn)))


def correction_and_slope(glass: SmallTensor, diagonal: Array, z: Array, patch: Array, t: Array) -> tuple[Array, Array]:
    """Newton's correction at fixed t and dz/dt, from one factorisation: each [D, R, n]."""
    p, size = glass.p, glass.size
    x, mu = z[..., :-1], z[..., -1]
    start = diagonal[:, None, :] * x ** (p - 2)
    end = glass.matrix(x)
    lines = np.arange(size)
    jacobian = np.empty((*z.shape, size + 1), dtype=np.complex128)
    jacobian[..., :size, :size] = ((p - 1) * t)[..., None, None] * end
    jacobian[..., lines, lines] += (p - 1) * (1.0 - t)[..., None] * start - mu[..., None]
    jacobian[..., :size, size] = -x
    jacobian[..., size, :size] = patch
    jacobian[..., size, size] = 0.0
    at_start, at_end = start * x, np.matvec(end, x)
    sides = np.zeros((*z.shape, 2), dtype=np.complex128)
    sides[..., :size, 0] = mu[..., None] * x - t[..., None] * at_end - (1.0 - t)[..., None] * at_start
    # Rounding leaves the patch too: uncorrected, the extrapolation would magnify it fivefold in every step.
    sides[..., size, 0] = 1.0 - np.vecdot(patch.conj(), x)
    sides[..., :size, 1] = at_start - at_end
    try:
        solved = np.linalg.solve(jacobian, sides)
    except np.linalg.LinAlgError:  # exactly singular or not finite somewhere: NaN there, so that path takes a smaller step
        broken = ~(np.abs(np.linalg.det(jacobian)) > 0.0)
        jacobian[broken] = np.eye(size + 1)
        solved = np.linalg.solve(jacobian, sides)
        solved[broken] = np.nan
    return solved[..., 0], solved[..., 1]


def _freshen_patch(p: int, paths: _Paths) -> None:
    """Move the paths whose x has doubled in length to a patch in which it has length one."""
    length = np.linalg.norm(paths.z[..., :-1], axis=-1)
    chosen = length > 2.0
    if not chosen.any():
        return
    patch = paths.z[chosen][:, :-1].conj() / length[chosen][:, None]
    for name, slope_name in (("z", "slope"), ("before", "slope_before")):
        z, slope = getattr(paths, name), getattr(paths, slope_name)
        z[chosen], slope[chosen] = rescaled(p, z[chosen], slope[chosen], patch)
    paths.patch[chosen] = patch


def rescaled(p: int, z: Array, slope: Array, patch: Array) -> tuple[Array, Array]:
    """The same class and direction with patch.x = 1: z and slope [R, n], patch [R, N]."""
    scale, rate = np.vecdot(patch.conj(), z[:, :-1])[:, None], np.vecdot(patch.conj(), slope[:, :-1])[:, None]
    x, mu = z[:, :-1] / scale, z[:, -1:] / scale ** (p - 2)
    x_rate = (slope[:, :-1] - rate * x) / scale
    mu_rate = slope[:, -1:] / scale ** (p - 2) - (p - 2) * mu * rate / scale
    return np.concatenate([x, mu], axis=1), np.concatenate([x_rate, mu_rate], axis=1)
