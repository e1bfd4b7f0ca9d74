"""Spectra of matrices too large to decompose: exact counts by inertia, extremes by Lanczos.

Sylvester's law: H - cut I = L D L^T has as many negative eigenvalues as D, whose blocks are 1 x 1 or 2 x 2. One such
factorisation is P^3/3 operations in large products (Bunch and Kaufman's pivoting, LAPACK's ``dsytrf``), a small part of an
eigenvalue decomposition. Lanczos finds the ends of a spectrum and cannot count.
Sources: J. R. Bunch and L. Kaufman (1977), Some stable methods for calculating inertia; R. B. Lehoucq et al., ARPACK.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg.lapack
import scipy.sparse.linalg

from stationary.spectra import EPS

Array = Any

TOLERANCE = 1e-10
"""Residual at which Lanczos stops, relative to the width of the spectrum."""


@dataclass(frozen=True)
class Extremes:
    """Both ends of a spectrum; NaN where Lanczos did not converge.

    Attributes:
        lowest: lowest eigenvalue.
        highest: highest eigenvalue.
        residual: the larger ||H v - lambda v|| of the two pairs; each eigenvalue is within it of a true one.
    """

    lowest: float
    highest: float
    residual: float


def count_below(hessian: Array, cut: float) -> int:
    """Number of eigenvalues of a symmetric matrix below ``cut``.

    It is exact for a matrix within rounding, about P eps ||H||, of the one given; an eigenvalue nearer to the cut than that
    may fall on either side.

    Args:
        hessian: symmetric, [P, P]; left as it is.
        cut: a place on the axis, e.g. -1e-3.

    Raises:
        ValueError: if an entry is not finite.

    >>> count_below(np.diag([-2.0, -1.0, 0.0, 3.0]), -1e-3)
    2
    """
    # The transpose is the same matrix in the order that LAPACK works in: the copy is the only one made.
    factor = np.array(np.asarray(hessian, dtype=np.float64).T, order="F")
    if not (np.isfinite(factor).all() and np.isfinite(cut)):
        raise ValueError("inertia needs a finite matrix and a finite cut; leave out runs that diverged")
    diagonal = np.arange(factor.shape[0])
    factor[diagonal, diagonal] -= cut
    work, _ = scipy.linalg.lapack.dsytrf_lwork(factor.shape[0], lower=1)
    factor, pivots, _ = scipy.linalg.lapack.dsytrf(factor, lower=1, lwork=int(work), overwrite_a=1)
    pairs = int((pivots < 0).sum()) // 2
    single = np.diagonal(factor)[pivots > 0]
    # The pivoting takes a 2 x 2 block only where its determinant is negative: one eigenvalue on each side.
    return int((single < 0.0).sum()) + pairs


def counts(hessian: Array, null_band: float) -> tuple[int, int, int]:
    """Eigenvalues below, inside and above the band about zero, by two factorisations: [P, P] -> three counts.

    >>> counts(np.diag([-2.0, 1e-17, 3.0, 4.0]), 1e-14)
    (1, 1, 2)
    """
    negative = count_below(hessian, -null_band)
    not_positive = count_below(hessian, null_band)
    return negative, not_positive - negative, hessian.shape[0] - not_positive


def extremes(product: Callable[[Array], Array], size: int) -> Extremes:
    """Lowest and highest eigenvalue of a symmetric operator by Lanczos.

    Args:
        product: v -> H v, [P] -> [P].
        size: P, at least 3.
    """
    start = np.cos(np.arange(size) + 1.0)  # a fixed start: a random one would make every run another
    try:
        highest, top = _largest(product, start)
        # Mirrored at the upper end, the lowest eigenvalue is the largest: a spectrum that ends in many zeros, where a
        # tolerance relative to the eigenvalue is never met, converges as well.
        mirrored, bottom = _largest(lambda v: highest * v - product(v), start)
    except scipy.sparse.linalg.ArpackError:
        return Extremes(np.nan, np.nan, np.nan)
    lowest = highest - mirrored
    residual = max(np.linalg.norm(product(top) - highest * top), np.linalg.norm(product(bottom) - lowest * bottom))
    return Extremes(lowest, highest, float(residual))


def rounding_band(extreme: Extremes, size: int) -> float:
    """10 P eps ||H||_2, as :func:`stationary.spectra.rounding_band` has it, from the two ends."""
    return 10.0 * size * EPS * max(abs(extreme.lowest), abs(extreme.highest))


def _largest(product: Callable[[Array], Array], start: Array) -> tuple[float, Array]:
    operator = scipy.sparse.linalg.LinearOperator((start.size, start.size), matvec=product, dtype=np.float64)
    values, vectors = scipy.sparse.linalg.eigsh(operator, k=1, which="LA", v0=start, tol=TOLERANCE)
    return float(values[0]), vectors[:, 0]
