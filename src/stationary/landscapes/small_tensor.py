"""The spherical p-spin glass of a few spins as dense symmetric tensors, real or complex points, draws stacked.

L(w) = N^{-(p-1)/2} sum over ordered tuples of X_{i1..ip} w_i1 ... w_ip on |w|^2 = N, X iid N(0, 1) (Choromanska et al.
2015). Only the symmetric part of X acts. On the unit sphere s = w / sqrt(N) the energy per spin L / N is A(s, ..., s)
with A = sym(X) / sqrt(N), and the critical points solve A(s, ..., s, .) = u s, the multiplier u being the energy itself.
Everything below is a contraction of A, so multipliers are energies and all numbers are of order one.

Products are made path by path (one small product per point), so a point's numbers are bitwise the same in any stack.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, permutations
from math import factorial
from typing import Any

import numpy as np

from stationary import seeds

Array = Any


def couplings(root: int, p: int, size: int, draws: Iterable[int]) -> Array:
    """X for some draws: iid N(0, 1), shape [D, N, ..., N]; a draw's entries depend on its number alone.

    Args:
        root: root seed.
        p: number of spins that interact.
        size: N.
        draws: numbers of the draws.
    """
    return seeds.stack(root, "spin_glass/couplings", f"p{p}-n{size}", draws, lambda stream: stream.standard_normal((size,) * p))


def symmetrised(tensors: Array) -> Array:
    """Symmetric part of each tensor of a stack, symmetric to the last bit: [D, N, ..., N] -> the same shape.

    >>> bool((symmetrised(np.array([[[0.0, 2.0], [4.0, 1.0]]])) == [[[0.0, 3.0], [3.0, 1.0]]]).all())
    True
    """
    tensors = np.asarray(tensors)
    order, size = tensors.ndim - 1, tensors.shape[1]
    result = np.empty_like(tensors)
    # Each orbit of an index tuple is averaged once, in one order, and written everywhere: no last bits differ.
    for tuple_ in combinations_with_replacement(range(size), order):
        orbit = sorted(set(permutations(tuple_)))
        mean = sum(tensors[(slice(None), *one)] for one in orbit) / len(orbit)
        for one in orbit:
            result[(slice(None), *one)] = mean
    return result


@dataclass(frozen=True)
class SmallTensor:
    """A stack of D symmetric tensors A, p = 3 or 4, at R points each.

    Attributes:
        tensors: A = sym(X) / sqrt(N), [D, N, ..., N] with p axes of length N.
    """

    tensors: Array

    @property
    def p(self) -> int:
        """Number of spins that interact."""
        return int(self.tensors.ndim - 1)

    @property
    def size(self) -> int:
        """N."""
        return int(self.tensors.shape[1])

    def take(self, draws: Array) -> SmallTensor:
        """The stack of some draws, in the order given."""
        return SmallTensor(self.tensors[draws])

    @cached_property
    def _by_monomial(self) -> Array:
        """A as a matrix from the monomials of degree p - 2 to the entries of A(x, ..., x, ., .): [D, 1, N N, K]."""
        draws, size = self.tensors.shape[0], self.size
        first, second, weight = _monomials(size, self.p - 2)
        columns = self.tensors.reshape(draws, size, size, -1)
        flat = first if self.p == 3 else first * size + second
        return np.ascontiguousarray((columns[..., flat] * weight).reshape(draws, 1, size * size, -1))

    def matrix(self, points: Array) -> Array:
        """A(x, ..., x, ., .), symmetric: [D, R, N] -> [D, R, N, N], real or complex as the points are."""
        draws, number, size = points.shape
        first, second, _ = _monomials(size, self.p - 2)
        monomials = points if self.p == 3 else points[..., first] * points[..., second]
        # A complex vector is a real matrix of two columns: half the work of a complex product, and no copy of A.
        parts = np.ascontiguousarray(monomials).view(np.float64).reshape(draws, number, first.size, -1)
        product = self._by_monomial @ parts
        return product.view(points.dtype).reshape(draws, number, size, size)

    def energy(self, points: Array) -> Array:
        """A(s, ..., s), the energy per spin where |s| = 1: [D, R, N] -> [D, R]."""
        return np.asarray(np.vecdot(points.conj(), np.matvec(self.matrix(points), points)))

    def gradient_norm(self, points: Array) -> Array:
        """|grad L| / sqrt(N) of the Riemannian gradient at unit vectors, p |A(s, ..., s, .) - u s|: [D, R, N] -> [D, R]."""
        slope = np.matvec(self.matrix(points), points)
        energy = np.vecdot(points, slope)
        return np.asarray(self.p * np.linalg.norm(slope - energy[..., None] * points, axis=-1))

    def hessian(self, points: Array) -> Array:
        """Riemannian Hessian of L on |w|^2 = N, in a basis of the tangent space: real [D, R, N] -> [D, R, N - 1, N - 1].

        At energy u its bulk is [-p u - 2 sqrt(p (p - 1)), -p u + 2 sqrt(p (p - 1))] for large N.
        """
        matrix = self.matrix(points)
        energy = np.vecdot(points, np.matvec(matrix, points))[..., None, None]
        frame = tangent_frame(points)
        inside = frame @ matrix @ frame.swapaxes(-1, -2)
        whole = self.p * ((self.p - 1) * inside - energy * np.eye(self.size - 1))
        return np.asarray(0.5 * (whole + whole.swapaxes(-1, -2)))


def tangent_frame(points: Array) -> Array:
    """N - 1 orthonormal rows that span the tangent space at unit vectors: [..., N] -> [..., N - 1, N].

    They are the rows of a Householder reflection that carries the point to an axis.

    >>> frame = tangent_frame(np.array([0.6, 0.8, 0.0]))
    >>> bool(np.allclose(frame @ frame.T, np.eye(2)) and np.allclose(frame @ [0.6, 0.8, 0.0], 0.0))
    True
    """
    size = points.shape[-1]
    normal = np.array(points)
    normal[..., 0] += np.where(points[..., 0] < 0, -1.0, 1.0)  # away from cancellation
    scale = 2.0 / np.vecdot(normal, normal)
    reflection = np.eye(size) - (scale[..., None] * normal)[..., None] * normal[..., None, :]
    return np.asarray(reflection[..., 1:, :])


def _monomials(size: int, degree: int) -> tuple[Array, Array, Array]:
    """Index pairs i <= j of the monomials of degree 1 or 2 and how often each occurs in an ordered sum."""
    if degree == 1:
        return np.arange(size), np.zeros(size, dtype=int), np.ones(size)
    if degree != 2:
        raise ValueError(f"tensors of order 3 and 4 only, got order {degree + 2}")
    first, second = np.triu_indices(size)
    return first, second, np.where(first == second, 1.0, float(factorial(2)))


def glass(root: int, p: int, size: int, draws: Iterable[int]) -> SmallTensor:
    """The stacked glasses of some draws, A = sym(X) / sqrt(N)."""
    return SmallTensor(symmetrised(couplings(root, p, size, draws)) / np.sqrt(size))
