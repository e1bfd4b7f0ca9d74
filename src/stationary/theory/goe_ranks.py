"""Densities of the ranked eigenvalues of the Gaussian orthogonal ensemble, by Pfaffians.

With weight |Delta(x)| exp(-sum x^2 / 2) (Mehta's GOE), fix one eigenvalue at x; the other N - 1 have the weight
|x - y| exp(-y^2 / 2) each. Counting those below x with a factor xi gives, by de Bruijn's formula, a Pfaffian in xi whose k-th
coefficient is the density of the eigenvalue of rank k at x (Mehta 2004; Bornemann 2010 for the numerical
view). The Pfaffian is evaluated at the N-th roots of unity, so the error of a density is rounding times the sum over ranks at
the same x, which is what an expectation needs.
"""

from __future__ import annotations

from math import lgamma, log, pi
from typing import Any

import numpy as np

Array = Any


def pfaffian(matrices: Array) -> Array:
    """Pfaffians of a stack of skew-symmetric matrices by Parlett and Reid's elimination: [..., 2 m, 2 m] -> [...].

    >>> float(pfaffian(np.array([[0.0, 2.0], [-2.0, 0.0]])))
    2.0
    """
    a = np.array(matrices)
    if a.shape[-1] % 2:
        raise ValueError(f"a Pfaffian needs an even size, got {a.shape[-1]}")
    flat = a.reshape(-1, *a.shape[-2:])
    rows = np.arange(flat.shape[0])
    result = np.ones(flat.shape[0], dtype=a.dtype)
    while flat.shape[-1]:
        size = flat.shape[-1]
        pivot = np.abs(flat[:, 0, 1:]).argmax(axis=1) + 1
        swap = np.broadcast_to(np.arange(size), (rows.size, size)).copy()
        swap[rows, 1], swap[rows, pivot] = pivot, 1
        flat = flat[rows[:, None, None], swap[:, :, None], swap[:, None, :]]
        head = flat[:, 0, 1]
        result = result * np.where(pivot == 1, head, -head)
        factor = flat[:, 0, 2:] / np.where(head == 0, 1.0, head)[:, None]
        update = factor[:, :, None] * flat[:, 1, None, 2:]
        flat = flat[:, 2:, 2:] - (update - update.swapaxes(1, 2))
    return result.reshape(a.shape[:-2])


def densities(size: int, x: Array, below: Array | None = None) -> Array:
    """Density at x of the eigenvalue with k others below it, k = 0 .. N - 1, for entries of variance (1 + delta_ij) / 2.

    Args:
        size: N, at least 2.
        x: [B].
        below: ranks wanted; all by default. The rank 0 alone, or N - 1 alone, costs one Pfaffian per x instead of N.

    Returns:
        [B, N], or [B, number of ranks]; each column integrates to 1.
    """
    x = np.asarray(x, dtype=float)
    ranks = np.arange(size) if below is None else np.asarray(below)
    if ranks.tolist() == [0]:
        return _generating(size, x, np.zeros(1)).real
    if ranks.tolist() == [size - 1]:
        return densities(size, -x, np.zeros(1, dtype=int))
    half = np.exp(2j * pi * np.arange(size // 2 + 1) / size)
    values = _generating(size, x, half)
    # Coefficients are real: the other half of the circle holds the conjugates.
    coefficients = np.fft.irfft(values.conj(), n=size, axis=1)
    return np.asarray(coefficients[:, ranks])


def total_density(size: int, x: Array) -> Array:
    """Sum over ranks of the densities at x, N times the one-point density: [B] -> [B]; it integrates to N."""
    return np.asarray(_generating(size, np.asarray(x, dtype=float), np.ones(1))[:, 0].real)


def _generating(size: int, x: Array, xi: Array) -> Array:
    """sum_k xi^k (density of rank k at x): [B], [Q] -> complex [B, Q]."""
    inner = size - 1
    below, above = _pieces(size, x, -1), _pieces(size, x, 1)
    cross = below[1][:, :, None] * above[1][:, None, :]
    cross = cross - cross.swapaxes(1, 2)
    result = np.empty((x.size, xi.size), dtype=np.complex128)
    padded = inner + inner % 2
    for column, one in enumerate(xi):
        matrix = np.zeros((x.size, padded, padded), dtype=np.complex128)
        matrix[:, :inner, :inner] = one**2 * below[0] + one * cross + above[0]
        if inner % 2:
            border = one * below[1] + above[1]
            matrix[:, :inner, inner], matrix[:, inner, :inner] = border, -border
        result[:, column] = pfaffian(matrix)
    order = np.arange(inner)
    # Orthonormal Hermite polynomials instead of powers, ordered integrals instead of free ones, Mehta's constant.
    constant = lgamma(size + 1) + sum(0.5 * (lgamma(k + 1) + 0.5 * log(pi) - k * log(2.0)) for k in order)
    constant -= 0.5 * size * log(2 * pi) + sum(lgamma(1 + 0.5 * j) - lgamma(1.5) for j in range(1, size + 1))
    return np.asarray(result * np.exp(constant - 0.5 * x * x)[:, None])


def _pieces(size: int, x: Array, side: int) -> tuple[Array, Array]:
    """Skew products and integrals of |x - y| psi_j(y) over y < x (side -1) or y > x (side 1): [B, n, n], [B, n]."""
    end = np.sqrt(2.0 * size) + 8.0
    nodes, weights, running = _legendre(2 * size + 50)
    low, high = (np.full_like(x, -end), x) if side < 0 else (x, np.full_like(x, end))
    half = 0.5 * (high - low)[:, None]
    y = low[:, None] + half * (nodes + 1.0)
    values = _hermite_functions(size - 1, y) * np.abs(y - x[:, None])[:, None]
    weighted = values * (half * weights)[:, None]
    # int over z of f_k(z) int over y < z of f_j(y), for all j and k
    inner = (values @ running.T) * half[:, None]
    product = inner @ weighted.swapaxes(1, 2)
    return product - product.swapaxes(1, 2), weighted.sum(axis=2)


def _legendre(number: int) -> tuple[Array, Array, Array]:
    """Gauss-Legendre nodes, weights, and the matrix that integrates from -1 to each node: [M], [M], [M, M]."""
    nodes, weights = np.polynomial.legendre.leggauss(number)
    values = np.polynomial.legendre.legvander(nodes, number)
    degree = np.arange(number)
    integral = np.empty((number, number))
    integral[:, 0] = nodes + 1.0
    integral[:, 1:] = (values[:, 2:] - values[:, :-2]) / (2 * degree[1:] + 1)
    return nodes, weights, integral @ ((degree[:, None] + 0.5) * values[:, :-1].T * weights)


def _hermite_functions(number: int, y: Array) -> Array:
    """Orthonormal psi_j(y) = H_j(y) exp(-y^2 / 2), positive leading coefficients: [B, M] -> [B, number, M]."""
    result = np.empty((y.shape[0], number, y.shape[1]))
    result[:, 0] = pi**-0.25 * np.exp(-0.5 * y * y)
    if number > 1:
        result[:, 1] = np.sqrt(2.0) * y * result[:, 0]
    for j in range(1, number - 1):
        result[:, j + 1] = np.sqrt(2.0 / (j + 1)) * y * result[:, j] - np.sqrt(j / (j + 1)) * result[:, j - 1]
    return result
