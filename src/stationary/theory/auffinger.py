"""Complexity of the spherical p-spin glass: thresholds, curves, and exact mean numbers of critical points.

Auffinger, Ben Arous and Cerny, Random matrices and complexity of spin glasses (2013). Energies u are per spin, H / N with
H = N^{-(p-1)/2} sum X w ... w on |w|^2 = N; an index counts negative eigenvalues of the Riemannian Hessian.
"""

from __future__ import annotations

from math import exp, log, pi, sqrt
from typing import Any

import numpy as np
import scipy.optimize

from stationary.theory import goe_ranks

Array = Any

_SPACING = 0.08
"""Of the trapezoidal rule, in units in which the matrix entries have variance 1/2; its error falls like exp(-c / spacing)."""


def e_infinity(p: int) -> float:
    """2 sqrt((p - 1) / p): critical points of every fixed index crowd at energy -E_inf.

    >>> round(e_infinity(3), 6), round(e_infinity(4), 6)
    (1.632993, 1.732051)
    """
    return 2.0 * sqrt((p - 1) / p)


def bulk(p: int, u: Array) -> tuple[Array, float]:
    """Centre -p u and radius p E_inf of the semicircle that the Hessian's spectrum follows at energy u; it ends at 0 at -E_inf.

    >>> centre, radius = bulk(3, -1.5)
    >>> centre, round(radius, 6)
    (4.5, 4.898979)
    """
    return -p * u, p * e_infinity(p)


def rate(p: int, u: Array) -> Array:
    """I(u) for u <= -E_inf, the rate function of the lowest eigenvalue, 0 at -E_inf.

    >>> float(rate(3, -e_infinity(3)))
    0.0
    """
    u, edge = np.asarray(u, dtype=float), e_infinity(p)
    root = np.sqrt(np.maximum(u * u - edge * edge, 0.0))
    return np.asarray(-u / edge**2 * root - np.log(-u + root) + log(edge))


def theta(p: int, u: Array) -> Array:
    """Theta(u): (1 / N) log of the mean number of critical points at energies up to u.

    >>> round(float(theta(3, 0.0)), 6)  # log(2) / 2
    0.346574
    """
    u = np.asarray(u, dtype=float)
    edge = e_infinity(p)
    middle = 0.5 * log(p - 1) - (p - 2) / (4.0 * (p - 1)) * np.minimum(u, 0.0) ** 2
    return np.asarray(middle - np.where(u < -edge, rate(p, np.minimum(u, -edge)), 0.0))


def theta_k(p: int, k: int, u: Array) -> Array:
    """Theta_k(u): the same for critical points of index k.

    Constant above -E_inf. The constant printed there is a misprint: continuity gives log(p - 1) / 2 - (p - 2) / p.

    >>> round(float(theta_k(3, 0, 0.0)), 6)
    0.01324
    """
    below = np.minimum(np.asarray(u, dtype=float), -e_infinity(p))
    return np.asarray(0.5 * log(p - 1) - (p - 2) / (4.0 * (p - 1)) * below**2 - (k + 1) * rate(p, below))


def e_k(p: int, k: int) -> float:
    """E_k: below -E_k there is no critical point of index k or more; Theta_k(-E_k) = 0.

    >>> [round(e_k(3, k), 6) for k in range(4)]
    [1.656998, 1.652873, 1.650253, 1.648399]
    >>> [round(e_k(4, k), 6) for k in range(3)], [round(e_k(5, k), 6) for k in range(3)]
    ([1.794085, 1.7833, 1.776478], [1.887989, 1.870576, 1.859599])
    """
    edge = e_infinity(p)
    return float(scipy.optimize.brentq(lambda energy: float(theta_k(p, k, -energy)), edge, edge + 1.0, xtol=1e-14))


def expected_total(p: int, size: int) -> float:
    """Exact mean number of critical points on the sphere of N spins, both of each pair +-w (theorem 2.1 summed over k).

    >>> [round(expected_total(3, size), 3) for size in (3, 5, 8)]
    [10.552, 31.497, 124.092]
    """
    x, weight = _rule(p, size)
    return float(weight @ goe_ranks.total_density(size, x))


