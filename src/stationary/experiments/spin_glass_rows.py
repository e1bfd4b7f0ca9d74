"""One row of the spin glass's summary, and the estimates that both halves of it share; draws of the couplings are the units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import scipy.stats

from stationary.intervals import CLUSTERED_RESAMPLES, CONFIDENCE, Estimate, Replicates, combine

Array = Any
Row = dict[str, object]


def row(
    claim: str,
    statistic: str,
    estimate: Estimate,
    *,
    p: int | None = None,
    size: int | None = None,
    index: int | None = None,
    judged: bool = False,
) -> Row:
    """A row of the schema ``SUMMARY``."""
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


def exactly(value: float, n: int) -> Estimate:
    """A number that is as it is, a count for one.

    >>> exactly(3.0, 8).low
    3.0
    """
    return Estimate(value, value, value, n)


def without_interval(value: float, n: int) -> Estimate:
    """An estimate beside, whose interval nothing rests on."""
    return Estimate(value, np.nan, np.nan, n)


def t_factor(units: int) -> float:
    """Quantile of Student's t for the mean of so many units."""
    return float(scipy.stats.t.ppf(0.5 * (1.0 + CONFIDENCE), units - 1))


def mean_with_t(values: Array) -> Estimate:
    """Mean of independent units with its t interval, n - 1 degrees of freedom; no interval for a single unit.

    >>> found = mean_with_t([1.0, 2.0, 3.0])
    >>> found.value, round(found.low, 4), found.n  # 2 - 4.3027 / sqrt(3)
    (2.0, -0.4841, 3)
    """
    values = np.asarray(values, dtype=np.float64)
    if values.size == 0:
        return without_interval(np.nan, 0)
    mean = float(values.mean())
    if values.size == 1:
        return without_interval(mean, 1)
    half = t_factor(values.size) * float(values.std(ddof=1)) / math.sqrt(values.size)
    return Estimate(mean, mean - half, mean + half, values.size)


def mean_of_strata(strata: Iterable[Array], generator: np.random.Generator) -> Estimate:
    """Mean over strata of the means of their units, each stratum of equal weight and resampled on its own; n counts units.

    >>> mean_of_strata([[1.0, 1.0, 1.0], [2.0]], np.random.default_rng(0))
    Estimate(value=1.5, low=1.5, high=1.5, n=4)
    """
    parts = [np.asarray(values, dtype=np.float64) for values in strata]
    if not parts:
        return without_interval(np.nan, 0)
    means = [
        Replicates(
            float(values.mean()),
            values[generator.integers(values.size, size=(CLUSTERED_RESAMPLES, values.size))].mean(axis=1),
            values.size,
        )
        for values in parts
    ]
    found = combine(lambda *each: np.mean(each, axis=0), *means).estimate()
    return Estimate(found.value, found.low, found.high, sum(values.size for values in parts))


def slope(units: Mapping[int, Array], transform: Callable[[Array], Array]) -> Estimate:
    """Least-squares slope of log transform(mean over draws) against log size, with a jackknife over the draws of each size.

    The variance is the sum over sizes of the delete-one-draw jackknife's, (D - 1) / D times the sum of squares of the slopes
    without one draw about their mean; the interval is Student's with the degrees of freedom of the size of fewest draws,
    which is on the wide side where other sizes have more. Source: B. Efron and C. Stein, Ann. Statist. 9, 586 (1981).

    Args:
        units: values of the draws, by size.
        transform: of a mean, elementwise.

    Returns:
        NaN where a mean has no logarithm or there are fewer than two sizes; NaN ends where that holds without some draw, or a
        size has one draw only. n is the smallest number of draws.
    """
    fewest = min((len(values) for values in units.values()), default=0)
    if len(units) < 2 or fewest == 0:
        return without_interval(np.nan, fewest)
    x = np.log(np.array(list(units), dtype=np.float64))
    weights = (x - x.mean()) / np.square(x - x.mean()).sum()
    value = variance = 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        for weight, values in zip(weights, units.values(), strict=True):
            number = len(values)
            value += float(weight * np.log(transform(np.mean(values))))
            if fewest > 1:
                without = weight * np.log(transform((np.sum(values) - np.asarray(values)) / (number - 1)))
                variance += float((number - 1) / number * np.square(without - without.mean()).sum())
    if fewest == 1 or not (math.isfinite(value) and math.isfinite(variance)):
        return without_interval(value if math.isfinite(value) else np.nan, fewest)
    half = t_factor(fewest) * math.sqrt(variance)
    return Estimate(value, value - half, value + half, fewest)


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
