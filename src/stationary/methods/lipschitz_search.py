"""Every critical point in a box, by branch and bound on Lipschitz constants.

With gradient g and Hessian H at a box's centre, r half its diagonal, sigma the smallest singular value of H, L and M Lipschitz
constants of gradient and Hessian:

* |g| > r min(L, ||H|| + M r / 2), or |H^-1 g| > r + M r^2 / (2 sigma), leaves no critical point in the box: both follow from
  Taylor's formula about its centre.
* In the ball of radius R about the centre, here a few r: M |H^-1 g| <= sigma / 2 and 2 |H^-1 g| <= R prove a critical
  point, to which Newton's method converges (Kantorovich); sigma > M R makes the gradient one-to-one there, so that it is the
  only one.

All other boxes are halved along every axis. Bounds are evaluated in float64 with a margin far above its rounding, not in
interval arithmetic. Source of the second test: J. M. Ortega, The Newton-Kantorovich theorem (1968).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from stationary.landscapes.protocol import Landscape

Array = Any

MARGIN = 1e-12
"""On the bounds, relative to the gradient's scale."""

REACH = 8.0
"""R / r."""

NEWTON_STEPS = 40


class Bounded(Landscape, Protocol):
    """A landscape with Lipschitz constants."""

    def lipschitz(self, theta: Array, radius: float) -> tuple[Array, Array]:
        """Of gradient and Hessian (spectral norm) within ``radius`` of every row: [R, P] -> [R], [R]."""

    def gradient_scale(self, theta: Array) -> Array:
        """What a small gradient is small against: [R]."""


@dataclass(frozen=True)
class Found:
    """Critical points in a box.

    Attributes:
        theta: [K, P].
        complete: whether every box was settled, so that there is no other critical point.
        unsettled: boxes that were neither excluded nor found to hold exactly one point when the search stopped.
        boxes: boxes looked at.
    """

    theta: Array
    complete: bool
    unsettled: int
    boxes: int


def critical_points(landscape: Bounded, half_width: float, *, most_boxes: int = 2_000_000, depth: int = 50) -> Found:
    """All critical points in [-half_width, half_width]^P, as far as ``most_boxes`` reach.

    Args:
        landscape: of few parameters; the number of boxes grows exponentially with them.
        half_width: of the box.
        most_boxes: to look at before giving up; what is left then is counted as unsettled.
        depth: halvings at most.
    """
    dimensions = landscape.n_parameters
    corners = np.stack(np.meshgrid(*[[-0.5, 0.5]] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)
    centres, half = np.zeros((1, dimensions)), half_width
    single = [centres[:0]]
    looked = 0
    for _ in range(depth):
        if not len(centres) or looked + len(centres) > most_boxes:
            break
        looked += len(centres)
        possible, one = _judge(landscape, centres, half * np.sqrt(dimensions))
        single.append(centres[one])
        centres = (centres[possible & ~one][:, None] + half * corners).reshape(-1, dimensions)
        half *= 0.5
    theta, arrived = _newton(landscape, np.concatenate(single))
    unsettled = len(centres) + int((~arrived).sum())
    return Found(_distinct(theta[arrived], half_width), unsettled == 0, unsettled, looked)


def _judge(landscape: Bounded, centres: Array, radius: float) -> tuple[Array, Array]:
    """Which boxes may hold a critical point, and which of them have exactly one in the ball of :data:`REACH` radii."""
    margin = MARGIN * landscape.gradient_scale(centres)
    eigenvalues, vectors = np.linalg.eigh(landscape.hessian(centres))
    turned = np.matvec(np.swapaxes(vectors, 1, 2), landscape.gradient(centres))
    sizes = np.abs(eigenvalues)
    slope, smallest, largest = np.linalg.norm(turned, axis=1), sizes.min(axis=1) - margin, sizes.max(axis=1)
    second, third = landscape.lipschitz(centres, radius)
    left_out = slope - margin > np.minimum(second, largest + 0.5 * third * radius) * radius
    regular = smallest > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        step, error = np.linalg.norm(turned / sizes, axis=1), margin / smallest
        left_out |= regular & (step - error > radius + 0.5 * third * radius**2 / smallest)
    reach = REACH * radius
    _, third = landscape.lipschitz(centres, reach)
    one = regular & (smallest > third * reach)
    one &= (2.0 * third * (step + error) <= smallest) & (2.0 * (step + error) <= reach)
    return ~left_out, ~left_out & one


def _newton(landscape: Bounded, theta: Array) -> tuple[Array, Array]:
    """Newton's method from every row at once: ends, and which of them have a gradient of rounding size."""
    for _ in range(NEWTON_STEPS if len(theta) else 0):
        hessian, gradient = landscape.hessian(theta), landscape.gradient(theta)
        theta = theta - np.linalg.solve(hessian, gradient[..., None])[..., 0]
    size = np.linalg.norm(landscape.gradient(theta), axis=1)
    return theta, size <= 1e-13 * landscape.gradient_scale(theta)


def _distinct(theta: Array, half_width: float) -> Array:
    """Each point in the box once: those within 1e-7 of each other are one, far below the distance that the proofs leave."""
    kept: list[Array] = []
    for point in theta[(np.abs(theta) <= half_width).all(axis=1)]:
        if all(np.abs(point - other).max() > 1e-7 for other in kept):
            kept.append(point)
    return np.array(sorted(kept, key=tuple)).reshape(len(kept), theta.shape[1])