def expected_below(p: int, size: int, u: float) -> float:
    """Exact mean number of critical points at energies up to u < 0; far below -E_0, where it is tiny, rounding swallows it.

    >>> round(expected_below(3, 8, 0.0) / expected_total(3, 8), 12)  # energies are symmetric
    0.5
    """
    low, high = -sqrt(2.0 * size) - 10.0, u * sqrt(p * size / (2.0 * (p - 1)))
    nodes, weights = np.polynomial.legendre.leggauss(size + 60)
    half = 0.5 * (high - low)
    x = low + half * (nodes + 1.0)
    return float(_scale(p, size) * half * weights @ (goe_ranks.total_density(size, x) * _damping(p, x)))


def sharp_total(p: int, size: int) -> float:
    """The mean number of critical points as N grows, prefactor included: 4 sqrt(2 N / (pi (p - 2))) (p - 1)^{N/2}.

    The semicircle's density at 0 times a Gaussian integral (theorem 2.17 of the source is about energies below 0).

    >>> round(expected_total(3, 60) / sharp_total(3, 60), 2)
    0.98
    """
    return float(4.0 * sqrt(2.0 * size / (pi * (p - 2))) * (p - 1) ** (0.5 * size))


def sharp_below(p: int, size: int, u: float) -> float:
    """The mean number at energies up to u < 0 as N grows, prefactor included (theorem 2.17); 1 + O(1/N) times it is exact.

    Args:
        p: spins that interact.
        size: N.
        u: energy per spin; within N^{-2/3} of -E_inf neither branch holds.

    Raises:
        ValueError: if u is not negative or is -E_inf.
    """
    edge, v = e_infinity(p), -u * sqrt(p / (2.0 * (p - 1)))
    if u >= 0.0 or u == -edge:
        raise ValueError(f"u = {u} has no sharp count. Use a negative energy other than -E_inf = {-edge:.6f}.")
    slope, growth = (p - 2) / p * v, exp(size * float(theta(p, u)))
    if u > -edge:  # the semicircle's density at the upper end, where the Gaussian factor is largest
        return 2.0 * sqrt(2.0 / p) * sqrt(2.0 - v * v) / (pi * slope) * growth
    root = sqrt(v * v - 2.0)
    ratio = sqrt(sqrt((v + sqrt(2.0)) / (v - sqrt(2.0))))
    tilt = sqrt(2.0) / (v + root)  # exp(I_1 - v I_1' / 2) of the theorem, where I_1' = root
    return (ratio + 1.0 / ratio) * tilt / (sqrt(2.0 * pi * p * size) * (slope + root)) * growth


def expected_counts(p: int, size: int) -> Array:
    """Exact mean numbers of critical points by index 0 .. N - 1 (theorem 2.1): [N].

    2 sqrt(2 / p) (p - 1)^{N/2} E exp(-N (p - 2) / (2 p) lambda_k^2), lambda_0 <= ... of an N x N GOE with entries of variance
    (1 + delta_ij) / (2 N). Up to N = 20 in a second, N = 60 in tens of seconds; for minima alone see expected_minima.

    >>> expected_counts(3, 8).round(2)[:4].tolist()
    [5.24, 12.47, 19.83, 24.5]
    """
    x, weight = _rule(p, size)
    return np.asarray(weight @ goe_ranks.densities(size, x))


def expected_minima(p: int, size: int) -> float:
    """Exact mean number of minima; that of maxima is the same.

    >>> round(expected_minima(3, 7), 3)
    4.822
    """
    x, weight = _rule(p, size)
    return float(weight @ goe_ranks.densities(size, x, np.zeros(1, dtype=int))[:, 0])


def mean_energies(p: int, size: int) -> Array:
    """Mean energy per spin of the critical points of each index, all draws pooled: [N]."""
    x, weight = _rule(p, size)
    density = goe_ranks.densities(size, x)
    energy = x * sqrt(2.0 * (p - 1) / (p * size))
    return np.asarray((weight * energy) @ density / (weight @ density))


def _rule(p: int, size: int) -> tuple[Array, Array]:
    """Nodes x = sqrt(N) lambda and weights such that weight @ density is a mean number."""
    end = sqrt(2.0 * size) + 6.0
    x = np.linspace(-end, end, 2 * int(end / _SPACING) + 1)
    return x, _scale(p, size) * (x[1] - x[0]) * _damping(p, x)


def _scale(p: int, size: int) -> float:
    return float(2.0 * sqrt(2.0 / p) * (p - 1) ** (0.5 * size))


def _damping(p: int, x: Array) -> Array:
    """exp(-N (p - 2) / (2 p) lambda^2) at x = sqrt(N) lambda."""
    return np.asarray(np.exp(-(p - 2) / (2.0 * p) * x * x))
