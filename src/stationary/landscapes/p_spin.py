"""The spherical p-spin glass: a random homogeneous polynomial on the sphere |w|^2 = N, for p = 3 and 4.

L(w) = N^{-(p-1)/2} sum over all ordered tuples X_{i1..ip} w_i1 ... w_ip with X iid N(0, 1). Only the symmetrised tensor T
matters, L(w) = T(w, ..., w): one normal per sorted tuple, divided by the root of its number of permutations, has the same
law as the mean over them. Energies are per spin, u = L / N; tables store w.

Methods may stay on the unit sphere instead, s = w / sqrt(N), with A = N^{p/2 - 1} T: A(s, ..., s) is the energy, critical
points solve A(s, ..., s, .) = u s, and all numbers are of order one. A(s, ..., s, ., .) = T(w, ..., w, ., .), so that the same
formulas hold on both spheres, with A, s and 1 for T, w and N:

    gradient of L in space  p T(w, ..., w, .)           on the sphere  its tangent part
    Hessian of L in space   p (p - 1) T(w, ..., ., .)   on the sphere  its tangent block - p u I

Here are the couplings and these formulas, and :class:`DenseGlass` for small N; one large draw is
:class:`stationary.landscapes.three_spin.ThreeSpinGlass`.

Source: Auffinger, Ben Arous and Cerny 2013 (CPAM 66, 165); Choromanska et al. 2015 (AISTATS), section 4.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Self

import numpy as np

from stationary import seeds

Array = Any


def couplings_stream(seed: int, p: int, size: int, draw: int) -> np.random.Generator:
    """The stream of one draw's standard normals, one per sorted tuple i1 <= ... <= ip in lexicographic order."""
    return seeds.generator(seed, "spin_glass/couplings", f"p{p}-n{size}", draw)


def third_derivative_bound(p: int, size: int) -> float:
    """Bound on the change of the Hessian of L per unit of distance in w: p (p-1) (p-2) max |L| / N^{3/2}.

    The operator norm of a symmetric tensor is attained on the diagonal (Banach), where it is the lowest energy's: close to
    1.657 N for p = 3 and 1.794 N for p = 4; 2 N leaves room for the fluctuations of a draw from N = 10
    on; for fewer spins draws can go beyond, and this is no bound.
    """
    return 2.0 * p * (p - 1) * (p - 2) / math.sqrt(size)


def retract(points: Array, square: float) -> Array:
    """Back to the sphere |x|^2 = ``square``: [..., N]."""
    return np.asarray(points * (math.sqrt(square) / np.linalg.norm(points, axis=-1, keepdims=True)))


@dataclass(frozen=True)
class Contractions:
    """The tensor applied to points of a sphere, and what follows from it; any leading axes, N last.

    Attributes:
        p: number of spins that interact.
        square: |x|^2 of the sphere: N for points w and the tensor T, 1 for unit vectors s and A.
        points: x, [..., N].
        value: T(x, ..., x), [...].
        vector: T(x, ..., x, .), [..., N].
        matrix: T(x, ..., x, ., .), [..., N, N], symmetric to the last bit.
    """

    p: int
    square: float
    points: Array
    value: Array
    vector: Array
    matrix: Array

    @classmethod
    def at(cls, p: int, square: float, points: Array, matrix: Array) -> Self:
        """From the matrices, which the others follow from."""
        vector = np.matvec(matrix, points)
        return cls(p, square, points, np.vecdot(vector, points), vector, matrix)

    def take(self, rows: Array) -> Self:
        """Some of the points, by an index or a mask over the leading axis."""
        picked = (values[rows] for values in (self.points, self.value, self.vector, self.matrix))
        return type(self)(self.p, self.square, *picked)

    def energy(self) -> Array:
        """Energy per spin, L / N: [...]."""
        return self.value / self.square

    def gradient(self) -> Array:
        """Riemannian gradient in the coordinates of space, of L at w; at unit vectors that divided by sqrt(N): [..., N]."""
        return self.p * (self.vector - self.energy()[..., None] * self.points)

    def gradient_norm(self) -> Array:
        """|grad L| / sqrt(N): [...]."""
        return np.linalg.norm(self.gradient(), axis=-1) / math.sqrt(self.square)

    def hessian(self, frame: Array | None = None) -> Array:
        """Riemannian Hessian of L in an orthonormal tangent basis, symmetric to the last bit: [..., N-1, N-1].

        Args:
            frame: points [..., N] whose tangent basis is used, the points' own if None. Near a critical point the Hessians
                of two close points differ in one frame by the covariant derivative, to first order.
        """
        inner = _to_tangent_block(self.p * (self.p - 1) * self.matrix, self.points if frame is None else frame)
        diagonal = np.arange(inner.shape[-1])
        inner[..., diagonal, diagonal] -= (self.p * self.energy())[..., None]
        return inner

    def moved(self, step: Array) -> Array:
        """The points after a step in space, back on their sphere: [..., N]."""
        return retract(self.points + step, self.square)


