"""The statistics that claims S1 - S6, D9 and the glass's half of S7 name, with intervals. Verdicts are the ledger's business.

A draw of the couplings is the unit: its starts share a landscape. Means over draws carry t intervals with D - 1 degrees of
freedom, slopes a jackknife over the draws of each size, shares Clopper-Pearson intervals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import tables
from stationary.experiments import spin_glass_counts_summary, spin_glass_ratio
from stationary.experiments.spin_glass_rows import Row, exactly, mean_with_t, row, slope, t_factor, without_interval
from stationary.experiments.spin_glass_tables import SUMMARY
from stationary.intervals import Estimate, share
from stationary.termination import Termination
from stationary.theory.auffinger import e_infinity
from stationary.theory.published import ENERGIES

FEWEST_DRAWS = 8
"""Draws that claim S1 asks for (config/claims.yaml); slopes are judged from as many at every size."""

_row = partial(row, p=3)


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
    counts = spin_glass_counts_summary.rows(critical_points, search, complexity, seed)
    rows = [*descent_rows(descents), *counts, *spin_glass_ratio.rows(complexity)]
    return tables.from_columns({name: [row[name] for row in rows] for name in SUMMARY.names}, SUMMARY)


def descent_rows(descents: pa.Table) -> Iterator[Row]:
    """S1 - S4 and S7 from the table of descents."""
    narrow = [name for name in descents.column_names if name != "eigenvalues"]
    frame = descents.select(narrow).to_pandas()
    if frame.empty:
        return
    draws = _by_draw(frame)
    yield from _moments(draws)
    yield from _published(draws)
    yield from _concentration(draws)
    yield from _approach(draws)
    yield from _minima(frame)


def _by_draw(frame: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Mean, variance and number of the starts of each draw, per size, ascending."""
    moments = frame.groupby(["size", "draw"], sort=True)["energy"].agg(["mean", "var", "count"]).reset_index()
    return {int(str(size)): part for size, part in moments.groupby("size", sort=True)}


def _moments(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """What S1 - S3 are made of, beside them."""
    for size, part in draws.items():
        yield _row("S1", "mean energy", mean_with_t(part["mean"]), size=size)
        between = float(part["mean"].var(ddof=1))
        beside = {
            "sd of the energy between draws": math.sqrt(between),
            "sd of the energy within draws, pooled": float(np.sqrt(part["var"].mean())),
            # What finitely many starts put into a draw's mean taken off.
            "variance component of the energy between draws": max(0.0, between - float((part["var"] / part["count"]).mean())),
        }
        for name, value in beside.items():
            yield _row("S1", name, without_interval(value, len(part)), size=size)


def _published(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """S1: the published mean is that of one draw, so that its distance is measured by s sqrt(1 + 1/D).

    The interval is the t interval of our mean on the same scale, +- t / sqrt(D + 1).
    """
    for size, part in draws.items():
        if size not in ENERGIES or len(part) < 2:
            continue
        count, mean, spread = len(part), float(part["mean"].mean()), float(part["mean"].std(ddof=1))
        distance = (mean - ENERGIES[size].mean) / (spread * math.sqrt(1.0 + 1.0 / count))
        half = t_factor(count) / math.sqrt(count + 1.0)
        estimate = Estimate(distance, distance - half, distance + half, count)
        name = "distance of the mean energy from the published one, in sds of a new draw"
        yield _row("S1", name, estimate, size=size, judged=count >= FEWEST_DRAWS)
        ratio = float(np.sqrt(part["var"].mean())) / ENERGIES[size].sd
        yield _row("S1", "pooled sd within draws over the published sd", without_interval(ratio, count), size=size)


def _concentration(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """S2, and S7 for the glass: how the spread within a draw falls with size."""
    estimate = slope({size: part["var"].to_numpy() for size, part in draws.items()}, np.sqrt)
    for claim in ("S2", "S7"):
        name = "slope of log pooled within-draw sd of the energy against log size"
        yield _row(claim, name, estimate, judged=estimate.n >= FEWEST_DRAWS)


def _approach(draws: dict[int, pd.DataFrame]) -> Iterator[Row]:
    """S3: distance of the mean energy from -E_inf, per size, and how it falls."""
    above = {size: part["mean"].to_numpy() + e_infinity(3) for size, part in draws.items()}
    for size, values in above.items():
        yield _row("S3", "mean energy + E_inf", mean_with_t(values), size=size, judged=True)
    estimate = slope(above, np.asarray)
    name = "slope of log (mean energy + E_inf) against log size"
    yield _row("S3", name, estimate, judged=estimate.n >= FEWEST_DRAWS)


def _minima(frame: pd.DataFrame) -> Iterator[Row]:
    """S4: every end point counts, whether it has converged or not."""
    name = "share of end points without a negative eigenvalue"
    frame = frame.assign(kept=frame["n_negative"] == 0, converged=frame["termination"] == str(Termination.CONVERGED))
    yield _row("S4", name, share(frame["kept"]), judged=True)
    by_draw = frame.groupby(["size", "draw"], sort=True)["kept"].mean()
    yield _row("S4", f"{name}, mean over draws", mean_with_t(by_draw))
    yield _row("S4", "end points that have not converged", exactly(float((~frame["converged"]).sum()), len(frame)))
    for size, part in frame.groupby("size", sort=True):
        number = int(str(size))
        yield _row("S4", name, share(part["kept"]), size=number)
        yield _row("S4", f"{name}, mean over draws", mean_with_t(by_draw[size]), size=number)
        unfinished = exactly(float((~part["converged"]).sum()), len(part))
        yield _row("S4", "end points that have not converged", unfinished, size=number)
