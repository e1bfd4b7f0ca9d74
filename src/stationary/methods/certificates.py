"""Smale's alpha-certificates for real critical points of small glasses, draws and points stacked.

The points are zeros of F(s, u) = (A(s, ..., s, .) - u s, (1 - |s|^2) / 2) in x = (s, u), u the multiplier. F is of degree
p - 1, so gamma = max_k ||DF^-1 D^k F / k!||^{1/(k-1)} has p - 2 terms, each bounded by the spectral norm of an unfolding.
alpha = beta gamma < (13 - 3 sqrt 17) / 4, beta = ||DF^-1 F||, proves a zero within 2 beta of x to which Newton converges
quadratically from x (Blum, Cucker, Shub and Smale 1998; Hauenstein and Sottile 2012). DF is the bordered Hessian:
it has one negative eigenvalue more than the Riemannian Hessian, so an index is certain where none can reach 0 within 2 beta.

In float64 these are soft certificates: the rounding of F is bounded and added, that of DF^-1 is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from stationary.landscapes.small_tensor import SmallTensor
from stationary.spectra import EPS

Array = Any

ALPHA = (13.0 - 3.0 * sqrt(17.0)) / 4.0
"""Below this alpha proves an approximate zero (0.157671)."""


@dataclass(frozen=True)
class Certificates:
    """Each of shape [D, R].

    Attributes:
        alpha: beta times gamma.
        beta: bound on Newton's step from the point in (s, u); the zero is within 2 beta.
        index: negative eigenvalues of the bordered Hessian less one.
        index_certain: no eigenvalue of the bordered Hessian reaches 0 within 2 beta.
        distinct: no other point of the draw, nor an antipode, can be the same zero.
    """

    alpha: Array
    beta: Array
    index: Array
    index_certain: Array
    distinct: Array

    @property
    def certified(self) -> Array:
        """A zero exists near the point, its index is known, and no other point is that zero."""
        return (self.alpha < ALPHA) & self.index_certain & self.distinct


def certify(glass: SmallTensor, points: Array, present: Array) -> Certificates:
    """Certify real points.

    Args:
        glass: D tensors.
        points: unit vectors, one of each pair +-s, [D, R, N].
        present: which of them are points, [D, R]; the others fill the stack, and their certificates mean nothing.
    """
    p, size = glass.p, glass.size
    matrix = glass.matrix(points)
    slope = np.matvec(matrix, points)
    energy = np.vecdot(points, slope)
    jacobian = np.zeros((*points.shape[:-1], size + 1, size + 1))
    jacobian[..., :size, :size] = (p - 1) * matrix - energy[..., None, None] * np.eye(size)
    jacobian[..., :size, size] = jacobian[..., size, :size] = -points
    eigenvalues, vectors = np.linalg.eigh(jacobian)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = (vectors / eigenvalues[..., None, :]) @ vectors.swapaxes(-1, -2)
        inverse_norm = 1.0 / np.abs(eigenvalues).min(axis=-1)
        residual = np.empty((*points.shape[:-1], size + 1))
        residual[..., :size] = slope - energy[..., None] * points
        residual[..., size] = 0.5 * (1.0 - np.vecdot(points, points))
        beta = np.linalg.norm(np.matvec(inverse, residual), axis=-1) + inverse_norm * _rounding(glass, points, energy)
        second = _second_square(glass, points)
        gamma = 0.5 * _norm(inverse @ second @ inverse)
        third = _third_square(glass)
        if p == 4:
            gamma = np.maximum(gamma, np.sqrt(_norm(inverse @ third @ inverse) / 6.0))
    reach = 2.0 * beta * (_norm(second) + 2.0 * beta * _norm(third))
    return Certificates(
        alpha=beta * gamma,
        beta=beta,
        index=(eigenvalues < 0).sum(axis=-1) - 1,
        index_certain=np.abs(eigenvalues).min(axis=-1) > reach,
        distinct=_distinct(points, beta, present),
    )


def _norm(square: Array) -> Array:
    """Spectral norm of G from G G': [..., n, n] -> [...]."""
    finite = np.isfinite(square).all(axis=(-1, -2))
    largest = np.linalg.eigvalsh(np.where(finite[..., None, None], square, 0.0))[..., -1]
    return np.where(finite, np.sqrt(np.maximum(largest, 0.0)), np.inf)


def _second_square(glass: SmallTensor, points: Array) -> Array:
    """G G' of the unfolding of D^2 F, a symmetric 3-tensor: [D, R, n, n]."""
    p, size = glass.p, glass.size
    number = points.shape[1]
    third = glass.tensors[:, None]
    if p == 4:
        flat = glass.tensors.reshape(-1, 1, size**3, size)
        third = np.matvec(flat, points).reshape(-1, number, size, size, size)
    tensor = np.zeros((*points.shape[:-1], size + 1, size + 1, size + 1))
    tensor[..., :size, :size, :size] = (p - 1) * (p - 2) * third
    lines = np.arange(size)
    for place in ((lines, lines, size), (lines, size, lines), (size, lines, lines)):
        tensor[(..., *place)] = -1.0
    unfolded = tensor.reshape(*points.shape[:-1], size + 1, -1)
    return np.asarray(unfolded @ unfolded.swapaxes(-1, -2))


def _third_square(glass: SmallTensor) -> Array:
    """G G' of the unfolding of D^3 F = 6 A for p = 4, nothing for p = 3: [D, 1, n, n]."""
    draws, size = glass.tensors.shape[0], glass.size
    square = np.zeros((draws, 1, size + 1, size + 1))
    if glass.p == 4:
        unfolded = 6.0 * glass.tensors.reshape(draws, size, -1)
        square[:, 0, :size, :size] = unfolded @ unfolded.swapaxes(-1, -2)
    return square


def _rounding(glass: SmallTensor, points: Array, energy: Array) -> Array:
    """Bound on the rounding error of F, summation in any order: [D, R]."""
    terms = glass.size ** (glass.p - 1) + 3
    absolute = SmallTensor(np.abs(glass.tensors))
    magnitude = np.matvec(absolute.matrix(np.abs(points)), np.abs(points)) + np.abs(energy[..., None] * points)
    return np.asarray(EPS * terms * (np.linalg.norm(magnitude, axis=-1) + 1.0))


def _distinct(points: Array, beta: Array, present: Array) -> Array:
    """No other present point, nor an antipode, within 2 (beta_i + beta_j): [D, R]."""
    pairs = points[:, :, None], points[:, None]
    distance = np.minimum(*(np.linalg.norm(pairs[0] - sign * pairs[1], axis=-1) for sign in (1.0, -1.0)))
    apart = distance > 2.0 * (beta[:, :, None] + beta[:, None])
    counted = present[:, None] & ~np.eye(points.shape[1], dtype=bool)
    # A point's own antipode is 2 away.
    return np.asarray((apart | ~counted).all(axis=-1) & (4.0 * beta < 2.0))
