"""Which of many end points are the same point: labels from one generic number per point, stacked over draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph

from stationary import seeds

Array = Any


def labels(keys: Array, tolerance: float) -> Array:
    """Number the distinct keys of each row; two keys are one if they lie within ``tolerance`` of each other, or are linked so.

    Equal points have equal keys to rounding, so that as long as rounding stays below the tolerance they get one number.
    Different points with nearly equal keys are merged by mistake with a chance of the order of (number of points)^2 times the
    tolerance. Both ways a search then looks incomplete, never complete.

    Args:
        keys: [D, R], real or complex; NaN where there is no point.
        tolerance: relative to 1 + |key|.

    Returns:
        [D, R] integers from 0 in ascending order of the keys' real parts; -1 where the key is NaN.

    >>> labels(np.array([[3.0, 1.0, np.nan, 3.0 + 1e-12]]), 1e-9).tolist()
    [[1, 0, -1, 1]]
    """
    order = np.argsort(keys.real, axis=1, kind="stable")  # NaN comes last
    ordered = np.take_along_axis(keys, order, axis=1)
    reach = tolerance * (1.0 + np.abs(ordered))
    draws, number = keys.shape
    edges = []
    # Real equal keys are neighbours. Between complex ones another may stand whose real part alone is equal.
    for apart in range(1, number if np.iscomplexobj(keys) else min(number, 2)):
        here, before = ordered[:, apart:], ordered[:, :-apart]
        if not (here.real - before.real <= reach[:, apart:]).any():
            break
        draw, place = np.nonzero(np.abs(here - before) <= reach[:, apart:])
        edges.append(draw * number + np.stack([place, place + apart]))
    linked = np.concatenate([np.empty((2, 0), dtype=int), *edges], axis=1)
    graph = scipy.sparse.coo_array((np.ones(linked.shape[1]), tuple(linked)), shape=(draws * number,) * 2)
    component = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    first = np.zeros(draws * number, dtype=bool)
    first[np.unique(component, return_index=True)[1]] = True
    rank = np.cumsum(first.reshape(draws, number), axis=1) - 1
    of_component = np.empty(component.size, dtype=int)
    of_component[component[first]] = rank.ravel()[first]
    result = np.empty((draws, number), dtype=int)
    np.put_along_axis(result, order, of_component[component].reshape(draws, number), axis=1)
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
