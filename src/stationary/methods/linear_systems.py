"""Stacks of linear systems of which some may have no solution."""

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
