"""One large draw of the p = 3 glass, its couplings packed by symmetry: half the memory and half the work of a dense tensor.

Stored is T_{ijk} for i <= j and every k, [N, N (N + 1) / 2], once in float64 and once, doubled for i < j, in float32. Descents
need T(w, w, .): the products w_i w_j for i <= j of the whole stack times this matrix, one large product of N^3 operations per
point. Curvature needs T(w, ., .): the stack times the same matrix.

Memory: 6 N^2 (N + 1) bytes (0.75 GB at N = 500, where a job of descents peaks at 1.05 GB; 6 GB at N = 1000).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.landscapes.p_spin import Contractions, couplings_stream

Array = Any

_CHUNK = 1 << 18
"""Products w_i w_j formed at a time: they and the couplings they meet stay in the cache (1 MB in float32)."""


class ThreeSpinGlass:
    """One draw, p = 3, for points [R, N].

    Args:
        seed: root seed.
        size: N.
        draw: the draw's number.
    """

    p = 3

    def __init__(self, seed: int, size: int, draw: int) -> None:
        self.size = size
        self._begin = np.concatenate([[0], np.cumsum(np.arange(size, 0, -1))])  # where row i of the pairs begins
        self._double = self._pack(seed, draw)
        rows, columns = np.triu_indices(size)
        self._single = self._double.astype(np.float32)  # for sums over pairs: i < j stands for j < i as well
        self._single *= np.where(rows < columns, np.float32(2.0), np.float32(1.0))
        self._place = np.empty((size, size), dtype=np.intp)
        self._place[rows, columns] = self._place[columns, rows] = np.arange(rows.size)

    def _pack(self, seed: int, draw: int) -> Array:
        """Row by row of the first index, so that no more than one row's normals exist at a time."""
        size, stream = self.size, couplings_stream(seed, self.p, self.size, draw)
        packed = np.empty((size, self._begin[-1]))
        for i in range(size):
            rest = size - i
            upper = np.triu_indices(rest)
            normals = stream.standard_normal(upper[0].size)
            normals[rest:] /= np.sqrt(np.where(upper[0] == upper[1], 3.0, 6.0))[rest:]
            normals[1:rest] /= np.sqrt(3.0)
            normals /= size
            block = np.empty((rest, rest))
            block[upper] = normals
            block.T[upper] = normals
            packed[i:, self._begin[i] : self._begin[i + 1]] = block
            packed[i, self._begin[i + 1] :] = normals[rest:]
        return packed

    def slope(self, points: Array) -> Array:
        """T(w, w, .) in float32, for descents: the gradient in space is three times it.

        Args:
            points: float32, **replicas last**, [N, R]: rows of products w_i w_j are then contiguous.

        Returns:
            [N, R].
        """
        replicas = points.shape[1]
        total = np.zeros((self.size, replicas), dtype=np.float32)
        pairs = np.empty((min(max(_CHUNK // replicas, self.size), self._begin[-1]), replicas), dtype=np.float32)
        begin, i = 0, 0
        while i < self.size:
            while i < self.size and self._begin[i + 1] - begin <= len(pairs):
                np.multiply(points[i], points[i:], out=pairs[self._begin[i] - begin : self._begin[i + 1] - begin])
                i += 1
            end = self._begin[i]
            total += self._single[:, begin:end] @ pairs[: end - begin]
            begin = end
        return total

    def contract(self, points: Array) -> Contractions:
        """All about points [R, N], float64."""
        matrix = np.take(points @ self._double, self._place, axis=1)
        vector = np.matvec(matrix, points)
        return Contractions(self.p, points, np.vecdot(vector, points), vector, matrix)
