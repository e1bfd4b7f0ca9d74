"""Newton steps that take a nearly critical point to rounding, on a manifold of critical points too.

Along a manifold of critical points the Hessian has null directions, and at a distance its eigenvalues there are of the order
of ||g||: a pseudo-inverse that inverts them walks far along the manifold, and one that cuts too much does not arrive. So each
step is tried with several cuts, and the one with the smallest new ||g|| is taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.linear_systems import eigh_or_nan

Array = Any

CUTS = (1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)
"""Relative cuts of the pseudo-inverse, beside P eps."""


def refine(landscape: Any, theta: Array, *, steps: int = 2) -> Array:
    """Minimum-norm Newton steps, each with the cut that leaves the smallest gradient: [R, P] -> [R, P].

    A step that would not lower the gradient norm is not taken.

    Args:
        landscape: of the R points.
        theta: finite, nearly critical; a point whose Hessian is not finite stays where it is.
        steps: Newton steps.
    """
    theta = np.array(theta, dtype=np.float64)
    for _ in range(steps if theta.size else 0):
        gradient = landscape.gradient(theta)
        eigenvalues, vectors = eigh_or_nan(landscape.hessian(theta))
        best, chosen = np.linalg.norm(gradient, axis=1), theta.copy()
        for cut in (theta.shape[1] * spectra.EPS, *CUTS):
            moved = theta + spectra.minimum_norm_step(eigenvalues, vectors, gradient, cut)
            with np.errstate(over="ignore", invalid="ignore"):
                after = np.linalg.norm(landscape.gradient(moved), axis=1)
            better = after < best  # False where not finite
            best[better], chosen[better] = after[better], moved[better]
        theta = chosen
    return theta
