"""Which of many end points are the same point: labels from one generic number per point, stacked over draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary import seeds

Array = Any


def labels(keys: Array, tolerance: float) -> Array:
    """Number the distinct keys of each row; two keys are one if they lie within ``tolerance`` of a neighbour in the order.

    Equal points have equal keys. Different points with nearly equal keys are merged by mistake with a chance of the order
    of (number of points)^2 times the tolerance, which makes a search look incomplete, never complete.

    Args:
        keys: [D, R], real or complex, sorted here by real part; NaN where there is no point.
        tolerance: relative to 1 + |key|.

    Returns:
        [D, R] integers from 0 in ascending order of the keys; -1 where the key is NaN.

    >>> labels(np.array([[3.0, 1.0, np.nan, 3.0 + 1e-12]]), 1e-9).tolist()
    [[1, 0, -1, 1]]
    """
    order = np.argsort(keys.real, axis=1, kind="stable")  # NaN comes last
    ordered = np.take_along_axis(keys, order, axis=1)
    gap = np.abs(np.diff(ordered, axis=1))
    new = gap > tolerance * (1.0 + np.abs(ordered[:, 1:]))
    numbers = np.concatenate([np.zeros((len(keys), 1), dtype=int), np.cumsum(new, axis=1)], axis=1)
    result = np.empty_like(numbers)
    np.put_along_axis(result, order, numbers, axis=1)
    return np.where(np.isnan(keys.real), -1, result)


def projective_keys(points: Array) -> Array:
    """One number per point that scaling the point does not change, different for different points: [D, R, N] -> [D, R].

    It is the ratio of two linear forms with generic coefficients, complex for complex points; NaN stays NaN.
    """
    size = points.shape[-1]
    stream = seeds.generator(0, "distinct/forms", f"n{size}", 0)
    forms = stream.standard_normal((2, size))
    if np.iscomplexobj(points):
        forms = forms + 1j * stream.standard_normal((2, size))
    above, below = (np.vecdot(form.conj(), points) for form in forms)
    with np.errstate(invalid="ignore"):
        return np.asarray(above / below)


def signed(points: Array) -> Array:
    """Of each real point and its antipode the one that a generic linear form finds positive: [..., N] -> [..., N]."""
    stream = seeds.generator(0, "distinct/sign", f"n{points.shape[-1]}", 0)
    form = stream.standard_normal(points.shape[-1])
    return np.where((points @ form)[..., None] < 0, -points, points)