def _reflection(frame: Array) -> Array:
    """Unit v of the Householder reflection I - 2 v v' that takes the frame point's direction to an axis: [..., N]."""
    v = frame / np.linalg.norm(frame, axis=-1, keepdims=True)
    v[..., 0] += np.where(v[..., 0] < 0.0, -1.0, 1.0)
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def _to_tangent_block(matrix: Array, frame: Array) -> Array:
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


@dataclass(frozen=True)
class DenseGlass:
    """D draws as dense symmetric tensors, for small N; points are **unit vectors** s, R per draw.

    Products are made point by point, so a point's numbers are bitwise the same in any stack.

    Attributes:
        tensors: A, [D, N, ..., N] with p = 3 or 4 axes of length N, symmetric to the last bit.
    """

    tensors: Array

    @classmethod
    def of_draws(cls, seed: int, p: int, size: int, draws: Sequence[int]) -> Self:
        """Some draws, by number; memory is that of D N^p numbers."""
        tuples = np.array(list(itertools.combinations_with_replacement(range(size), p)))
        permutations = list(itertools.permutations(range(p)))
        repeats = (tuples[:, None, :] == tuples[:, permutations]).all(axis=2).sum(axis=1)  # p! / number of distinct orders
        scale = np.sqrt(repeats / (len(permutations) * size))
        normals = np.stack([couplings_stream(seed, p, size, draw).standard_normal(len(tuples)) for draw in draws])
        tensors = np.empty((len(draws),) + (size,) * p)
        for order in permutations:
            tensors[(slice(None), *tuples[:, order].T)] = normals * scale
        return cls(tensors)

    @property
    def p(self) -> int:
        """Number of spins that interact."""
        return int(self.tensors.ndim - 1)

    @property
    def size(self) -> int:
        """N."""
        return int(self.tensors.shape[1])

    def take(self, draws: Array) -> Self:
        """The stack of some draws, in the order given."""
        return type(self)(self.tensors[draws])

    @cached_property
    def _monomials(self) -> tuple[Array, ...]:
        """Indices of each sorted monomial of degree p - 2, degree by degree [K], and how often it occurs in an ordered sum."""
        if self.p == 3:
            return np.arange(self.size), np.ones(self.size)
        first, second = np.triu_indices(self.size)
        return first, second, np.where(first == second, 1.0, 2.0)

    @cached_property
    def _by_monomial(self) -> Array:
        """A as a matrix from the monomials to the entries of A(x, ..., x, ., .): [D, 1, N N, K]."""
        *indices, weight = self._monomials
        columns = self.tensors[(..., *indices)] * weight
        return np.ascontiguousarray(columns.reshape(len(columns), 1, self.size**2, -1))

    def matrix(self, points: Array) -> Array:
        """A(x, ..., x, ., .), symmetric to rounding: [D, R, N] -> [D, R, N, N], real or complex points of any length."""
        *indices, _ = self._monomials
        monomials = reduce(np.multiply, [points[..., index] for index in indices])
        # A complex vector is a real matrix of two columns: half the work of a complex product, and no copy of A.
        parts = np.ascontiguousarray(monomials).view(np.float64).reshape(*monomials.shape, -1)
        product = self._by_monomial @ parts
        return product.view(points.dtype).reshape(*points.shape, self.size)

    def contract(self, points: Array) -> Contractions:
        """All about unit vectors [D, R, N], float64."""
        upper = np.triu(self.matrix(points))  # the product may round mirrored entries differently
        return Contractions.at(self.p, 1.0, points, upper + np.triu(upper, 1).swapaxes(-1, -2))
