"""Which critical points are the same up to permutations and signs of units, from their losses and spectra.

Permuting the units of a layer, or flipping the sign of one with an odd activation, is an orthogonal change of theta: the twin
has the same loss and the same Hessian spectrum. The converse is a test, not a proof: two different points are merged if both
agree within the tolerances by chance, which for P eigenvalues to 1e-6 takes a further symmetry of the landscape; points of a
continuous family count as one where the family keeps the spectrum (rotations) and as many where it does not (the orbits of a
linear network without weight decay, whose points are told apart by their eigenvectors instead).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph

from stationary import spectra

Array = Any

LOSS_ROUNDING = 1e-12
"""Relative to 1 + |loss|: what summing over samples in another order of the units can do."""

SPECTRUM = 1e-6
"""Relative to ||H||_2: how far eigenvalues of equal points may lie apart, both being near a critical point only."""


def labels(loss: Array, eigenvalues: Array, gradient_norm: Array) -> Array:
    """Label critical points so that equal ones, or ones that are linked by equal ones, share a label.

    Equal: losses within the sum of both points' :func:`loss_reach`, and every eigenvalue within 1e-6 of the larger ||H||.

    Args:
        loss: at the points, [n].
        eigenvalues: ascending, [n, P].
        gradient_norm: 2-norms, [n].

    Returns:
        [n] integers, each the lowest row number among equal points; a point that is not finite is equal to none.

    >>> spectrum = np.array([[-1.0, 2.0], [-1.0, 3.0], [-1.0, 2.0]])
    >>> labels(np.array([0.5, 0.5, 0.5]), spectrum, np.zeros(3)).tolist()
    [0, 1, 0]
    """
    loss, eigenvalues = np.asarray(loss, dtype=np.float64), np.asarray(eigenvalues, dtype=np.float64)
    number = loss.size
    if number == 0:
        return np.empty(0, dtype=np.int64)
    reach = loss_reach(loss, eigenvalues, gradient_norm)
    size = SPECTRUM * np.abs(eigenvalues).max(axis=1)
    order = np.argsort(loss, kind="stable")  # NaN comes last
    edges = [np.empty((2, 0), dtype=np.int64)]
    farthest = 2.0 * reach[np.isfinite(loss)].max(initial=0.0)
    for apart in range(1, number):  # not neighbours alone: another point may have the loss in between and another spectrum
        before, here = order[:-apart], order[apart:]
        gap = loss[here] - loss[before]
        if not (gap <= farthest).any():
            break
        near = gap <= reach[here] + reach[before]
        before, here = before[near], here[near]
        away = np.abs(eigenvalues[here] - eigenvalues[before]).max(axis=1)
        same = away <= np.maximum(size[here], size[before])
        edges.append(np.stack([before[same], here[same]]))
    linked = np.concatenate(edges, axis=1)
    graph = scipy.sparse.coo_array((np.ones(linked.shape[1]), tuple(linked)), shape=(number, number))
    component = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    first = np.unique(component, return_index=True)[1]
    return np.asarray(first[component], dtype=np.int64)


def loss_reach(loss: Array, eigenvalues: Array, gradient_norm: Array) -> Array:
    """How far the loss may lie from that of the critical point nearby: [n], [n, P], [n] -> [n].

    To second order |J - J*| = |g^T H^+ g| / 2 <= ||g||^2 / (2 min|lambda|), over the eigenvalues outside the rounding band;
    rounding is added.
    """
    loss, sizes = np.asarray(loss, dtype=np.float64), np.abs(np.asarray(eigenvalues, dtype=np.float64))
    outside = sizes > spectra.rounding_band(eigenvalues)[:, None]
    least = np.where(outside, sizes, np.inf).min(axis=1)
    return np.asarray(np.square(gradient_norm) / (2.0 * least) + LOSS_ROUNDING * (1.0 + np.abs(loss)))
