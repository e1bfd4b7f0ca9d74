"""Moving averages of order q: the conditional sum of squares in the coefficients, which a recursion makes non-convex (A11).

y_t = e_t + b_1 e_{t-1} + ... + b_q e_{t-q}; given y and coefficients b, the residuals follow from e_t = y_t - sum_j b_j e_{t-j}
with e_t = 0 before the first observation, and S(b) = sum_t e_t^2 (Box and Jenkins 1970, section 7.1.2). Inside the invertible
region, the roots of 1 + b_1 z + ... outside of the unit circle, old residuals are forgotten; outside of it they grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stationary import seeds
from stationary.config.convexity import ConvexitySettings
from stationary.experiments.convexity_trials import ROUNDING, Row, row

Array = Any

SPREAD = 2.0
"""Coefficients on R^q are uniform in [-SPREAD, SPREAD]^q: the invertible region and as much again around it."""


def sum_of_squares(series: Array, coefficients: Array) -> Array:
    """S(b) by the recursion, in the unit of the series squared: series [..., T], coefficients [..., q] -> [...].

    >>> float(sum_of_squares(np.array([1.0, 1.0]), np.array([0.5])))  # residuals 1 and 1 - 0.5
    1.25
    """
    order = coefficients.shape[-1]
    shape = np.broadcast_shapes(series.shape[:-1], coefficients.shape[:-1])
    before = [np.zeros(shape) for _ in range(order)]
    total = np.zeros(shape)
    for time in range(series.shape[-1]):
        now = series[..., time] - sum(coefficients[..., lag] * before[lag] for lag in range(order))
        total = total + now * now
        before = [now, *before[:-1]]
    return total


def invertible(stream: np.random.Generator, number: int, order: int) -> Array:
    """Coefficients uniform on the invertible region of order 1 or 2, [number, order]: an interval, a triangle.

    The triangle has the corners (2, 1), (-2, 1), (0, -1); a square folded along its diagonal fills it evenly.
    """
    if order == 1:
        return stream.uniform(-1.0, 1.0, size=(number, 1))
    weights = stream.random((number, 2))
    weights = np.where(weights.sum(axis=1, keepdims=True) > 1.0, 1.0 - weights, weights)
    return np.array([0.0, -1.0]) + weights @ np.array([[2.0, 2.0], [-2.0, 2.0]])


def simulate(order: int, length: int, replica: int, seed: int) -> Array:
    """A series whose coefficients are uniform on the invertible region, with normal noise: [T]."""
    stream = seeds.generator(seed, "convexity/series", f"ma{order} t{length}", replica)
    b, noise = invertible(stream, 1, order)[0], stream.standard_normal(length + order)
    return np.asarray(np.convolve(noise, np.concatenate([[1.0], b]), mode="valid"))


def rows(settings: ConvexitySettings, seed: int) -> Iterator[Row]:
    """Jensen trials of both orders, on R^q and inside the invertible region: rows of the schema ``TRIALS``."""
    each = max(1, settings.trials // settings.series)
    for order in (1, 2):
        series = np.stack([simulate(order, settings.length, replica, seed) for replica in range(settings.series)])
        for region in ("R^q", "invertible"):
            first, last = _ends(order, region, settings.series, each, seed)
            given = series[:, None]
            one, other, middle = (sum_of_squares(given, b) for b in (first, last, 0.5 * (first + last)))
            excess = middle - (0.5 * one + 0.5 * other)
            bound = ROUNDING * (1.0 + np.max([one, other, middle], axis=0))
            name = f"MA({order}), {region if region == 'R^q' else 'invertible region'}"
            unit = np.repeat(np.arange(settings.series), each)
            largest, widest = float(excess.max()), float(bound.max())
            yield row("A11", name, "jensen", "some", (excess > bound).ravel(), largest, widest, unit)


def _ends(order: int, region: str, series: int, each: int, seed: int) -> tuple[Array, Array]:
    """Ends of the segments of every series, each [series, each, q]."""

    def draw(stream: np.random.Generator) -> Array:
        if region == "invertible":
            return invertible(stream, 2 * each, order)
        return stream.uniform(-SPREAD, SPREAD, size=(2 * each, order))

    points = seeds.stack(seed, "convexity/coefficients", f"ma{order} {region}", range(series), draw)
    return points[:, :each], points[:, each:]
