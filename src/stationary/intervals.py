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

    >>> share(np.zeros(10, dtype=bool))
    Estimate(value=0.0, low=0.0, high=0.30849710781876083, n=10)
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
