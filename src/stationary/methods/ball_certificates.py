"""Smale's alpha-certificates for real critical points of small glasses, rigorous: every bound is made of balls.

The glass is the one whose couplings are the doubles of ``DenseGlass.tensors``; it and the points are taken as exact. A point w
stands for x = (s, u), s = w / sqrt(N), u = A(s, ..., s), near a zero of

    F(s, u) = (A(s, ..., s, .) - u s, (1 - |s|^2) / 2).

Smale's alpha = beta gamma, beta = ||DF^-1 F||, gamma = max_k ||DF^-1 D^k F / k!||^{1/(k-1)}, k = 2 .. p - 1. That alpha
is below (13 - 3 sqrt 17) / 4 proves a zero within 2 beta of x, real since F is, to which Newton converges quadratically (Blum,
Cucker, Shub and Smale 1998; Hauenstein and Sottile 2012). The bounds, ||.|| the norm of a multilinear form and |A| Frobenius'
of the couplings, are

    ||D^2 F|| <= (p - 1) (p - 2) |A| |s|^{p - 3} + 2 / sqrt 3        (the second: -3 u |s|^2 on the unit sphere, at its largest)
    ||D^3 F|| <= 6 |A| for p = 4, 0 for p = 3
    ||DF^-1|| <= max_i sum_j |V'V|_ij / min_i (|B_ii| - sum_{j != i} |B_ij|),   B = V' DF V,

V the eigenvectors in float64, a hint that any other matrix may replace: where the denominator is positive, DF has the inertia
of B's diagonal (Sylvester, Gershgorin). DF is the bordered Hessian, which at a zero has one negative eigenvalue more than the
Riemannian Hessian; the index of the zero is known where 1 / ||DF^-1|| exceeds what DF can change within 2 beta (Weyl).

The balls are Arb's (F. Johansson, IEEE Trans. Comput. 66, 1281, 2017), through python-flint.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from stationary import seeds
from stationary.landscapes.p_spin import DenseGlass

Array = Any

ALPHA = 0.15767
"""Alpha below this proves a zero: (13 - 3 sqrt 17) / 4 = 0.1576707..., rounded down."""

PRECISION = 128
"""Bits of the balls' midpoints. From 64 on beta is that of the points' own rounding; 53 and 256 take about the same time."""


@dataclass(frozen=True)
class Certificates:
    """Each of shape [D, R]; where no point is, or nothing can be said, bounds are infinite and flags False.

    Attributes:
        alpha: upper bound on beta times gamma.
        beta: upper bound on the length of Newton's step from (s, u), times sqrt(N): the zero is within 2 beta of w.
        index: of the zero, if it is certain; -1 where DF was not diagonalised.
        index_certain: the index cannot change within 2 beta.
        distinct: no other point of the draw, nor an antipode, can be the same zero.
    """

    alpha: Array
    beta: Array
    index: Array
    index_certain: Array
    distinct: Array

    @property
    def certified(self) -> Array:
        """A zero is proved to lie near the point, its index is known, and no other point is that zero."""
        return (self.alpha < ALPHA) & self.index_certain & self.distinct


@dataclass(frozen=True)
class _Bounds:
    """Of one point, in s and u, as balls."""

    alpha: arb
    beta: arb
    index: int
    index_certain: bool


def certify(glass: DenseGlass, points: Array, present: Array, *, precision: int = PRECISION) -> Certificates:
    """Certify real points, draw by draw.

    Args:
        glass: D tensors.
        points: w on or near |w|^2 = N, one of each pair +-w, [D, R, N].
        present: which of them are points, [D, R]; the others fill the stack.
        precision: bits of the balls' midpoints.
    """
    present = present & np.isfinite(points).all(axis=-1)
    alpha, beta = np.full(present.shape, np.inf), np.full(present.shape, np.inf)
    index, index_certain, distinct = np.full(present.shape, -1), np.zeros(present.shape, bool), np.zeros(present.shape, bool)
    bases = _eigenvectors(glass, np.where(present[..., None], points, np.eye(glass.size)[0]))
    form = seeds.generator(0, "certificates/form", f"n{glass.size}", 0).standard_normal(glass.size)
    with ctx.workprec(precision):
        for draw, here in enumerate(present):
            places = np.flatnonzero(here)
            if not places.size:
                continue
            units = _units(points[draw, places])
            found = list(_points(glass.tensors[draw], units, bases[draw, places]))
            scale = arb(glass.size).sqrt()
            alpha[draw, places] = [_up(one.alpha) for one in found]
            beta[draw, places] = [_up(one.beta * scale) for one in found]
            index[draw, places] = [one.index for one in found]
            index_certain[draw, places] = [one.index_certain for one in found]
            distinct[draw, places] = _apart(units, [one.beta for one in found], form)
    return Certificates(alpha, beta, index, index_certain, distinct)


def _eigenvectors(glass: DenseGlass, points: Array) -> Array:
    """Of the bordered Hessian in float64: [D, R, N + 1, N + 1]."""
    p, size = glass.p, glass.size
    here = glass.contract(points / math.sqrt(size))
    jacobian = np.zeros((*points.shape[:-1], size + 1, size + 1))
    jacobian[..., :size, :size] = (p - 1) * here.matrix - here.energy()[..., None, None] * np.eye(size)
    jacobian[..., :size, size] = jacobian[..., size, :size] = -here.points
    return np.linalg.eigh(jacobian).eigenvectors


def _units(points: Array) -> arb_mat:
    """S = w / sqrt(N), one column per point: [R, N] -> N x R."""
    number, size = points.shape
    return arb_mat(size, number, points.T.ravel().tolist()) * (1 / arb(size).sqrt())


def _points(tensor: Array, units: arb_mat, bases: Array) -> Iterator[_Bounds]:
    """Bounds of the points of one draw, which share the couplings."""
    p, size = tensor.ndim, tensor.shape[0]
    flat = tensor.ravel().tolist()
    coupling = (arb_mat(1, len(flat), flat) * arb_mat(len(flat), 1, flat))[0, 0].sqrt()
    entries, number = units.entries(), units.ncols()
    columns = [entries[place::number] for place in range(number)]
    for s, matrix, basis in zip(columns, _contracted(tensor, columns), bases, strict=True):
        yield _bounds(p, s, arb_mat(size, size, matrix), coupling, basis)


def _contracted(tensor: Array, points: list[list[arb]]) -> Iterator[list[arb]]:
    """Entries of A(s, ..., s, ., .) of each point, N N numbers, by one product over the monomials of degree p - 2."""
    p, size = tensor.ndim, tensor.shape[0]
    monomials = list(itertools.combinations_with_replacement(range(size), p - 2))
    orders = [len(set(itertools.permutations(one))) for one in monomials]  # 1 or 2: times a double it is exact
    couplings = np.stack([tensor[(..., *one)].ravel() * number for one, number in zip(monomials, orders, strict=True)])
    values = [math.prod((s[place] for place in one), start=arb(1)) for s in points for one in monomials]
    left = arb_mat(len(points), len(monomials), values)
    entries = (left * arb_mat(len(monomials), size * size, couplings.ravel().tolist())).entries()
    for first in range(0, len(entries), size * size):
        yield entries[first : first + size * size]


def _bounds(p: int, s: list[arb], matrix: arb_mat, coupling: arb, basis: Array) -> _Bounds:
    """Alpha, beta and the index at one point.

    Args:
        p: number of spins that interact.
        s: the point.
        matrix: A(s, ..., s, ., .).
        coupling: |A|.
        basis: approximate eigenvectors of DF in its columns, [N + 1, N + 1].
    """
    size = len(s)
    column = arb_mat(size, 1, s)
    image = matrix * column
    square, energy = ((column.transpose() * other)[0, 0] for other in (column, image))
    residual = _length([*(image - column * energy).entries(), (1 - square) / 2])
    inverse, index = _inverse(_bordered(p, s, matrix, energy), basis)
    second = (p - 1) * (p - 2) * coupling * square.sqrt() ** (p - 3) + 2 / arb(3).sqrt()
    third = 6 * coupling if p == 4 else arb(0)
    beta = inverse * residual
    gamma = (inverse * second / 2).max((inverse * third / 6).sqrt())
    reach = 2 * beta * (second + 2 * beta * third)
    return _Bounds(beta * gamma, beta, index, bool(inverse * reach < 1))


def _bordered(p: int, s: list[arb], matrix: arb_mat, energy: arb) -> arb_mat:
    """DF = [[(p - 1) A(s, ..., s, ., .) - u, -s], [-s', 0]]."""
    size, inner = len(s), (matrix * (p - 1)).entries()
    for place in range(0, size * size, size + 1):
        inner[place] -= energy
    rows = [[*inner[row * size : (row + 1) * size], -s[row]] for row in range(size)]
    return arb_mat([*rows, [*(-one for one in s), arb(0)]])


def _inverse(jacobian: arb_mat, basis: Array) -> tuple[arb, int]:
    """Upper bound on ||DF^-1||, infinite where none was found, and the number of negative eigenvalues of DF less one."""
    size = len(basis)
    vectors = arb_mat(size, size, basis.ravel().tolist())
    transposed = vectors.transpose()
    inner = (transposed * (jacobian * vectors)).entries()
    gram = [abs(one) for one in (transposed * vectors).entries()]
    square, gap, negative = arb(0), arb.pos_inf(), 0
    for row in range(size):
        line = inner[row * size : (row + 1) * size]
        diagonal = line[row]
        gap = gap.min(2 * abs(diagonal) - _sum(abs(one) for one in line))
        square = square.max(_sum(gram[row * size : (row + 1) * size]))
        negative += bool(diagonal < 0)
    return (square / gap, negative - 1) if gap > 0 else (arb.pos_inf(), -1)


def _sum(balls: Iterable[arb]) -> arb:
    return sum(balls, start=arb(0))


def _length(balls: list[arb]) -> arb:
    """Upper bound on the Euclidean length; squares of balls about 0 would reach below it."""
    return _sum(one.abs_upper() ** 2 for one in balls).sqrt()


def _apart(units: arb_mat, betas: list[arb], form: Array) -> Array:
    """Which zeros differ from all others and their antipodes: [R].

    | |c.s| - |c.t| | is at most |c| times the distance of t from s and from -s. So |c.s| of the zeros that belong to the points
    lie in intervals of half-width 2 beta |c|, and zeros whose intervals are disjoint are distinct; c is any fixed vector, and
    that intervals meet by chance can only refuse.
    """
    size = form.size
    row = arb_mat(1, size, form.tolist())
    length = _length(row.entries())
    keys = [abs(one) for one in (row * units).entries()]
    low = np.array([-_up(2 * beta * length - key) for key, beta in zip(keys, betas, strict=True)])
    high = np.array([_up(key + 2 * beta * length) for key, beta in zip(keys, betas, strict=True)])
    order = np.argsort(low, kind="stable")
    before = np.maximum.accumulate(np.concatenate([[-np.inf], high[order][:-1]]))
    after = np.concatenate([low[order][1:], [np.inf]])
    distinct = np.empty(order.size, dtype=bool)
    distinct[order] = (low[order] > before) & (high[order] < after)
    return distinct


def _up(ball: arb) -> float:
    """A double above every number of the ball; infinite if the ball is not finite."""
    # The conversion may round down, by less than the distance to the next double.
    return math.nextafter(float(ball.upper()), math.inf) if ball.is_finite() else math.inf
