"""Stacks of linear systems and of symmetric matrices of which some may have no solution."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def solve_or_nan(matrices: Array, sides: Array) -> Array:
    """Solve every system of a stack; NaN where the matrix is exactly singular or not finite.

    Args:
        matrices: [..., n, n], real or complex.
        sides: [..., n, m].

    Returns:
        [..., n, m]; a system's numbers do not depend on the others'.

    >>> solve_or_nan(np.array([[[2.0]], [[0.0]]]), np.ones((2, 1, 1))).ravel().tolist()
    [0.5, nan]
    """
    try:
        return np.linalg.solve(matrices, sides)
    except np.linalg.LinAlgError:  # one singular matrix fails the whole stack
        broken = ~(np.abs(np.linalg.slogdet(matrices).sign) > 0.0)
        solved = np.linalg.solve(np.where(broken[..., None, None], np.eye(matrices.shape[-1]), matrices), sides)
        solved[broken] = np.nan
        return solved


def eigh_or_nan(matrices: Array) -> tuple[Array, Array]:
    """Decompose every symmetric matrix of a stack; NaN where one is not finite, on which NumPy would fail the whole stack.

    Args:
        matrices: [R, n, n], symmetric.

    Returns:
        eigenvalues [R, n] in ascending order, eigenvectors as columns [R, n, n]; a matrix's numbers are its own.

    >>> eigh_or_nan(np.array([[[2.0]], [[np.nan]]]))[0].ravel().tolist()
    [2.0, nan]
    """
    finite = np.isfinite(matrices).all(axis=(1, 2))
    values, vectors = np.linalg.eigh(matrices if finite.all() else np.where(finite[:, None, None], matrices, 0.0))
    values[~finite], vectors[~finite] = np.nan, np.nan
    return values, vectors
