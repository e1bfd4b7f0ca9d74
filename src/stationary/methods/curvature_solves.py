"""Steps from an exact Hessian without its eigenvectors wherever nothing would be cut.

A pseudo-inverse with relative cut c is the inverse if no eigenvalue is below c times the largest. Both routes here prove that
from a factorisation, a small part of the cost of an eigendecomposition, and decompose the matrices for which they cannot:

one system     LU with LAPACK's estimate of the 1-norm condition number, which bounds the spectral one from above
many shifts    H = Q T Q^T, T tridiagonal: all eigenvalues, and every (T + gamma I)^{-1}, at no further cost of order P^3

Replicas are factorised one after the other: each is one large operation, and each needs its own route.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.linalg import lapack

from stationary import spectra

Array = Any

MARGIN = 10.0
"""By how much the reciprocal condition number has to exceed the cut: LAPACK's estimate may be too optimistic by a little."""


def newton_steps(hessian: Array, gradient: Array, cut: float) -> tuple[Array, Array]:
    """-H^+ g, the shortest p minimising ||H p + g||.

    Args:
        hessian: finite and symmetric, [R, P, P].
        gradient: [R, P].
        cut: eigenvalues below this times the largest are taken as zero.

    Returns:
        steps, [R, P]; which systems had to be decomposed, boolean [R].

    >>> step, decomposed = newton_steps(np.array([np.diag([2.0, -1.0]), np.diag([2.0, 0.0])]), np.ones((2, 2)), 1e-14)
    >>> step.tolist(), decomposed.tolist()
    ([[-0.5, 1.0], [-0.5, 0.0]], [False, True])
    """
    step, decomposed = np.empty_like(gradient), np.zeros(len(gradient), dtype=bool)
    for run, (matrix, side) in enumerate(zip(hessian, gradient, strict=True)):
        factor, pivots, singular = lapack.dgetrf(matrix.T)  # the same matrix, in the order that LAPACK works in
        near = lapack.dgecon(factor, np.abs(matrix).sum(axis=0).max())[0] if singular == 0 else 0.0
        if near > MARGIN * cut:
            step[run] = -lapack.dgetrs(factor, pivots, side)[0]
        else:
            decomposed[run] = True
    if decomposed.any():
        step[decomposed] = spectra.minimum_norm_step(*np.linalg.eigh(hessian[decomposed]), gradient[decomposed], cut)
    return step, decomposed


def shifted_steps(hessian: Array, gradient: Array, shifts: Array, cut: float) -> Array:
    """-(H + gamma I)^+ g for several gamma, each the shortest p minimising ||(H + gamma I) p + g||.

    Args:
        hessian: finite and symmetric, [R, P, P].
        gradient: [R, P].
        shifts: gamma relative to the largest absolute eigenvalue of H, [K].
        cut: eigenvalues of H + gamma I below this times its largest are taken as zero.

    Returns:
        [R, K, P].

    >>> shifted_steps(np.diag([2.0, -1.0])[None], np.ones((1, 2)), np.array([0.0, 0.5, 1.0]), 1e-14)[0].round(12).tolist()
    [[-0.5, 1.0], [-0.333333333333, 0.0], [-0.25, -1.0]]
    """
    steps = np.empty((len(gradient), len(shifts), gradient.shape[1]))
    deficient = np.zeros(len(gradient), dtype=bool)
    for run, (matrix, side) in enumerate(zip(hessian, gradient, strict=True)):
        found = _tridiagonal_steps(matrix, side, np.asarray(shifts, dtype=np.float64), cut)
        deficient[run] = found is None
        if found is not None:
            steps[run] = found
    if deficient.any():
        values, vectors = np.linalg.eigh(hessian[deficient])
        largest = np.abs(values).max(axis=1, keepdims=True)
        for column, shift in enumerate(shifts):
            moved = values + shift * largest
            steps[deficient, column] = spectra.minimum_norm_step(moved, vectors, gradient[deficient], cut)
    return steps


def _tridiagonal_steps(matrix: Array, side: Array, shifts: Array, cut: float) -> Array | None:
    """The steps of one system, or None if a shift makes it deficient: [P, P], [P], [K] -> [K, P]."""
    size = len(side)
    if size < 3:
        return None  # the reflectors of LAPACK's wrapper start at three
    reduced, diagonal, off, scales, _ = lapack.dsytrd(matrix.T, lower=1, lwork=_workspace(size))
    eigenvalues, failed = lapack.dsterf(diagonal, off)
    if failed:
        return None
    gamma = shifts * np.abs(eigenvalues).max()
    moved = np.abs(eigenvalues + gamma[:, None])
    if (moved.min(axis=1) <= cut * moved.max(axis=1)).any():
        return None
    reflectors = np.asfortranarray(reduced[1:, :-1])  # Q leaves the first coordinate alone
    rotated = np.array(side)
    rotated[1:] = lapack.dormqr("L", "T", reflectors, scales, rotated[1:, None], lwork=size)[0][:, 0]
    solved = np.empty((size, len(gamma)), order="F")
    for column, shift in enumerate(gamma):
        *_, solution, singular = lapack.dgtsv(off, diagonal + shift, off, rotated)
        if singular:
            return None
        solved[:, column] = solution
    solved[1:] = lapack.dormqr("L", "N", reflectors, scales, solved[1:], lwork=64 * len(gamma))[0]
    return -solved.T


@lru_cache
def _workspace(size: int) -> int:
    return int(lapack.dsytrd_lwork(size, lower=1)[0])
