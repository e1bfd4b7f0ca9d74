"""The experiment: search each valley's critical points from random starts, and count those that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, spectra, tables
from stationary.experiments import saddle_distinct
from stationary.methods.critical_point import newton_mr
from stationary.methods.result import Stopping
from stationary.termination import Termination
from valleys.rosenbrock import Rosenbrock
from valleys.settings import ValleySettings
from valleys.tables import CRITICAL_POINTS, SUMMARY

Array = Any


@dataclass(frozen=True)
class Found:
    """Tables of the schemas ``CRITICAL_POINTS`` and ``SUMMARY``."""

    critical_points: pa.Table
    summary: pa.Table


def run(settings: ValleySettings, seed: int) -> Found:
    """All searches of all valleys; a search depends on the root seed, N and its own number.

    Args:
        settings: which valleys, how many starts.
        seed: root seed.
    """
    parts = []
    with progress.bar(len(settings.sizes), "valleys", unit="sizes") as advance:
        for size in settings.sizes:
            parts.append(_search(settings, size, seed))
            advance(1)
    points = tables.concat(parts)
    rows = list(_statistics(points))
    return Found(points, tables.from_columns({name: [row[name] for row in rows] for name in SUMMARY.names}, SUMMARY))


def _search(settings: ValleySettings, size: int, seed: int) -> pa.Table:
    starts, valley = range(settings.starts), Rosenbrock(size)
    first = seeds.stack(
        seed, "valleys/start", f"n{size}", starts, lambda stream: stream.uniform(-settings.reach, settings.reach, size)
    )
    ends = newton_mr(valley, first, Stopping(settings.max_iterations, np.inf))
    found = np.flatnonzero(ends.termination == Termination.CONVERGED)
    at = spectra.critical_spectrum(valley, ends.theta[found])
    theta = ends.theta.copy()
    theta[found] = at.theta
    loss, gradient = valley.value_and_gradient(theta)

    def of_found(values: Array, otherwise: object) -> Array:
        column = np.full(len(theta), otherwise, dtype=object)
        column[found] = values
        return column

    return tables.from_columns(
        {
            "size": [size] * len(theta),
            "start": list(starts),
            "termination": [str(code) for code in ends.termination],
            "point": of_found(saddle_distinct.labels(loss[found], at.eigenvalues, at.gradient_norm), -1),
            "kind": of_found(spectra.kind(at.eigenvalues[:, 0], at.null_band), ""),
            "loss": loss,
            "gradient_norm": np.linalg.norm(gradient, axis=1),
            "n_negative": of_found(spectra.inertia(at.eigenvalues, null_band=at.null_band).n_negative, -1),
            "null_band": of_found(at.null_band, np.nan),
            "theta": theta,
        },
        CRITICAL_POINTS,
    )


def _statistics(points: pa.Table) -> Iterator[dict[str, object]]:
    """Distinct minima, which the claim is judged on, and distinct saddles beside, for every N."""
    frame = points.to_pandas()
    for size, searches in frame[frame["point"] >= 0].groupby("size"):
        for kind in ("minimum", "saddle"):
            number = searches.loc[searches["kind"] == kind, "point"].nunique()
            yield {
                "claim": "V1",
                "statistic": f"distinct points of the kind {kind}",
                "size": size,
                **dict.fromkeys(("estimate", "ci_low", "ci_high"), float(number)),
                "n": len(searches),
                "judged": kind == "minimum",
            }
