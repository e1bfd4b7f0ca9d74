"""Intervals at 95 %: exact for shares, bootstrap for everything else; both are SciPy's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.stats

Array = Any
CONFIDENCE = 0.95
RESAMPLES = 10_000


@dataclass(frozen=True)
class Estimate:
    """A statistic, its interval, and the number of units it rests on; NaN where there is nothing to estimate from."""

    value: float
    low: float
    high: float
    n: int


def share(hits: Array) -> Estimate:
    """Share of true entries with its Clopper-Pearson interval.

    Args:
        hits: boolean, shape [n].

    >>> round(share(np.zeros(10, dtype=bool)).high, 6)  # 1 - 0.025^(1/10)
    0.308497
    """
    hits = np.asarray(hits, dtype=bool)
    if hits.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    interval = scipy.stats.binomtest(int(hits.sum()), hits.size).proportion_ci(CONFIDENCE, method="exact")
    return Estimate(float(hits.mean()), float(interval.low), float(interval.high), hits.size)


def bootstrap(sample: Array, statistic: Callable[..., Array], generator: np.random.Generator) -> Estimate:
    """A statistic of independent units with its percentile bootstrap interval.

    Args:
        sample: shape [n]; entries that are NaN carry no information and are left out.
        statistic: takes a sample and ``axis``, e.g. ``np.median``.
        generator: source of the resamples.
    """
    sample = np.asarray(sample, dtype=np.float64)
    sample = sample[~np.isnan(sample)]
    if sample.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    value = float(statistic(sample, axis=0))
    if sample.size == 1 or np.ptp(sample) == 0:  # every resample is the sample
        return Estimate(value, value, value, sample.size)
    result = scipy.stats.bootstrap(
        (sample,), statistic, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile", rng=generator
    )
    interval = result.confidence_interval
    return Estimate(value, float(interval.low), float(interval.high), sample.size)


def paired_difference(ours: Array, theirs: Array) -> Estimate:
    """Share of ``ours`` minus share of ``theirs`` over the same units, with an interval that holds for any sample size.

    The difference is P(only ours) - P(only theirs); each has a Clopper-Pearson interval at 97.5 %, and the ends of both
    are combined (Bonferroni), so that the coverage is at least 95 % even where all pairs agree, where a bootstrap has none.

    Args:
        ours: boolean, shape [n].
        theirs: boolean, shape [n].

    >>> paired_difference(np.ones(20, dtype=bool), np.zeros(20, dtype=bool)).value
    1.0
    """
    ours, theirs = np.asarray(ours, dtype=bool), np.asarray(theirs, dtype=bool)
    if ours.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    gained, lost = ours & ~theirs, theirs & ~ours
    (gain_low, gain_high), (loss_low, loss_high) = (
        scipy.stats.binomtest(int(count.sum()), count.size).proportion_ci(0.5 * (1.0 + CONFIDENCE), method="exact")
        for count in (gained, lost)
    )
    value = float(gained.mean() - lost.mean())
    return Estimate(value, float(max(-1.0, gain_low - loss_high)), float(min(1.0, gain_high - loss_low)), ours.size)


CLUSTERED_RESAMPLES = 2_000
"""Fewer than for single units: a resample of a condition is one row of an array as long as the sample."""


@dataclass(frozen=True)
class Replicates:
    """A statistic and its bootstrap replicates; statistics of independent samples combine replicate by replicate.

    Attributes:
        value: of the sample itself.
        resamples: of each resample, [B].
        n: units that the statistic rests on.
    """

    value: float
    resamples: Array
    n: int

    def estimate(self) -> Estimate:
        """The value with its percentile interval, NaN where more than one resample in twenty gave no number."""
        known = self.resamples[np.isfinite(self.resamples)]
        if not np.isfinite(self.value) or known.size < CONFIDENCE * self.resamples.size:
            return Estimate(self.value, np.nan, np.nan, self.n)
        tail = 0.5 * (1.0 - CONFIDENCE)
        low, high = np.quantile(known, [tail, 1.0 - tail])
        return Estimate(self.value, float(low), float(high), self.n)


def combine(function: Callable[..., Array], *parts: Replicates) -> Replicates:
    """A function of statistics of independent samples; ``n`` is that of the smallest.

    >>> one, two = (Replicates(value, value + np.linspace(-1, 1, 2001), 9) for value in (5.0, 2.0))
    >>> combine(np.subtract, one, two).value
    3.0
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        value = float(function(*(part.value for part in parts)))
        resamples = np.asarray(function(*(part.resamples for part in parts)))
    return Replicates(value, resamples, min(part.n for part in parts))


