"""The statistics that claim D9 names: how the exact ratio of saddles to minima grows with the number of spins.

A saddle has an index 0 < k < N - 1: maxima, which for p = 3 are as many as minima, are none. Two laws are fitted to the log of
the ratio by least squares, each with two parameters: an exponential (linear in N) and a power law (linear in log N). The ratio
has no noise, so residuals are misfit, and intervals say how far the law is from a straight line, not how well it is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary.experiments.spin_glass_rows import Row, exactly, row, t_factor, without_interval
from stationary.intervals import Estimate

Array = Any

SMALLEST = 10
"""Smallest N of claim D9 (config/claims.yaml)."""


@dataclass(frozen=True)
class Line:
    """A least-squares line.

    Attributes:
        slope: with Student's interval, n - 2 degrees of freedom.
        intercept: at 0.
        aic: Akaike's criterion for normal residuals, up to a constant that lines through the same points share.
    """

    slope: Estimate
    intercept: float
    aic: float


def ratios(complexity: pa.Table) -> pd.DataFrame:
    """Exact saddles over minima for p = 3, where both stand in the table: columns ``size`` and ``ratio``, ascending.

    Args:
        complexity: ``spin_glass/complexity.parquet``.
    """
    frame = complexity.to_pandas()
    frame = frame[(frame["kind"] == "count") & (frame["p"] == 3) & (frame["size"] >= SMALLEST)]
    counts = frame.set_index(["size", "k"])["expected_count"]
    sizes = np.unique(frame["size"].to_numpy())
    minima, maxima, total = (
        counts.reindex(pd.MultiIndex.from_arrays([sizes, index])).to_numpy(dtype=float)
        for index in (np.zeros_like(sizes), sizes - 1, np.full_like(sizes, -1))
    )
    return pd.DataFrame({"size": sizes, "ratio": (total - minima - maxima) / minima}).dropna()


def line(x: Array, y: Array) -> Line:
    """The line through the points (x, y), each [n], n >= 3."""
    n, centred = len(x), x - np.mean(x)
    spread = float(centred @ centred)
    slope = float(centred @ y) / spread
    intercept = float(np.mean(y) - slope * np.mean(x))
    square = float(np.square(y - intercept - slope * x).sum())
    half = t_factor(n - 1) * math.sqrt(square / (n - 2) / spread)
    # An exact line has residuals of rounding, perhaps none, whose log is no number to compare.
    square = max(square, n * (np.finfo(float).eps * float(np.abs(y).max())) ** 2)
    return Line(Estimate(slope, slope - half, slope + half, n), intercept, n * math.log(square / n) + 2 * 3)


def fits(ratio: pd.DataFrame) -> tuple[Line, Line]:
    """The exponential and the power law through the log ratios of :func:`ratios`, at least three sizes."""
    sizes, logs = ratio["size"].to_numpy(dtype=float), np.log(ratio["ratio"].to_numpy(dtype=float))
    return line(sizes, logs), line(np.log(sizes), logs)


def rows(complexity: pa.Table) -> Iterator[Row]:
    """Statistics of D9: the two that are judged, and what stands beside; nothing below three sizes.

    Args:
        complexity: ``spin_glass/complexity.parquet``.

    Returns:
        rows with the columns of ``spin_glass_tables.SUMMARY``.
    """
    ratio = ratios(complexity)
    if len(ratio) < 3:
        return
    n = len(ratio)
    exponential, power = fits(ratio)
    difference = exactly(power.aic - exponential.aic, n)
    yield row("D9", "AIC of the power law minus AIC of the exponential, saddles over minima", difference, p=3, judged=True)
    yield row("D9", "slope of log (saddles over minima) against N", exponential.slope, p=3, judged=True)
    yield row("D9", "slope of log (saddles over minima) against log N", power.slope, p=3)
    # Theta(0) - Theta_0(-E_inf), both of Auffinger et al. 2013.
    yield row("D9", "rate of log (saddles over minima) per spin as N grows, (p - 2) / p", without_interval(1.0 / 3.0, 0), p=3)
    for size, value in zip(ratio["size"].tolist(), ratio["ratio"].tolist(), strict=True):
        yield row("D9", "saddles over minima, exact", exactly(value, 1), p=3, size=size)
