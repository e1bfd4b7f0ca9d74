"""All complex classes of critical points of a glass, counted, and which of them are real.

Every path's end is refined by Newton over the complex numbers and ends are told apart; a draw in which the number of classes is
not ((p - 1)^N - 1) / (p - 2) is followed again from another start, it alone. A class is real if some multiple of x is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stationary.landscapes.small_tensor import SmallTensor
from stationary.methods import sphere_newton
from stationary.methods.distinct import labels, projective_keys, signed
from stationary.methods.tensor_homotopy import Start, Tracking, correction_and_slope, random_start, track

Array = Any

SAME = 1e-8
"""Relative difference of keys below which two ends are one class."""

REFINED = 1e-9
"""Newton's last correction at or below which an end is a solution; x has length one."""

REAL = 1e-6
"""Imaginary part at or below which a class may be real; it is if real Newton stays that near and arrives."""

ATTEMPTS = 5
"""Starts that a draw may have."""

CLOSER = 30.0
"""How much tighter the tolerance is for paths that were lost."""


@dataclass(frozen=True)
class Classes:
    """What the paths found.

    Attributes:
        ends: x of length one, then mu; NaN where a path failed, [D, C, N + 1].
        found: distinct classes, [D].
        paths: paths followed over all attempts, [D].
    """

    ends: Array
    found: Array
    paths: Array


@dataclass(frozen=True)
class RealPairs:
    """Real critical pairs +-s of each draw, padded to one length.

    Attributes:
        points: unit vectors, ascending in energy; for p = 3 the one of each pair with energy below 0, [D, R, N].
        present: where there is a point, [D, R].
    """

    points: Array
    present: Array


def find(glass: SmallTensor, generators: Sequence[np.random.Generator], tracking: Tracking | None = None) -> Classes:
    """Follow all paths of every draw, again for the draws in which classes are missing.

    Args:
        glass: D tensors.
        generators: one stream per draw; a draw's result depends on its own tensor and stream alone.
        tracking: tolerances; each new attempt has tighter ones.
    """
    tracking = tracking or Tracking()
    draws = glass.tensors.shape[0]
    ends = found = None
    paths = np.zeros(draws, dtype=int)
    rows = np.arange(draws)
    for attempt in range(ATTEMPTS):
        here = glass.take(rows)
        start = random_start(glass.p, glass.size, [generators[row] for row in rows])
        new, more = _ends(here, start, replace(tracking, tolerance=tracking.tolerance / 4**attempt))
        count = labels(projective_keys(new[..., :-1]), SAME).max(axis=1) + 1
        if ends is None or found is None:
            ends, found = new, count
        else:
            better = count > found[rows]
            ends[rows[better]], found[rows[better]] = new[better], count[better]
        paths[rows] += new.shape[1] + more
        rows = np.flatnonzero(found < new.shape[1])
        if rows.size == 0:
            break
    return Classes(ends, np.asarray(found), paths)


def _ends(glass: SmallTensor, start: Start, tracking: Tracking) -> tuple[Array, Array]:
    """Refined ends of all paths; those that were lost on the way are followed a second time, closer. Also how many, [D]."""
    ends = refine(glass, track(glass, start, tracking))
    lost = np.isnan(ends[..., 0])
    if lost.any():
        closer = replace(tracking, tolerance=tracking.tolerance / CLOSER)
        again = refine(glass, track(glass, start, closer, lost))
        ends = np.where(lost[..., None], again, ends)
    return ends, lost.sum(axis=1)


def refine(glass: SmallTensor, ends: Array, *, steps: int = 4) -> Array:
    """Newton over the complex numbers at fixed scale; ends that do not settle become NaN: [D, C, N + 1] -> the same."""
    p = glass.p
    z = ends.copy()
    lost = np.isnan(z[..., 0])
    z[lost] = 1.0
    nothing, arrived = np.zeros((z.shape[0], glass.size)), np.ones(z.shape[:2])
    size = np.inf
    for _ in range(steps):
        length = np.linalg.norm(z[..., :-1], axis=-1, keepdims=True)
        z = np.concatenate([z[..., :-1] / length, z[..., -1:] / length ** (p - 2)], axis=-1)
        correction, _ = correction_and_slope(glass, nothing, z, z[..., :-1].conj(), arrived)
        size = np.linalg.norm(correction, axis=-1)
        z = z + correction
    z[lost | ~(size <= REFINED)] = np.nan
    return z


def real_pairs(glass: SmallTensor, classes: Classes) -> RealPairs:
    """The real classes' points, polished by Newton over the reals."""
    x = classes.ends[..., :-1]
    square = (x * x).sum(axis=-1)  # exp(2 i phase) where x is real up to a phase
    with np.errstate(invalid="ignore", divide="ignore"):
        turned = x * np.sqrt(np.abs(square) / square)[..., None]
        candidate = np.linalg.norm(turned.imag, axis=-1) <= REAL  # False for NaN
    number = max(int(candidate.sum(axis=1).max()), 1)
    order = np.argsort(~candidate, axis=1, kind="stable")[:, :number]
    present = np.take_along_axis(candidate, order, axis=1)
    points = np.take_along_axis(turned.real, order[..., None], axis=1)
    points = np.where(present[..., None], points, np.eye(glass.size)[0])
    points = points / np.linalg.norm(points, axis=-1, keepdims=True)
    polished = sphere_newton.polish(glass, points)
    moved = np.linalg.norm(polished - points, axis=-1)
    present &= (glass.gradient_norm(polished) <= sphere_newton.ARRIVED) & (moved <= REAL)
    polished = signed(polished)
    energy = glass.energy(polished)
    if glass.p == 3:
        polished = np.where((energy > 0)[..., None], -polished, polished)
        energy = -np.abs(energy)
    order = np.argsort(np.where(present, energy, np.inf), axis=1, kind="stable")
    return RealPairs(np.take_along_axis(polished, order[..., None], axis=1), np.take_along_axis(present, order, axis=1))
