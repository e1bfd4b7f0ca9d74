"""What can be said of an end point of a search: loss, gradient, flatness, inertia; NaN or null where it is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import spectra
from stationary.methods.flatness import Flatness, gradient_floor, measure

Array = Any

TENTH = 0.1
"""Share of the spectrum, from below, whose mean stands for its left end (claim D7)."""


@dataclass(frozen=True)
class Ends:
    """Each of R entries; what is not known is NaN.

    Attributes:
        finite: where loss and Hessian are finite.
        loss: at the point.
        gradient_norm: 2-norm.
        spectrum: of the finite ones.
        flatness: of the finite ones.
    """

    finite: Array
    loss: Array
    gradient_norm: Array
    spectrum: spectra.CriticalSpectrum
    flatness: Flatness

    def of_flatness(self, name: str) -> Array:
        """An attribute of the flatness, NaN, or false, where nothing is finite."""
        values = getattr(self.flatness, name)
        whole = np.zeros(self.finite.size, dtype=bool) if values.dtype == bool else np.full(self.finite.size, np.nan)
        whole[self.finite] = values
        return whole

    def index(self) -> Array:
        """Share of eigenvalues below the band, [R]."""
        whole = np.full(self.finite.size, np.nan)
        negative = spectra.inertia(self.spectrum.eigenvalues, null_band=self.spectrum.null_band).n_negative
        whole[self.finite] = negative / self.spectrum.eigenvalues.shape[1]
        return whole

    def columns(self) -> dict[str, object]:
        """Loss, gradient and inertia as the table of runs has them."""
        eigenvalues, band = self.spectrum.eigenvalues, self.spectrum.null_band
        counts = spectra.inertia(eigenvalues, null_band=band)
        lowest = max(1, int(np.ceil(TENTH * eigenvalues.shape[1])))
        return {
            "loss": self.loss,
            "gradient_norm": self.gradient_norm,
            "null_band": self._spread(band, np.nan),
            "n_negative": self._spread(counts.n_negative, None),
            "n_null": self._spread(counts.n_null, None),
            "n_positive": self._spread(counts.n_positive, None),
            "undetermined": self._spread(~(band <= np.median(np.abs(eigenvalues), axis=1)), True),
            "index": self.index(),
            "lowest_eigenvalue": self._spread(eigenvalues[:, 0], np.nan),
            "lowest_tenth": self._spread(eigenvalues[:, :lowest].mean(axis=1), np.nan),
            "eigenvalues": self._spread(eigenvalues, []),
        }

    def _spread(self, values: Array, missing: object) -> list[object]:
        filled: list[object] = [missing] * self.finite.size
        for row, value in zip(np.flatnonzero(self.finite).tolist(), values.tolist(), strict=True):
            filled[row] = value
        return filled


def finite(landscape: Any, theta: Array) -> Array:
    """Where loss, gradient and Hessian exist: [R, P] -> boolean [R]."""
    known = np.isfinite(theta).all(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.flatnonzero(known)
        known[rows] = np.isfinite(landscape.take(rows).hessian(theta[rows])).all(axis=(1, 2))
        rows = np.flatnonzero(known)
        known[rows] = np.isfinite(landscape.take(rows).gradient(theta[rows])).all(axis=1)
    return known


def found(landscape: Any, theta: Array) -> Ends:
    """End points as they stand, with the rounding band alone: [R, P] -> R entries."""
    return _ends(landscape, theta, np.zeros(len(theta), dtype=bool))


def refined(landscape: Any, theta: Array, critical: Array) -> Ends:
    """End points whose critical ones have been refined and carry the band of a critical point.

    Args:
        landscape: of the R points.
        theta: [R, P].
        critical: boolean [R].
    """
    return _ends(landscape, theta, critical)


def _ends(landscape: Any, theta: Array, critical: Array) -> Ends:
    known = finite(landscape, theta)
    rows = np.flatnonzero(known)
    here, points = landscape.take(rows), theta[rows]
    loss, norm = np.full(len(theta), np.nan), np.full(len(theta), np.nan)
    value, gradient = here.value_and_gradient(points)
    loss[rows], norm[rows] = value, np.linalg.norm(gradient, axis=1)
    hessian = here.hessian(points)
    seen = measure(hessian, gradient, floor=gradient_floor(here, points))
    judged = spectra.spectrum(here, points)
    chosen = np.flatnonzero(critical[rows])
    if chosen.size:
        exact = spectra.critical_spectrum(here.take(chosen), points[chosen], steps=0)
        judged.null_band[chosen] = exact.null_band
    return Ends(known, loss, norm, judged, seen)
