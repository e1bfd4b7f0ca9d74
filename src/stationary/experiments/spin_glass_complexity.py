"""Theory of the spherical p-spin glass as a table: complexity curves, thresholds, exact mean counts (Auffinger et al. 2013)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from stationary import tables
from stationary.experiments.spin_glass_tables import COMPLEXITY
from stationary.theory import auffinger

INDICES = range(4)
"""Indices k whose curves and thresholds are written."""

RATIO_SIZES = tuple(range(10, 61, 5))
"""Sizes, p = 3, at which minima, maxima and the total are counted for the ratio of saddles to minima (claim D9)."""

SHARP_ENERGIES = (-1.3, -0.8)
"""Energies above -E_inf of every p at which the sharp asymptotics stand beside the exact numbers of the same sizes."""

_SPACING = 0.002

Row = dict[str, float | int | str]


def run(*, spins: Sequence[int], sizes: Sequence[int]) -> pa.Table:
    """Curves and thresholds of every p, exact counts by index of every p and size searched; a few seconds.

    Args:
        spins: every p.
        sizes: every N of the exhaustive search, searched in full or not.
    """
    rows: list[Row] = []
    for p in spins:
        rows += _curves(p)
        for size in sorted(sizes):
            rows += _counts(p, size)
    for size in RATIO_SIZES:
        rows += _extremes(3, size)
        rows += _sharp(3, size)
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in COMPLEXITY.names}
    return tables.from_columns(columns, COMPLEXITY)


def _row(p: int, kind: str, k: int, size: int, u: float, theta: float, count: float) -> Row:
    # Counts are by quadrature, correct to rounding.
    error = float("nan") if np.isnan(count) else 0.0
    return {
        "p": p,
        "kind": kind,
        "k": k,
        "size": size,
        "u": u,
        "theta": theta,
        "expected_count": count,
        "standard_error": error,
    }


def _curves(p: int) -> Iterator[Row]:
    lowest, edge = -auffinger.e_k(p, 0), -auffinger.e_infinity(p)
    for u in _grid(lowest - 0.05, 0.2):
        yield _row(p, "theta", -1, 0, float(u), float(auffinger.theta(p, u)), np.nan)
    for k in INDICES:
        # The layers lie in a narrow band: ten times the points.
        for u in _grid(lowest - 0.02, edge + 0.04, _SPACING / 10):
            yield _row(p, "theta_k", k, 0, float(u), float(auffinger.theta_k(p, k, u)), np.nan)
        yield _row(p, "e_k", k, 0, -auffinger.e_k(p, k), 0.0, np.nan)


def _grid(low: float, high: float, spacing: float = _SPACING) -> np.ndarray:
    return np.linspace(low, high, round((high - low) / spacing) + 1)


def _counts(p: int, size: int) -> Iterator[Row]:
    counts, energies = auffinger.expected_counts(p, size), auffinger.mean_energies(p, size)
    for k, (count, energy) in enumerate(zip(counts.tolist(), energies.tolist(), strict=True)):
        yield _row(p, "count", k, size, energy, np.nan, count)
    yield _row(p, "count", -1, size, float(counts @ energies / counts.sum()), np.nan, float(counts.sum()))


def _extremes(p: int, size: int) -> Iterator[Row]:
    minima, total = auffinger.expected_minima(p, size), auffinger.expected_total(p, size)
    for k, count in ((0, minima), (size - 1, minima), (-1, total)):
        yield _row(p, "count", k, size, np.nan, np.nan, count)


def _sharp(p: int, size: int) -> Iterator[Row]:
    yield _row(p, "sharp", -1, size, np.nan, np.nan, auffinger.sharp_total(p, size))
    for u in SHARP_ENERGIES:
        yield _row(p, "below", -1, size, u, np.nan, auffinger.expected_below(p, size, u))
        yield _row(p, "sharp", -1, size, u, np.nan, auffinger.sharp_below(p, size, u))
