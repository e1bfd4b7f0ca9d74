"""Newton's method on the sphere for critical points of the p-spin glass, and random starts of it on small glasses.

From random starts it finds what has a basin; how much it misses is estimated from how often each pair was hit (Chao 1984),
without proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.landscapes.p_spin import Contractions, DenseGlass, from_tangent, retract, to_tangent
from stationary.methods.distinct import labels, projective_keys
from stationary.methods.linear_systems import solve_or_nan

Array = Any

ARRIVED = 1e-11
"""Riemannian gradient norm per spin at or below which a point counts as found."""

SAME = 1e-7
"""Relative difference of keys below which two ends are one pair."""


@dataclass(frozen=True)
class Hits:
    """What random starts found, per draw.

    Attributes:
        points: where each start ended; what did not arrive is there too, [D, S, N].
        first: whether the start is the first to have found its pair, [D, S].
        once: pairs hit exactly once, [D].
        twice: pairs hit exactly twice, [D].
    """

    points: Array
    first: Array
    once: Array
    twice: Array

    @property
    def pairs(self) -> Array:
        """Distinct pairs +-s, [D]."""
        return self.first.sum(axis=1)

    @property
    def chao1(self) -> Array:
        """Chao's lower bound on the number of pairs, bias-corrected form: [D]."""
        return self.pairs + self.once * (self.once - 1) / (2.0 * (self.twice + 1))


def newton_step(here: Contractions, hessian: Array) -> Array:
    """The Riemannian Newton step as a tangent vector in space; NaN where the Hessian is exactly singular: [..., N].

    Args:
        here: the points.
        hessian: theirs, in their own tangent bases, [..., N-1, N-1].
    """
    gradient = to_tangent(here.gradient(), here.points)
    return from_tangent(solve_or_nan(hessian, -gradient[..., None])[..., 0], here.points)


def step(glass: DenseGlass, here: Contractions) -> Contractions:
    """One Newton step of every point."""
    return glass.contract(here.moved(newton_step(here, here.hessian())))


def polish(glass: DenseGlass, points: Array, *, steps: int = 3) -> Array:
    """A few Newton steps; of the points on the way the one of lowest gradient norm: [D, R, N] -> [D, R, N]."""
    best, here = np.array(points), glass.contract(points)
    lowest = here.gradient_norm()
    for _ in range(steps):
        here = step(glass, here)
        better = here.gradient_norm() <= lowest
        best[better], lowest[better] = here.points[better], here.gradient_norm()[better]
    return best


def search(glass: DenseGlass, generators: Sequence[np.random.Generator], starts: int, *, max_steps: int = 60) -> Hits:
    """Newton from random starts, uniform on the sphere.

    Args:
        glass: D tensors.
        generators: one stream per draw.
        starts: starts per draw.
        max_steps: Newton steps before a start is given up.
    """
    points = np.stack([stream.standard_normal((starts, glass.size)) for stream in generators])
    here = glass.contract(retract(points, 1.0))
    for _ in range(max_steps):
        here = step(glass, here)
        arrived = here.gradient_norm() <= ARRIVED
        if arrived.all():
            break
    keys = np.where(arrived, projective_keys(here.points), np.nan)
    found = labels(keys, SAME)
    counts = np.stack([np.bincount(row[row >= 0], minlength=starts) for row in found])
    # Labels ascend from 0: the first start of each is where a draw's label occurs first.
    first = np.zeros(found.shape, dtype=bool)
    for draw, row in enumerate(found):
        numbers, places = np.unique(row, return_index=True)
        first[draw, places[numbers >= 0]] = True
    return Hits(here.points, first, (counts == 1).sum(axis=1), (counts == 2).sum(axis=1))
