"""Statistics of critical points over the last axis, so that resamples are one more axis; NaN where nothing can be estimated."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.stats

Array = Any


def spearman(one: Array, other: Array) -> Array:
    """Spearman's rank correlation, ties by mid-ranks: [..., n], [..., n] -> [...].

    >>> float(spearman(np.array([1.0, 2.0, 9.0]), np.array([0.1, 0.3, 0.2])))
    0.5
    """
    centre = 0.5 * (np.shape(one)[-1] + 1)
    first, second = (scipy.stats.rankdata(values, axis=-1) - centre for values in (one, other))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.vecdot(first, second) / np.sqrt(np.vecdot(first, first) * np.vecdot(second, second)))


def quadratic_coefficient(x: Array, y: Array, used: Array) -> Array:
    """Coefficient of x^2 in the least-squares parabola through the points in use: [..., n], three times -> [...].

    Args:
        x: finite also where not in use.
        y: likewise.
        used: 1 for a point in use, else 0.

    >>> x = np.array([0.0, 1.0, 2.0, 5.0, 7.0])
    >>> round(float(quadratic_coefficient(x, 3 * x * x - x + 2, np.array([1, 1, 1, 1, 0]))), 12)
    3.0
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        number = used.sum(axis=-1, keepdims=True)
        level = (x - (used * x).sum(axis=-1, keepdims=True) / number) * used
        square = level * level
        bend = (square - square.sum(axis=-1, keepdims=True) / number) * used
        bend = bend - level * (np.vecdot(level, bend) / np.vecdot(level, level))[..., None]
        left = np.vecdot(bend, bend)
        # Two distinct x leave a bend that is rounding: no parabola is determined.
        return np.asarray(np.where(left > 1e-12 * np.vecdot(square, square), np.vecdot(bend, y * used) / left, np.nan))


def entropy(labels: Array) -> Array:
    """Plug-in entropy of what was drawn, nats: integers [..., n] -> [...].

    >>> round(float(entropy(np.array([3, 1, 1, 3])) / np.log(2)), 12)
    1.0
    """
    ordered = np.sort(labels, axis=-1)
    number = ordered.shape[-1]
    if number == 0:
        return np.full(ordered.shape[:-1], np.nan)
    place = np.arange(number)
    new = np.ones(ordered.shape, dtype=bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    copy = place - np.maximum.accumulate(np.where(new, place, 0), axis=-1)  # 0 for the first of its kind, 1 for the second
    table = np.arange(number + 1) * np.log(np.maximum(np.arange(number + 1), 1))
    # sum over kinds of c log c, telescoped over the members of each kind
    return np.asarray(np.log(number) - np.diff(table)[copy].sum(axis=-1) / number)


def distinct_values(values: Array, relative: float = 1e-6) -> int:
    """How many values there are if those nearer than ``relative`` times the largest size count as one.

    >>> distinct_values([1.0, 1.0 + 1e-9, 1.5])
    2
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if ordered.size == 0:
        return 0
    return 1 + int((np.diff(ordered) > relative * np.abs(ordered).max()).sum())
