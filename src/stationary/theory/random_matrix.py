"""Null models of index against loss: a shifted semicircle, its 3/2 law, and the line of the linear autoencoder.

If the Hessian at a critical point were a Wigner matrix (semicircle of radius 2, variance 1) shifted by gamma, its share of
negative eigenvalues would be that of the semicircle below -gamma. Near the edge, gamma = 2 - gap, it grows as the power 3/2 of
the gap; where the shift is proportional to the loss, so does the index above the loss at which it vanishes. Source:
J. Pennington and Y. Bahri, Geometry of neural network loss surfaces via random matrix theory (ICML 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats
from scipy.optimize import elementwise

Array = Any

EDGE_FACTOR = 2.0 / (3.0 * np.pi)
"""index = EDGE_FACTOR gap^(3/2) (1 - 3 gap / 40 + ...): the semicircle's density at its edge, sqrt(gap) / pi, integrated."""

EXPONENTS = (0.05, 8.0)
"""Range of exponents that a fit may give; a best one at an end of it is none."""

_GRID = 30


@dataclass(frozen=True)
class Power:
    """index = factor * excess^exponent by least squares; NaN where the points do not determine it, each of shape [...].

    Attributes:
        exponent: of the power.
        factor: in front of it.
        exponent_error: standard error from the linearised fit, for points whose errors are independent and equal.
        factor_error: likewise.
    """

    exponent: Array
    factor: Array
    exponent_error: Array
    factor_error: Array


@dataclass(frozen=True)
class Line:
    """index = intercept + slope * loss by least squares; ``correlation`` says how straight the points are."""

    slope: float
    intercept: float
    correlation: float


def shifted_semicircle_index(gamma: Array) -> Array:
    """Share of negative eigenvalues of a semicircle of radius 2 shifted by gamma, any shape.

    index = 1/2 - gamma sqrt(4 - gamma^2) / (4 pi) - arcsin(gamma / 2) / pi for |gamma| <= 2, 1 below and 0 above.

    >>> shifted_semicircle_index(np.array([0.0, 2.0, 3.0])).tolist()
    [0.5, 0.0, 0.0]
    """
    inside = np.clip(np.asarray(gamma, dtype=np.float64), -2.0, 2.0)
    return np.asarray(0.5 - inside * np.sqrt(4.0 - inside * inside) / (4.0 * np.pi) - np.arcsin(0.5 * inside) / np.pi)


def edge_index(gap: Array) -> Array:
    """Leading term of the index at gamma = 2 - gap, 2 / (3 pi) gap^(3/2); relative error 3 gap / 40 to first order.

    >>> exact, leading = shifted_semicircle_index(2.0 - 0.01), edge_index(0.01)
    >>> round(float(1.0 - exact / leading), 4)
    0.0008
    """
    return np.asarray(EDGE_FACTOR * np.maximum(np.asarray(gap, dtype=np.float64), 0.0) ** 1.5)


def fit_power(excess: Array, index: Array) -> Power:
    """Fit index = c excess^q by least squares in the index itself, stack by stack: [..., n], [..., n].

    Not a line through the logarithms: that would drop the points of index zero, which are evidence about the power, and weigh
    most the smallest counts, whose relative error is largest. For given q the best c is known, so one number is searched for,
    by SciPy's element-wise minimiser inside the best cell of a grid.

    Args:
        excess: of the loss over the one where the index vanishes, >= 0.
        index: shares of negative eigenvalues.
    """
    excess, index = np.broadcast_arrays(np.asarray(excess, dtype=np.float64), np.asarray(index, dtype=np.float64))
    *shape, points = excess.shape
    if points < 3:
        return Power(*(np.full(shape, np.nan) for _ in range(4)))
    excess, index = excess.reshape(-1, points), index.reshape(-1, points)
    exponent = np.full(excess.shape[0], np.nan)
    scale = excess.max(axis=-1, keepdims=True)  # powers of numbers up to 1 neither overflow nor fade together
    scale = np.where(scale > 0, scale, np.nan)
    relative = excess / scale
    grid = np.geomspace(*EXPONENTS, _GRID)
    misses = np.stack([_miss(np.full(exponent.shape, q), relative, index) for q in grid])
    known = np.isfinite(misses).all(axis=0)
    best = np.where(known, np.argmin(np.where(known, misses, 0.0), axis=0), 0)
    inner = np.flatnonzero((best > 0) & (best < _GRID - 1))
    if inner.size:
        cell = best[inner]

        def miss(q: Array, rows: Array) -> Array:
            return _miss(q, relative[rows.astype(int)], index[rows.astype(int)])

        found = elementwise.find_minimum(miss, (grid[cell - 1], grid[cell], grid[cell + 1]), args=(inner,))
        exponent[inner] = np.where(found.success, found.x, np.nan)
    factor, *errors = _linearised(exponent, relative, index)
    size = scale[:, 0] ** -exponent
    # The factor is that of excess / scale; its error there is carried over with the exponent's, which the scale couples.
    covariance = errors[0] - 2.0 * np.log(scale[:, 0]) * factor * errors[1] + (np.log(scale[:, 0]) * factor) ** 2 * errors[2]
    results = (exponent, factor * size, np.sqrt(errors[2]), size * np.sqrt(covariance))
    return Power(*(result.reshape(shape) for result in results))


def line(loss: Array, index: Array) -> Line:
    """The straight line through points, e.g. all analytic points of the linear autoencoder: [n], [n].

    Raises:
        ValueError: from SciPy, if there are fewer than two points or the losses do not vary.

    >>> found = line([1.0, 2.0, 4.0], [0.0, 0.1, 0.3])
    >>> round(found.slope, 12), round(found.intercept, 12), round(found.correlation, 12)
    (0.1, -0.1, 1.0)
    """
    fit = scipy.stats.linregress(loss, index)
    return Line(float(fit.slope), float(fit.intercept), float(fit.rvalue))


def _miss(exponent: Array, excess: Array, index: Array) -> Array:
    """Sum of squares that the best factor leaves: [K], [K, n], [K, n] -> [K]."""
    power = excess ** exponent[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.vecdot(index, index) - np.vecdot(index, power) ** 2 / np.vecdot(power, power)


def _linearised(exponent: Array, excess: Array, index: Array) -> tuple[Array, Array, Array, Array]:
    """Best factor c, then var c, cov(c, q), var q from s^2 (J^T J)^-1, J = (x^q, c x^q log x): each [K]."""
    with np.errstate(invalid="ignore", divide="ignore"):
        power = excess ** exponent[:, None]
        factor = np.vecdot(index, power) / np.vecdot(power, power)
        bend = factor[:, None] * power * np.log(np.where(excess > 0, excess, 1.0))
        aa, ab, bb = np.vecdot(power, power), np.vecdot(power, bend), np.vecdot(bend, bend)
        residual = index - factor[:, None] * power
        variance = np.vecdot(residual, residual) / (excess.shape[1] - 2)
        determinant = aa * bb - ab * ab
        return factor, variance * bb / determinant, -variance * ab / determinant, variance * aa / determinant
