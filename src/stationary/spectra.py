"""What a spectrum can tell: inertia with an error band, minimum-norm Newton steps, kinds of stationary points.

An eigenvalue inside the band cannot be told from zero and counts as null. At a critical point the band must also cover how
far the point may lie from the true one, which rounding alone does not (docs/numerics.md, "What an index can know").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Array = Any
EPS = float(np.finfo(np.float64).eps)


class Curved(Protocol):
    """What this module asks of a landscape."""

    def gradient(self, theta: Array) -> Array: ...  # noqa: D102
    def hessian(self, theta: Array) -> Array: ...  # noqa: D102
    def take(self, replicas: Array) -> Curved: ...  # noqa: D102


@dataclass(frozen=True)
class Inertia:
    """Counts of eigenvalues below, inside and above the band, each of shape [R]."""

    n_negative: Array
    n_null: Array
    n_positive: Array


@dataclass(frozen=True)
class CriticalSpectrum:
    """A point, refined, with its spectrum and the band that its counts carry; every array has R rows.

    Attributes:
        theta: the refined points, [R, P].
        gradient_norm: there, [R].
        eigenvalues: ascending, [R, P].
        residual: largest ||H v - lambda v|| over the eigenpairs, [R].
        null_band: half-width of the band around zero, [R].
    """

    theta: Array
    gradient_norm: Array
    eigenvalues: Array
    residual: Array
    null_band: Array


def inertia(eigenvalues: Array, *, null_band: Array) -> Inertia:
    """Count negative, null and positive eigenvalues with an error band.

    Args:
        eigenvalues: shape [R, P], any order.
        null_band: shape [R], same unit as the eigenvalues, >= 0.

    Returns:
        Counts of shape [R], summing to P.

    Raises:
        ValueError: if an eigenvalue is not finite.

    >>> counts = inertia(np.array([[-1.0, 1e-18, 2.0]]), null_band=np.array([1e-12]))
    >>> counts.n_negative.tolist(), counts.n_null.tolist(), counts.n_positive.tolist()
    ([1], [1], [1])
    """
    eigenvalues, band = np.asarray(eigenvalues), np.asarray(null_band)[:, None]
    if not np.isfinite(eigenvalues).all():
        raise ValueError("inertia needs finite eigenvalues; leave out runs that diverged")
    negative, positive = (eigenvalues < -band).sum(axis=1), (eigenvalues > band).sum(axis=1)
    return Inertia(negative, eigenvalues.shape[1] - negative - positive, positive)


def rounding_band(eigenvalues: Array) -> Array:
    """10 P eps ||H||_2: what rounding in forming and decomposing H can do to an eigenvalue, [R, P] -> [R]."""
    eigenvalues = np.asarray(eigenvalues)
    return np.asarray(10.0 * eigenvalues.shape[1] * EPS * np.abs(eigenvalues).max(axis=1))


def below(eigenvalues: Array, cut: float) -> Array:
    """Number of eigenvalues below -cut, the papers' way of counting: [R, P] -> [R]."""
    return np.asarray((np.asarray(eigenvalues) < -cut).sum(axis=1))


def minimum_norm_step(eigenvalues: Array, eigenvectors: Array, gradient: Array, cut: float) -> Array:
    """-H^+ g: the shortest p minimising ||H p + g||, eigenvalues below ``cut`` times the largest taken as zero.

    Args:
        eigenvalues: [R, P].
        eigenvectors: in columns, [R, P, P].
        gradient: [R, P].
        cut: relative to the largest absolute eigenvalue; P * eps for all that arithmetic can resolve.

    >>> step = minimum_norm_step(np.array([[0.0, 2.0]]), np.eye(2)[None], np.array([[3.0, 4.0]]), 1e-15)
    >>> np.allclose(step, [[0.0, -2.0]], atol=1e-15)
    True
    """
    return rotate(eigenvectors, -inverse(eigenvalues, cut) * rotate(eigenvectors, gradient, transpose=True))


