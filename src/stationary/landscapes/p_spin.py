"""The spherical p-spin glass: a random homogeneous polynomial on the sphere |w|^2 = N, for p = 3 and 4.

L(w) = N^{-(p-1)/2} sum over all ordered tuples X_{i1..ip} w_i1 ... w_ip with X iid N(0, 1). Only the symmetrised tensor T
matters, L(w) = T(w, ..., w): one normal per sorted tuple, divided by the root of its number of permutations, has the same
law as the mean over them. All derivatives follow from T(w, ..., w), T(w, ..., w, .) and T(w, ..., w, ., .):

    gradient of L in space  p T(w, ..., w, .)        on the sphere  its tangent part
    Hessian of L in space   p (p - 1) T(w, .., ., .)  on the sphere  its tangent block - p u I,  u = L / N

Energies are per spin. In this scale the Hessian's bulk at energy u is [-p u - 2 sqrt(p (p-1)), -p u + 2 sqrt(p (p-1))].

Source: Auffinger, Ben Arous and Cerny 2013 (CPAM 66, 165); Choromanska et al. 2015 (AISTATS), section 4.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import seeds

Array = Any

COUPLINGS = "spin_glass/couplings"


def couplings_stream(seed: int, p: int, size: int, draw: int) -> np.random.Generator:
    """The stream of one draw's standard normals, one per sorted tuple i1 <= ... <= ip in lexicographic order."""
    return seeds.generator(seed, COUPLINGS, f"p{p}-n{size}", draw)


def bulk(p: int, energy: Array) -> tuple[Array, float]:
    """Centre and radius of the semicircle that the Hessian's spectrum follows at an energy per spin.

    >>> centre, radius = bulk(3, -1.5)
    >>> centre, round(radius, 6)
    (4.5, 4.898979)
    """
    return -p * energy, 2.0 * math.sqrt(p * (p - 1))


def threshold_energy(p: int) -> float:
    """E_inf = 2 sqrt((p - 1) / p): at energy -E_inf the lower edge of the bulk is zero.

    >>> round(threshold_energy(3), 6)
    1.632993
    """
    return 2.0 * math.sqrt((p - 1) / p)


def third_derivative_bound(p: int, size: int) -> float:
    """Bound on the change of the Hessian of L per unit of distance in w: p (p-1) (p-2) max |L| / N^{3/2}.

    The operator norm of a symmetric tensor is attained on the diagonal (Banach), where it is the lowest energy's: close to
    1.657 N for p = 3 and 1.794 N for p = 4; 2 N leaves room for the fluctuations of a draw.
    """
    return 2.0 * p * (p - 1) * (p - 2) / math.sqrt(size)


@dataclass(frozen=True)
class Contractions:
    """The symmetrised tensor applied to points, and what follows from it; any leading axes, N last.

    Attributes:
        p: number of spins that interact.
        points: w, [..., N]; real for what is said about the sphere.
        value: T(w, ..., w) = L, [...].
        vector: T(w, ..., w, .), [..., N].
        matrix: T(w, ..., w, ., .), [..., N, N], symmetric to the last bit.
    """

    p: int
    points: Array
    value: Array
    vector: Array
    matrix: Array

    def take(self, rows: Array) -> Contractions:
        """Some of the points, by an index or a mask over the leading axis."""
        return Contractions(self.p, self.points[rows], self.value[rows], self.vector[rows], self.matrix[rows])

    def energy(self) -> Array:
        """Energy per spin, L / N: [...]."""
        return self.value / self.points.shape[-1]

    def gradient(self) -> Array:
        """Riemannian gradient of L, in the coordinates of space: [..., N]."""
        size = self.points.shape[-1]
        return self.p * (self.vector - (self.value / size)[..., None] * self.points)

    def gradient_norm(self) -> Array:
        """|grad L| / sqrt(N): [...]."""
        return np.linalg.norm(self.gradient(), axis=-1) / math.sqrt(self.points.shape[-1])

    def hessian(self, frame: Array | None = None) -> Array:
        """Riemannian Hessian of L in an orthonormal tangent basis, symmetric to the last bit: [..., N-1, N-1].

        Args:
            frame: points [..., N] whose tangent basis is used, the points' own if None. Near a critical point the Hessians
                of two close points differ in one frame by the covariant derivative, to first order.
        """
        inner = to_tangent_block(self.p * (self.p - 1) * self.matrix, self.points if frame is None else frame)
        diagonal = np.arange(inner.shape[-1])
        inner[..., diagonal, diagonal] -= (self.p * self.energy())[..., None]
        return inner


