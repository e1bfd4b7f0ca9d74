"""The statistics that claims S5 and S6 name: counts by index against the exact means, energy layered by index.

Draws are the units. A draw that is not complete is left out of every statistic and counted beside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds
from stationary.experiments.spin_glass_rows import Row, exactly, holm, mean_of_strata, mean_with_t, row, without_interval
from stationary.intervals import bootstrap, share

Array = Any

PRECISION = 0.03
"""Claim S5 asks for standard errors of at most this part of the exact mean (config/claims.yaml)."""

_ROUNDING = 1e-9

LAYERED_FROM = 5
"""Smallest N of claim S6."""


def rows(critical_points: pa.Table, search: pa.Table, complexity: pa.Table, seed: int) -> list[Row]:
    """Statistics of S5 and S6.

    Args:
        critical_points: ``spin_glass/critical_points.parquet``.
        search: ``spin_glass/search.parquet``.
        complexity: ``spin_glass/complexity.parquet``, for the exact means.
        seed: root seed of the resampling.

    Returns:
        rows with the columns of ``spin_glass_tables.SUMMARY``.
    """
    searched = search.to_pandas()
    searched = searched[searched["method"] == "homotopy"]
    points = critical_points.select(["p", "size", "draw", "energy", "index", "certified", "twin"]).to_pandas()
    kept = points.merge(searched.loc[searched["complete"], ["p", "size", "draw"]], on=["p", "size", "draw"])
    exact = complexity.to_pandas()
    exact = exact[exact["kind"] == "count"].set_index(["p", "size", "k"])["expected_count"]
    return [*_completeness(searched, points, exact), *_counts(searched, kept, exact), *_layers(kept, seed)]


def _cells(frame: pd.DataFrame) -> Iterator[tuple[int, int, pd.DataFrame]]:
    for p in sorted(frame["p"].unique()):
        of_p = frame[frame["p"] == p]
        for size in sorted(of_p["size"].unique()):
            yield int(p), int(size), of_p[of_p["size"] == size]


def _completeness(searched: pd.DataFrame, points: pd.DataFrame, exact: pd.Series) -> Iterator[Row]:
    complete = exactly(float(searched["complete"].mean()), len(searched)) if len(searched) else without_interval(np.nan, 0)
    yield row("S5", "share of draws that pass every completeness check", complete, judged=True)
    yield row("S5", "share of certified points", share(points["certified"]))
    for p, size, part in _cells(searched):
        yield row("S5", "share of complete draws", share(part["complete"]), p=p, size=size)
        left_out = float((~part["complete"]).sum())
        yield row("S5", "draws left out as incomplete", exactly(left_out, len(part)), p=p, size=size)
        tried = part[part["newton_pairs"] >= 0]
        missed = share(tried["newton_pairs"] < tried["real_pairs"])
        yield row("S5", "share of draws in which Newton from random starts missed a pair", missed, p=p, size=size)
    there = {(p, size) for p, size, _ in _cells(searched)}
    # Counts at index 1 stand in the theory for what was asked to be searched; larger sizes have the extreme indices alone.
    for p, size in sorted({(int(p), int(size)) for p, size, k in exact.index if k == 1} - there):
        yield row("S5", "asked for but not searched: most_paths is too small", without_interval(np.nan, 0), p=p, size=size)


def _counts(searched: pd.DataFrame, kept: pd.DataFrame, exact: pd.Series) -> Iterator[Row]:
    """S5: z in every cell, Holm's adjustment over all cells that have one."""
    found = []
    for p, size, part in _cells(searched):
        draws = part.loc[part["complete"], "draw"].to_numpy()
        here = kept[(kept["p"] == p) & (kept["size"] == size)]
        # k < N / 2 for p = 3, where w and -w have indices k and N - 1 - k.
        for k in range((size + 1) // 2 if p == 3 else size):
            of_index = here[here["index"] == k]
            counts = of_index.groupby("draw").size().reindex(draws, fill_value=0).to_numpy(dtype=float)
            found.append((p, size, k, counts, float(exact.loc[(p, size, k)])))
    scores = [_score(counts, expected) for *_, counts, expected in found]
    chances = np.array(
        [2.0 * scipy.stats.t.sf(abs(z), max(counts.size - 1, 1)) for (z, _), (*_, counts, _) in zip(scores, found, strict=True)]
    )
    known = ~np.isnan(chances)
    adjusted = np.full(len(found), np.nan)
    adjusted[known] = holm(chances[known])
    for (p, size, k, counts, expected), (z, error), chance in zip(found, scores, adjusted, strict=True):
        n = counts.size
        beside = {
            "Holm-adjusted p of z": exactly(float(chance), n),
            "standard error over exact mean": exactly(error, n),
            "counted mean": mean_with_t(counts),
            "exact mean": exactly(expected, n),
        }
        yield row("S5", "z of counted against exact", exactly(z, n), p=p, size=size, index=k, judged=True)
        for statistic, estimate in beside.items():
            yield row("S5", statistic, estimate, p=p, size=size, index=k)
    if known.any():
        yield row("S5", "smallest Holm-adjusted p of z", exactly(float(np.nanmin(adjusted)), int(known.sum())))
    precise = float(np.mean([error <= PRECISION for _, error in scores])) if found else np.nan
    yield row("S5", "share of counts with a standard error of at most 3 %", exactly(precise, len(found)), judged=True)


def _score(counts: Array, expected: float) -> tuple[float, float]:
    """Z of the mean count against the exact one, and the standard error relative to the exact one; NaN below two draws.

    Counts that are all the same have no error: z is infinite unless they are the exact mean to rounding.
    """
    if counts.size < 2:
        return float("nan"), float("nan")
    error, deviation = float(counts.std(ddof=1) / np.sqrt(counts.size)), float(counts.mean() - expected)
    if error > 0.0:
        return deviation / error, error / expected
    return (0.0 if abs(deviation) <= _ROUNDING * expected else math.copysign(math.inf, deviation)), 0.0


def _layers(kept: pd.DataFrame, seed: int) -> Iterator[Row]:
    """S6: rank correlation of index with energy among the points of one draw with negative energy, one of each pair."""
    low = kept[(kept["size"] >= LAYERED_FROM) & (kept["energy"] < 0) & ~kept["twin"]]
    if low.empty:
        return
    by_draw = low.groupby(["p", "size", "draw"], sort=True)[["energy", "index"]]
    rho = by_draw.apply(_spearman).rename("rho").dropna().reset_index()
    name = "mean over draws of Spearman rho of index with energy below 0"
    cells = [(p, size, part["rho"].to_numpy()) for p, size, part in _cells(rho)]
    generator = seeds.generator(seed, "spin_glass/bootstrap", "S6", 0)
    whole = mean_of_strata([values for *_, values in cells], generator)
    yield row("S6", f"{name}, cells of equal weight", whole, judged=True)
    for p, size, values in cells:
        generator = seeds.generator(seed, "spin_glass/bootstrap", f"S6-p{p}-n{size}", 0)
        yield row("S6", name, bootstrap(values, np.mean, generator), p=p, size=size)


def _spearman(points: pd.DataFrame) -> float:
    """Rank correlation with mean ranks for ties; NaN where one of the two does not vary."""
    energy, index = (scipy.stats.rankdata(points[name]) for name in ("energy", "index"))
    if np.ptp(energy) == 0 or np.ptp(index) == 0:
        return float("nan")
    return float(np.corrcoef(energy, index)[0, 1])
