"""Hessian spectra where stochastic gradient descent ends, width by width (Choromanska et al. 2015, figure 5).

The exact Hessian of the training loss at each end point: its full spectrum where that is cheap, else exact counts by inertia
and both ends by Lanczos. End points of descent are not critical, so the index is that of the local quadratic form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import large_spectra, progress, spectra, tables
from stationary.datasets.images import Images
from stationary.experiments import minima_points
from stationary.experiments.minima_points import Point
from stationary.experiments.minima_tables import SPECTRA

Array = Any

CUT = 1e-3
"""Eigenvalues above -CUT count as zero in the published index."""

DENSE = 2000
"""Parameters up to which all eigenvalues are computed; beyond, three factorisations are several times cheaper."""


@dataclass(frozen=True)
class _Spectrum:
    """Counts and ends of one spectrum; all eigenvalues, or none."""

    null_band: float
    counts: tuple[int, int, int]
    n_below: int
    lowest: float
    highest: float
    residual: float
    eigenvalues: Array


def run(points: pa.Table, images: Images, *, seed: int, splits: int) -> pa.Table:
    """Spectra of the networks of a table, one network at a time: its Hessian alone is one large product.

    Args:
        points: of the schema ``POINTS``; all rows are used.
        images: the dataset that all of them were trained on.
        seed: root seed, which divides the data.
        splits: divisions of the data.

    Returns:
        a table of the schema ``SPECTRA``; a point that is not finite has no counts.
    """
    rows: list[dict[str, object]] = []
    with progress.bar(points.num_rows, "spectra", unit="networks") as advance:
        for point in minima_points.each(points, images, seed=seed, splits=splits):
            rows.append(_row(point))
            advance(1)
    if not rows:
        return tables.empty(SPECTRA)
    return tables.from_columns({name: [row[name] for row in rows] for name in SPECTRA.names}, SPECTRA)


def _row(point: Point) -> dict[str, object]:
    landscape, theta = point.landscape, point.theta[None]
    parameters = landscape.n_parameters
    row: dict[str, object] = {**point.columns, "n_parameters": parameters}
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = landscape.gradient(theta)[0]
    if not np.isfinite(gradient).all():
        missing = dict.fromkeys(set(SPECTRA.names) - set(row))
        return missing | row | {"gradient_norm": np.nan, "null_band": np.nan, "index": np.nan, "eigenvalues": []}
    hessian = landscape.hessian(theta)[0]
    found = _dense(hessian) if parameters <= DENSE else _large(point, hessian)
    n_negative, n_null, n_positive = found.counts
    return row | {
        "gradient_norm": float(np.linalg.norm(gradient)),
        "null_band": found.null_band,
        "n_structural": int(landscape.n_structural(theta)[0]),
        "n_negative": n_negative,
        "n_null": n_null,
        "n_positive": n_positive,
        "n_below_1e-3": found.n_below,
        "index": found.n_below / parameters,
        "index_authors": found.n_below / (2 * parameters),
        "lowest_eigenvalue": found.lowest,
        "highest_eigenvalue": found.highest,
        "eigenvalue_residual": found.residual,
        "kink_margin": float(landscape.kink_margin(theta)[0]),
        "eigenvalues": found.eigenvalues,
    }


def _dense(hessian: Array) -> _Spectrum:
    eigenvalues, vectors = np.linalg.eigh(hessian)
    residual = float(np.linalg.norm(hessian @ vectors - vectors * eigenvalues, axis=0).max())
    band = spectra.rounding_band(eigenvalues[None])
    count = spectra.inertia(eigenvalues[None], null_band=band)
    return _Spectrum(
        float(band[0]),
        (int(count.n_negative[0]), int(count.n_null[0]), int(count.n_positive[0])),
        int(spectra.below(eigenvalues[None], CUT)[0]),
        float(eigenvalues[0]),
        float(eigenvalues[-1]),
        residual,
        eigenvalues,
    )


def _large(point: Point, hessian: Array) -> _Spectrum:
    theta, size = point.theta[None], hessian.shape[0]
    # Products without the matrix: cheaper than with it, and a second opinion on it.
    ends = large_spectra.extremes(lambda v: point.landscape.hvp(theta, v.reshape(1, -1))[0], size)
    band = large_spectra.rounding_band(ends, size)
    if not np.isfinite(band):  # Lanczos gave up: the Frobenius norm bounds the ends, and the counts need no eigenvalue
        band = 10.0 * size * spectra.EPS * float(np.linalg.norm(hessian))
    counts = large_spectra.counts(hessian, band)
    below = large_spectra.count_below(hessian, -CUT)
    return _Spectrum(band, counts, below, ends.lowest, ends.highest, ends.residual, [])