def clustered_bootstrap(
    columns: Sequence[Array],
    statistic: Callable[..., Array],
    clusters: Array,
    strata: Array,
    generator: np.random.Generator,
    of_strata: np.random.Generator,
) -> Replicates:
    """Replicates of a statistic of units that come in clusters, which come in strata.

    Strata are drawn with replacement, then clusters inside each drawn stratum, then units inside each drawn cluster, as many
    as the cluster has whose place it takes. More stages give more spread, so that the interval errs on the wide side, except
    where there are few strata or one cluster in each: then the spread between them is underestimated. Source: A. C. Davison
    and D. V. Hinkley, Bootstrap Methods and their Application (1997), section 3.8.

    Args:
        columns: arrays [n], resampled together.
        statistic: of the columns, each [..., n], to [...]; place i of a resample belongs to the stratum of unit i.
        clusters: labels, [n]; equal labels in two strata are two clusters.
        strata: labels, [n].
        generator: source of the clusters and units.
        of_strata: source of the strata; samples that share strata are resampled jointly by equal streams.

    Returns:
        the value and :data:`CLUSTERED_RESAMPLES` replicates; NaN of nothing.
    """
    sample = [np.asarray(column, dtype=np.float64) for column in columns]
    units = sample[0].size
    if units == 0:
        return Replicates(np.nan, np.full(CLUSTERED_RESAMPLES, np.nan), 0)
    rows = clustered_rows(np.asarray(clusters), np.asarray(strata), generator, of_strata, CLUSTERED_RESAMPLES)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(*sample))
        resamples = np.asarray(statistic(*(column[rows] for column in sample)))
    return Replicates(value, resamples, units)


def clustered_rows(
    clusters: Array, strata: Array, generator: np.random.Generator, of_strata: np.random.Generator, resamples: int
) -> Array:
    """Indices of three-stage resamples, [resamples, n]; see :func:`clustered_bootstrap`."""
    names = np.unique(strata)
    groups = [
        [np.flatnonzero((strata == name) & (clusters == one)) for one in np.unique(clusters[strata == name])] for name in names
    ]
    members = np.concatenate([group for stratum in groups for group in stratum])
    sizes = np.array([group.size for stratum in groups for group in stratum])
    first = np.cumsum(sizes) - sizes  # of each cluster in members
    numbers = np.array([len(stratum) for stratum in groups])
    begin = np.cumsum(numbers) - numbers  # of each stratum in the list of clusters
    drawn = of_strata.integers(names.size, size=(resamples, names.size))
    rows = np.empty((resamples, clusters.size), dtype=np.int64)
    for slot, stratum in enumerate(groups):
        source = drawn[:, slot]
        for place in stratum:
            cluster = begin[source] + (generator.random(resamples) * numbers[source]).astype(np.int64)
            inside = (generator.random((resamples, place.size)) * sizes[cluster][:, None]).astype(np.int64)
            rows[:, place] = members[first[cluster][:, None] + inside]
    return rows


def quantile(sample: Array, level: float, bounds: tuple[float, float]) -> Estimate:
    """A quantile of independent units with its interval from order statistics, exact whatever their law.

    Args:
        sample: shape [n]; entries that are NaN are left out.
        level: of the quantile.
        bounds: of the quantity; an end that no order statistic can vouch for lies there.

    >>> quantile(np.arange(10.0), 0.95, (0.0, 20.0)).high  # ten units say nothing of what the highest twentieth may be
    20.0
    """
    sample = np.asarray(sample, dtype=np.float64)
    sample = sample[~np.isnan(sample)]
    if sample.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    interval = scipy.stats.quantile_test(sample, p=level).confidence_interval(CONFIDENCE)
    low, high = (bound if np.isnan(end) else float(end) for end, bound in zip(interval, bounds, strict=True))
    return Estimate(float(np.quantile(sample, level)), low, high, sample.size)