def inverse(eigenvalues: Array, cut: float) -> Array:
    """Eigenvalues of the pseudo-inverse, zero where one is cut: [R, P] -> [R, P]."""
    used = kept(eigenvalues, cut)
    return np.where(used, 1.0, 0.0) / np.where(used, eigenvalues, 1.0)


def kept(eigenvalues: Array, cut: float) -> Array:
    """Which eigenvalues a pseudo-inverse with this relative cut inverts: [R, P] -> boolean [R, P]."""
    size = np.abs(eigenvalues)
    return np.asarray(size > cut * size.max(axis=1, keepdims=True))


def rotate(eigenvectors: Array, vectors: Array, *, transpose: bool = False) -> Array:
    """Q v, or Q^T v, row by row: [R, P, P], [R, P] -> [R, P]."""
    matrix = eigenvectors.swapaxes(1, 2) if transpose else eigenvectors
    return np.asarray((matrix @ vectors[:, :, None])[:, :, 0])


def kind(lowest: Array, null_band: Array) -> Array:
    """Name the stationary points by their lowest eigenvalue: ``saddle`` below, ``flat`` inside, ``minimum`` above the band.

    ``undecided`` where a band a hundred times smaller or larger would give another name (config/claims.yaml), or where the
    band is not finite: nothing is known there.

    Args:
        lowest: lowest eigenvalues, [R].
        null_band: [R].

    >>> kind(np.array([-1.0, 1e-20, 1.0, -1e-11]), np.full(4, 1e-12)).tolist()
    ['saddle', 'flat', 'minimum', 'undecided']
    """
    names = [
        np.where(lowest < -band, "saddle", np.where(lowest > band, "minimum", "flat"))
        for band in (null_band, null_band / 100.0, null_band * 100.0)
    ]
    agreed = (names[0] == names[1]) & (names[0] == names[2]) & np.isfinite(null_band)
    return np.where(agreed, names[0], "undecided")


def spectrum(landscape: Curved, theta: Array) -> CriticalSpectrum:
    """Eigenvalues at points that need not be critical, with the rounding band: [R, P] -> R rows."""
    gradient, hessian = landscape.gradient(theta), landscape.hessian(theta)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    residual = np.linalg.norm(hessian @ vectors - vectors * eigenvalues[:, None], axis=1).max(axis=1)
    return CriticalSpectrum(theta, np.linalg.norm(gradient, axis=1), eigenvalues, residual, rounding_band(eigenvalues))


def critical_spectrum(landscape: Curved, theta: Array, *, steps: int = 2) -> CriticalSpectrum:
    """Refine near-critical points by minimum-norm Newton steps, then decompose with a band that covers the distance left.

    The band is max(10 P eps ||H||, ||H(theta + p) - H(theta)||_2), p the correction that the next step would make. A step
    that is not finite or raises the gradient norm is not taken.

    Args:
        landscape: of the R points.
        theta: [R, P], gradient already small.
        steps: Newton steps before counting.
    """
    theta = np.array(theta)
    cut = theta.shape[1] * EPS
    for _ in range(steps):
        gradient = landscape.gradient(theta)
        moved = theta + minimum_norm_step(*np.linalg.eigh(landscape.hessian(theta)), gradient, cut)
        with np.errstate(over="ignore", invalid="ignore"):
            after = np.linalg.norm(landscape.gradient(moved), axis=1)
        better = after <= np.linalg.norm(gradient, axis=1)  # False where not finite
        theta[better] = moved[better]
    gradient, hessian = landscape.gradient(theta), landscape.hessian(theta)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    residual = np.linalg.norm(hessian @ vectors - vectors * eigenvalues[:, None], axis=1).max(axis=1)
    correction = minimum_norm_step(eigenvalues, vectors, gradient, cut)
    change = landscape.hessian(theta + correction) - hessian
    moved_by = np.full(theta.shape[0], np.inf)
    finite = np.isfinite(change).all(axis=(1, 2))
    moved_by[finite] = np.abs(np.linalg.eigvalsh(change[finite])).max(axis=1)
    band = np.maximum(rounding_band(eigenvalues), moved_by)
    return CriticalSpectrum(theta, np.linalg.norm(gradient, axis=1), eigenvalues, residual, band)
