"""Newton's method on the sphere for the critical points of small glasses, draws and starts stacked.

Each step solves the system in the point and the multiplier together, [[(p - 1) A(s, ..) - u, -s], [s', 0]], and projects
back to the sphere: Riemannian Newton, with no basis of the tangent space to choose. From random starts it finds what has a
basin; how much it misses is estimated from how often each pair was hit (Chao 1984), without proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.landscapes.small_tensor import SmallTensor
from stationary.methods.distinct import labels, projective_keys

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


def step(glass: SmallTensor, points: Array) -> Array:
    """One Newton step from unit vectors to unit vectors, [D, R, N]; NaN where the system is singular."""
    size, p = glass.size, glass.p
    matrix = glass.matrix(points)
    slope = np.matvec(matrix, points)
    energy = np.vecdot(points, slope)[..., None]
    system = np.zeros((*points.shape[:-1], size + 1, size + 1))
    system[..., :size, :size] = (p - 1) * matrix - energy[..., None] * np.eye(size)
    system[..., :size, size] = -points
    system[..., size, :size] = points
    side = np.concatenate([energy * points - slope, np.zeros_like(energy)], axis=-1)[..., None]
    try:
        moved = np.linalg.solve(system, side)
    except np.linalg.LinAlgError:
        broken = ~(np.abs(np.linalg.det(system)) > 0.0)
        system[broken] = np.eye(size + 1)
        moved = np.linalg.solve(system, side)
        moved[broken] = np.nan
    ahead = points + moved[..., :size, 0]
    return np.asarray(ahead / np.linalg.norm(ahead, axis=-1, keepdims=True))


def polish(glass: SmallTensor, points: Array, *, steps: int = 3) -> Array:
    """A few Newton steps, each kept only where it does not raise the gradient norm: [D, R, N] -> [D, R, N]."""
    points = np.array(points)
    before = glass.gradient_norm(points)
    for _ in range(steps):
        ahead = step(glass, points)
        after = glass.gradient_norm(ahead)
        better = after <= before
        points, before = np.where(better[..., None], ahead, points), np.where(better, after, before)
    return points


def search(glass: SmallTensor, generators: Sequence[np.random.Generator], starts: int, *, max_steps: int = 60) -> Hits:
    """Newton from random starts, uniform on the sphere.

    Args:
        glass: D tensors.
        generators: one stream per draw.
        starts: starts per draw.
        max_steps: Newton steps before a start is given up.
    """
    points = np.stack([stream.standard_normal((starts, glass.size)) for stream in generators])
    points /= np.linalg.norm(points, axis=-1, keepdims=True)
    for _ in range(max_steps):
        points = step(glass, points)
        left = ~(glass.gradient_norm(points) <= ARRIVED)
        if not left.any():
            break
    keys = np.where(glass.gradient_norm(points) <= ARRIVED, projective_keys(points), np.nan)
    found = labels(keys, SAME)
    counts = np.stack([np.bincount(row[row >= 0], minlength=starts) for row in found])
    # Labels ascend from 0: the first start of each is where a draw's label occurs first.
    first = np.zeros(found.shape, dtype=bool)
    for draw, row in enumerate(found):
        numbers, places = np.unique(row, return_index=True)
        first[draw, places[numbers >= 0]] = True
    return Hits(points, first, (counts == 1).sum(axis=1), (counts == 2).sum(axis=1))