def _reflection(frame: Array) -> Array:
    """Unit v of the Householder reflection I - 2 v v' that takes the frame point's direction to an axis: [..., N]."""
    v = frame / np.linalg.norm(frame, axis=-1, keepdims=True)
    v[..., 0] += np.where(v[..., 0] < 0.0, -1.0, 1.0)
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def to_tangent_block(matrix: Array, frame: Array) -> Array:
    """B' A B for the tangent basis B at ``frame``: the reflection's columns after the first; [..., N-1, N-1]."""
    v = _reflection(frame)
    image = np.matvec(matrix, v)
    z = 2.0 * (image - np.vecdot(v, image)[..., None] * v)
    # A rank-two update instead of two products; products and sums commute, so symmetry survives to the last bit.
    rank_two = v[..., :, None] * z[..., None, :] + z[..., :, None] * v[..., None, :]
    return (matrix - rank_two)[..., 1:, 1:]


def to_tangent(vector: Array, frame: Array) -> Array:
    """B' x: coordinates in the tangent basis at ``frame``; [..., N] -> [..., N-1]."""
    v = _reflection(frame)
    return (vector - 2.0 * np.vecdot(v, vector)[..., None] * v)[..., 1:]


def from_tangent(coordinates: Array, frame: Array) -> Array:
    """B y: a tangent vector at ``frame`` from its coordinates; [..., N-1] -> [..., N]."""
    v = _reflection(frame)
    whole = np.concatenate([np.zeros_like(coordinates[..., :1]), coordinates], axis=-1)
    return whole - 2.0 * np.vecdot(v, whole)[..., None] * v


def symmetric_tensors(seed: int, p: int, size: int, draws: Sequence[int]) -> Array:
    """Dense symmetrised tensors of several draws, scaled so that L(w) = T(w, ..., w).

    Args:
        seed: root seed.
        p: 3 or 4 (any p >= 2 works).
        size: N; the result has D N^p numbers, so this is for small sizes.
        draws: the draws' numbers.

    Returns:
        float64, [D, N, ..., N] with p axes of length N.
    """
    tuples = np.array(list(itertools.combinations_with_replacement(range(size), p)))
    permutations = list(itertools.permutations(range(p)))
    repeats = (tuples[:, None, :] == tuples[:, permutations]).all(axis=2).sum(axis=1)  # p! / number of distinct orders
    scale = np.sqrt(repeats / len(permutations)) * size ** (-0.5 * (p - 1))
    normals = np.stack([couplings_stream(seed, p, size, draw).standard_normal(len(tuples)) for draw in draws])
    tensors = np.empty((len(draws),) + (size,) * p)
    for order in permutations:
        tensors[(slice(None), *tuples[:, order].T)] = normals * scale
    return tensors


def contract(tensors: Array, points: Array) -> Contractions:
    """T(w, ..., w), T(w, ..., w, .) and T(w, ..., w, ., .) for several draws at once, real or complex points.

    No conjugation: over the complex numbers these are the polynomial's own values and derivatives up to the factors p and
    p (p - 1).

    Args:
        tensors: from :func:`symmetric_tensors`, [D, N, ..., N].
        points: [D, R, N], float64 or complex128.

    Returns:
        arrays with leading axes [D, R].

    >>> tensors = symmetric_tensors(0, 3, 4, range(2))
    >>> found = contract(tensors, np.ones((2, 5, 4)))
    >>> found.matrix.shape, bool(np.allclose(found.value, tensors.sum(axis=(1, 2, 3))[:, None]))
    ((2, 5, 4, 4), True)
    """
    draws, size, p = tensors.shape[0], tensors.shape[1], tensors.ndim - 1
    rest = points
    for _ in range(p - 3):
        rest = (rest[..., :, None] * points[..., None, :]).reshape(*points.shape[:2], -1)
    matrix = (rest @ tensors.reshape(draws, size ** (p - 2), size * size)).reshape(*points.shape, size)
    upper = np.triu(matrix)  # the product may round mirrored entries differently
    matrix = upper + np.triu(matrix, 1).swapaxes(-1, -2)
    vector = (matrix @ points[..., None])[..., 0]
    return Contractions(p, points, (vector * points).sum(axis=-1), vector, matrix)
