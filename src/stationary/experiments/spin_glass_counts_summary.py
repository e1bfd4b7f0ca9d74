"""The statistics that claims S5 and S6 name: counts by index against the exact means, energy layered by index.

Draws are the units. A draw that is not complete is left out of every statistic and counted beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds
from stationary.intervals import CONFIDENCE, Estimate, bootstrap, share

Array = Any
Row = dict[str, object]

PRECISION = 0.03
"""A count is judged if its standard error is at most this part of the exact mean (config/claims.yaml)."""

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
    return [*_completeness(searched, kept), *_counts(searched, kept, exact), *_layers(kept, seed)]


def _row(
    claim: str,
    statistic: str,
    estimate: Estimate,
    *,
    p: int | None = None,
    size: int | None = None,
    index: int | None = None,
    judged: bool = False,
) -> Row:
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


def _exactly(value: float, n: int) -> Estimate:
    """A number without an interval of its own."""
    return Estimate(value, value, value, n)


def _cells(frame: pd.DataFrame) -> Iterator[tuple[int, int, pd.DataFrame]]:
    for p in sorted(frame["p"].unique()):
        of_p = frame[frame["p"] == p]
        for size in sorted(of_p["size"].unique()):
            yield int(p), int(size), of_p[of_p["size"] == size]


def _completeness(searched: pd.DataFrame, kept: pd.DataFrame) -> Iterator[Row]:
    yield _row("S5", "share of complete draws", share(searched["complete"]))
    yield _row("S5", "share of certified points in complete draws", share(kept["certified"]))
    for p, size, part in _cells(searched):
        yield _row("S5", "share of complete draws", share(part["complete"]), p=p, size=size)
        left_out = int((~part["complete"]).sum())
        yield _row("S5", "draws left out as incomplete", _exactly(left_out, len(part)), p=p, size=size)
        tried = part[part["newton_pairs"] >= 0]
        missed = share(tried["newton_pairs"] < tried["real_pairs"])
        yield _row("S5", "share of draws in which Newton from random starts missed a pair", missed, p=p, size=size)


def _counts(searched: pd.DataFrame, kept: pd.DataFrame, exact: Any) -> Iterator[Row]:
    """S5: z in every cell, Holm's adjustment over the cells judged."""
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
    judged = np.array([error <= PRECISION for _, error in scores], dtype=bool)
    chances = np.array(
        [2.0 * scipy.stats.t.sf(abs(z), max(counts.size - 1, 1)) for (z, _), (*_, counts, _) in zip(scores, found, strict=True)]
    )
    adjusted = np.full(len(found), np.nan)
    adjusted[judged] = holm(chances[judged])
    for (p, size, k, counts, expected), (z, error), chance, use in zip(found, scores, adjusted, judged, strict=True):
        n = counts.size
        beside = {
            "Holm-adjusted p of z": _exactly(float(chance), n),
            "standard error over exact mean": _exactly(error, n),
            "counted mean": _mean(counts),
            "exact mean": _exactly(expected, n),
        }
        yield _row("S5", "z of counted against exact", _exactly(z, n), p=p, size=size, index=k, judged=bool(use))
        for statistic, estimate in beside.items():
            yield _row("S5", statistic, estimate, p=p, size=size, index=k)
    if judged.any():
        yield _row("S5", "smallest Holm-adjusted p of z", _exactly(float(np.nanmin(adjusted)), int(judged.sum())))
    yield _row("S5", "share of counts precise enough to judge", _exactly(float(judged.mean()) if found else np.nan, len(found)))


def _score(counts: Array, expected: float) -> tuple[float, float]:
    """Z of the mean count against the exact one, and the standard error relative to the exact one; NaN without spread."""
    if counts.size < 2 or np.ptp(counts) == 0:
        return float("nan"), float("nan")
    error = float(counts.std(ddof=1) / np.sqrt(counts.size))
    return float((counts.mean() - expected) / error), error / expected


def _mean(counts: Array) -> Estimate:
    """Mean over draws with a t interval."""
    if counts.size < 2:
        return Estimate(float(counts.mean()) if counts.size else np.nan, np.nan, np.nan, counts.size)
    reach = float(scipy.stats.t.ppf(0.5 + 0.5 * CONFIDENCE, counts.size - 1) * counts.std(ddof=1) / np.sqrt(counts.size))
    value = float(counts.mean())
    return Estimate(value, value - reach, value + reach, counts.size)


def holm(chances: Array) -> Array:
    """Holm's step-down adjustment of p-values, [n] -> [n].

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(chances)
    factors = np.arange(len(chances), 0, -1)
    stepped = np.minimum(np.maximum.accumulate(chances[order] * factors), 1.0)
    adjusted = np.empty_like(stepped)
    adjusted[order] = stepped
    return adjusted


def _layers(kept: pd.DataFrame, seed: int) -> Iterator[Row]:
    """S6: rank correlation of index with energy among the points of one draw with negative energy, one of each pair."""
    low = kept[(kept["size"] >= LAYERED_FROM) & (kept["energy"] < 0) & ~kept["twin"]]
    if low.empty:
        return
    by_draw = low.groupby(["p", "size", "draw"], sort=True)[["energy", "index"]]
    rho = by_draw.apply(_spearman).rename("rho").reset_index()
    name = "mean over draws of Spearman rho of index with energy below 0"
    generator = seeds.generator(seed, "spin_glass/bootstrap", "S6", 0)
    yield _row("S6", name, bootstrap(rho["rho"].to_numpy(), np.mean, generator), judged=True)
    for p, size, part in _cells(rho):
        generator = seeds.generator(seed, "spin_glass/bootstrap", f"S6-p{p}-n{size}", 0)
        yield _row("S6", name, bootstrap(part["rho"].to_numpy(), np.mean, generator), p=p, size=size)


def _spearman(points: pd.DataFrame) -> float:
    """Rank correlation with mean ranks for ties; NaN where one of the two does not vary."""
    energy, index = (scipy.stats.rankdata(points[name]) for name in ("energy", "index"))
    if np.ptp(energy) == 0 or np.ptp(index) == 0:
        return float("nan")
    return float(np.corrcoef(energy, index)[0, 1])
