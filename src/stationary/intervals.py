"""Intervals at 95 %: exact for shares, bootstrap for everything else; both are SciPy's."""

from __future__ import annotations

from collections.abc import Callable
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
