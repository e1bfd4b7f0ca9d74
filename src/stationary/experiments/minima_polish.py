"""What descent approaches: end points of the smooth twin, polished to critical points, and their index with an error band.

The twin is tanh, trained with l2: a rectifier's critical point may be a kink, and a cross-entropy without penalty has none at
all once the data are told apart. Columns say how far polishing moved loss, index and theta: a point that moved as far as it is
long was not near a critical point when training stopped.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, spectra, tables
from stationary.datasets.images import Images
from stationary.experiments import minima_points
from stationary.experiments.minima_points import Point
from stationary.experiments.minima_tables import POLISHED
from stationary.methods.polish import SQUARE, polish
from stationary.termination import Termination

Array = Any

_COUNTS = ("n_negative", "n_null", "n_positive")


def run(points: pa.Table, images: Images, *, seed: int, splits: int, max_iterations: int = 6000) -> pa.Table:
    """Polish the networks of a table, one at a time.

    Args:
        points: of the schema ``POINTS``; all rows are used.
        images: the dataset that all of them were trained on.
        seed: root seed, which divides the data.
        splits: divisions of the data.
        max_iterations: per network.

    Returns:
        a table of the schema ``POLISHED``. Where a network did not arrive the band is that of rounding; where it is not finite
        there are no counts.
    """
    rows: list[dict[str, object]] = []
    with progress.bar(points.num_rows, "polish", unit="networks") as advance:
        for point in minima_points.each(points, images, seed=seed, splits=splits):
            rows.append(_row(point, max_iterations))
            advance(1)
    if not rows:
        return tables.empty(POLISHED)
    return tables.from_columns({name: [row[name] for row in rows] for name in POLISHED.names}, POLISHED)


def _row(point: Point, max_iterations: int) -> dict[str, object]:
    landscape, before = point.landscape, point.theta[None]
    result = polish(landscape, before, max_iterations=max_iterations)
    converged = result.termination[0] == Termination.CONVERGED
    start, start_counts, _ = _judged(point, before, critical=False)
    end, counts, band = _judged(point, result.theta, critical=converged)
    theta = result.theta if end is None else end.theta
    with np.errstate(over="ignore", invalid="ignore"):
        (loss_before, slope_before), (loss, slope) = (landscape.value_and_gradient(rows) for rows in (before, theta))
    gradient_norm = float(np.linalg.norm(slope[0]))
    blocks = [[block.name, list(block.shape), block.offset] for block in landscape.layout]
    return {
        **point.columns,
        "l2": landscape.l2,
        "termination": str(result.termination[0]),
        "iterations": int(result.iterations[0]),
        "arrived": bool(converged and gradient_norm**2 < SQUARE),
        "loss_before": float(loss_before[0]),
        "loss": float(loss[0]),
        "distance": float(np.linalg.norm(theta - before)),
        "gradient_norm_before": float(np.linalg.norm(slope_before[0])),
        "gradient_norm": gradient_norm,
        "n_negative_before": None if start is None else start_counts[0],
        "null_band": band,
        **dict(zip(_COUNTS, counts, strict=True)),
        "lowest_eigenvalue": np.nan if end is None else float(end.eigenvalues[0, 0]),
        "layout": json.dumps(blocks),
        "theta": theta[0],
    }


def _judged(
    point: Point, theta: Array, *, critical: bool
) -> tuple[spectra.CriticalSpectrum | None, tuple[int | None, ...], float]:
    """Spectrum, counts and band at one point [1, P]; nothing where the Hessian is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(point.landscape.gradient(theta)).all()
    if not finite:
        return None, (None, None, None), np.nan
    found = (spectra.critical_spectrum if critical else spectra.spectrum)(point.landscape, theta)
    count = spectra.inertia(found.eigenvalues, null_band=found.null_band)
    return found, tuple(int(getattr(count, name)[0]) for name in _COUNTS), float(found.null_band[0])
