"""Symmetric pairs of units stored once: the upper triangle, diagonal first, then the entries one off the diagonal, and so on.

Keeping the diagonal in front makes it a plain slice.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from stationary.landscapes.activations import Array


@lru_cache(maxsize=64)
def pair_indices(units: int) -> tuple[Array, Array]:
    """First and second unit of every pair i <= p, each of length n (n + 1) / 2.

    >>> [indices.tolist() for indices in pair_indices(3)]
    [[0, 1, 2, 0, 1, 0], [0, 1, 2, 1, 2, 2]]
    """
    first = np.concatenate([np.arange(units - apart) for apart in range(units)])
    second = np.concatenate([np.arange(apart, units) for apart in range(units)])
    return first, second


def pair_positions(units: int) -> Array:
    """Position of (i, p), in either order, among the pairs: [n, n]."""
    positions = np.empty((units, units), dtype=np.intp)
    first, second = pair_indices(units)
    positions[first, second] = positions[second, first] = np.arange(first.size)
    return positions


def pair_products(x: Array) -> Array:
    """Products x[i] x[p] of all pairs, [R, n, S] -> [R, n (n + 1) / 2, S]."""
    first, second = pair_indices(x.shape[1])
    products = x.take(first, axis=1)
    products *= x.take(second, axis=1)
    return products
