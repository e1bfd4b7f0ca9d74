"""The statistics that claims S1 - S4 and the glass's half of S7 name, with their intervals. Verdicts are the ledger's business.

A draw of the couplings is the unit: its starts share a landscape. Means over draws carry t intervals with D - 1 degrees of
freedom, slopes a percentile bootstrap over the draws of each size, shares Clopper-Pearson intervals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds, tables
from stationary.experiments import spin_glass_counts_summary
from stationary.experiments.spin_glass_tables import SUMMARY
from stationary.intervals import CONFIDENCE, RESAMPLES, Estimate, share
from stationary.landscapes.p_spin import threshold_energy
from stationary.termination import Termination
from stationary.theory.published import ENERGIES

Array = Any
Row = dict[str, object]

FEWEST_DRAWS = 8
"""Draws that claim S1 asks for (config/claims.yaml)."""


def summarise(descents: pa.Table, critical_points: pa.Table, search: pa.Table, complexity: pa.Table, seed: int) -> pa.Table:
    """All statistics of the spin glass.

    Args:
        descents: ``spin_glass/descents.parquet``.
        critical_points: ``spin_glass/critical_points.parquet``.
        search: ``spin_glass/search.parquet``.
        complexity: ``spin_glass/complexity.parquet``.
        seed: root seed of the resampling.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    rows = [*descent_rows(descents, seed), *spin_glass_counts_summary.rows(critical_points, search, complexity, seed)]
    return tables.from_columns({name: [row[name] for row in rows] for name in SUMMARY.names}, SUMMARY)


def descent_rows(descents: pa.Table, seed: int) -> Iterator[Row]:
    """S1 - S4 and S7 from the table of descents."""
    narrow = [name for name in descents.column_names if name != "eigenvalues"]
    frame = descents.select(narrow).to_pandas()
    if frame.empty:
        return
    draws = _by_draw(frame)
    yield from _moments(draws)
    yield from _published(draws)
    yield from _concentration(draws, seed)
    yield from _approach(draws, seed)
    yield from _minima(frame)


def row(
    claim: str,
    statistic: str,
    estimate: Estimate,
    *,
    p: int | None = 3,
    size: int | None = None,
    index: int | None = None,
    judged: bool = True,
) -> Row:
    """A row of the summary."""
    return {
        "claim": claim,
        "statistic": statistic,
        "p": p,
        "size": size,
        "index": index,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged,
    }


def mean_with_t(values: Array) -> Estimate:
    """Mean of independent units with its t interval, n - 1 degrees of freedom; no interval for a single unit.

    >>> found = mean_with_t([1.0, 2.0, 3.0])
    >>> found.value, round(found.low, 4), found.n  # 2 - 4.3027 / sqrt(3)
    (2.0, -0.4841, 3)
    """
    values = np.asarray(values, dtype=np.float64)
    if values.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    mean = float(values.mean())
    if values.size == 1:
        return Estimate(mean, np.nan, np.nan, 1)
    half = _t_factor(values.size) * float(values.std(ddof=1)) / math.sqrt(values.size)
    return Estimate(mean, mean - half, mean + half, values.size)


def _t_factor(units: int) -> float:
    return float(scipy.stats.t.ppf(0.5 * (1.0 + CONFIDENCE), units - 1))


def _by_draw(frame: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Mean and variance over the starts of each draw, per size, ascending."""
    moments = frame.groupby(["size", "draw"], sort=True)["energy"].agg(["mean", "var"]).reset_index()
    return {int(str(size)): part for size, part in moments.groupby("size", sort=True)}


def _moments(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """What S1 - S3 are made of, beside them."""
    for size, part in draws.items():
        yield row("S1", "mean energy", mean_with_t(part["mean"]), size=size, judged=False)
        spreads = {
            "sd of the energy between draws": float(part["mean"].std(ddof=1)),
            "sd of the energy within draws, pooled": float(np.sqrt(part["var"].mean())),
        }
        for name, value in spreads.items():
            yield row("S1", name, Estimate(value, np.nan, np.nan, len(part)), size=size, judged=False)


def _published(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """S1: the published mean is that of one draw, so that its distance is measured by s sqrt(1 + 1/D).

    The interval is the t interval of our mean on the same scale, +- t / sqrt(D + 1).
    """
    for size, part in draws.items():
        if size not in ENERGIES or len(part) < 2:
            continue
        count, mean, spread = len(part), float(part["mean"].mean()), float(part["mean"].std(ddof=1))
        distance = (mean - ENERGIES[size].mean) / (spread * math.sqrt(1.0 + 1.0 / count))
        half = _t_factor(count) / math.sqrt(count + 1.0)
        estimate = Estimate(distance, distance - half, distance + half, count)
        name = "distance of the mean energy from the published one, in sds of a new draw"
        yield row("S1", name, estimate, size=size, judged=count >= FEWEST_DRAWS)
        ratio = float(np.sqrt(part["var"].mean())) / ENERGIES[size].sd
        name = "pooled sd within draws over the published sd"
        yield row("S1", name, Estimate(ratio, np.nan, np.nan, count), size=size, judged=False)


def _concentration(draws: dict[int, pd.DataFrame], seed: int) -> Iterator[Row]:
    """S2, and S7 for the glass: how the spread within a draw falls with size."""
    estimate = _slope({size: part["var"].to_numpy() for size, part in draws.items()}, np.sqrt, seed, "within")
    for claim in ("S2", "S7"):
        yield row(claim, "slope of log pooled within-draw sd of the energy against log size", estimate)


def _approach(draws: dict[int, pd.DataFrame], seed: int) -> Iterator[Row]:
    """S3: distance of the mean energy from -E_inf, per size, and how it falls."""
    above = {size: part["mean"].to_numpy() + threshold_energy(3) for size, part in draws.items()}
    for size, values in above.items():
        yield row("S3", "mean energy + E_inf", mean_with_t(values), size=size)
    yield row("S3", "slope of log (mean energy + E_inf) against log size", _slope(above, np.asarray, seed, "above"))


def _minima(frame: pd.DataFrame) -> Iterator[Row]:
    """S4: every end point counts, whether it has converged or not."""
    name = "share of end points without a negative eigenvalue"
    yield row("S4", name, share(frame["n_negative"] == 0))
    for size, part in frame.groupby("size", sort=True):
        yield row("S4", name, share(part["n_negative"] == 0), size=int(str(size)), judged=False)
        ended = share(part["termination"] == str(Termination.CONVERGED))
        yield row("S4", "share of descents that converged", ended, size=int(str(size)), judged=False)


def _slope(units: dict[int, Array], transform: Callable[[Array], Array], seed: int, name: str) -> Estimate:
    """Least-squares slope of log transform(mean over draws) against log size, draws of each size resampled on their own.

    NaN where a mean has no logarithm or there are fewer than two sizes; an interval whose resamples include such a mean has
    NaN ends.
    """
    count = min((len(values) for values in units.values()), default=0)
    if len(units) < 2 or count == 0:
        return Estimate(np.nan, np.nan, np.nan, count)
    x = np.log(np.array(list(units), dtype=np.float64))
    weight = (x - x.mean()) / np.square(x - x.mean()).sum()
    generator = seeds.generator(seed, "spin_glass/bootstrap", name, 0)
    resampled = [
        values[generator.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1) for values in units.values()
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = weight @ np.log(transform(np.stack(resampled)))
        value = float(weight @ np.log(transform(np.array([values.mean() for values in units.values()]))))
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(slopes, [tail, 100.0 - tail]) if count > 1 else (np.nan, np.nan)
    return Estimate(value, float(low), float(high), count)
