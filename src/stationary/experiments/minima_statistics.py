"""Statistics of an ensemble of networks of one width, each over the last axis, so that resamples are one more axis.

Networks of different divisions of the data have different levels of loss, which say nothing about the networks: spreads and
correlations are those within divisions, pooled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any


class Within:
    """Statistics within the divisions of the data.

    Args:
        split: each unit's division, [n]; resamples keep a unit's place, see :func:`stationary.intervals.clustered_bootstrap`.
    """

    def __init__(self, split: Array) -> None:
        self.members = [np.flatnonzero(split == one) for one in np.unique(split)]
        self.freedom = max(1, split.size - len(self.members))

    def covariance(self, one: Array, other: Array) -> Array:
        """Pooled covariance: [..., n], [..., n] -> [...]."""
        products = (self._centred(one, np.mean) * self._centred(other, np.mean)).sum(axis=-1)
        return np.asarray(products / self.freedom)

    def variance(self, values: Array) -> Array:
        """Pooled variance: [..., n] -> [...]."""
        return self.covariance(values, values)

    def relative_sd(self, values: Array) -> Array:
        """Pooled sd over the mean."""
        return np.sqrt(self.variance(values)) / values.mean(axis=-1)

    def deviation(self, values: Array) -> Array:
        """Median absolute deviation from the division's median."""
        return np.median(np.abs(self._centred(values, np.median)), axis=-1)

    def correlation(self, one: Array, other: Array) -> Array:
        """Pooled correlation; NaN where one of them does not vary."""
        return self.covariance(one, other) / np.sqrt(self.variance(one) * self.variance(other))

    def corrected_correlation(self, train: Array, test: Array, even: Array, odd: Array) -> Array:
        """Correlation freed of the noise of a finite test set; NaN where the halves do not agree at all.

        Halves of the test set share a network's own loss and nothing else, so their covariance estimates its variance
        (Spearman's correction for attenuation with the split-half reliability).
        """
        own = self.covariance(even, odd)
        return self.covariance(train, test) / np.sqrt(np.where(own > 0, own, np.nan) * self.variance(train))

    def reliability(self, even: Array, odd: Array) -> Array:
        """Of the whole test set, from its halves: Spearman and Brown's 2 r / (1 + r)."""
        half = self.correlation(even, odd)
        return 2.0 * half / (1.0 + half)

    def above_median(self, values: Array, factor: float) -> Array:
        """Which units lie above ``factor`` times the median of their division, [n]."""
        above = np.zeros(values.shape, dtype=bool)
        for rows in self.members:
            above[rows] = values[rows] > factor * np.median(values[rows])
        return above

    def best_by_training(self, train: Array, test: Array, share: float) -> Array:
        """Mean test loss of the best by training loss, minus that of all, averaged over divisions: [..., n] -> [...]."""
        gains, sizes = [], []
        for rows in self.members:
            best = np.argsort(train[..., rows], axis=-1, kind="stable")[..., : max(1, round(share * rows.size))]
            here = test[..., rows]
            gains.append(np.take_along_axis(here, best, axis=-1).mean(axis=-1) - here.mean(axis=-1))
            sizes.append(rows.size)
        return np.average(np.stack(gains), axis=0, weights=sizes)

    def _centred(self, values: Array, centre: Callable[..., Array]) -> Array:
        result = np.empty_like(values)
        for rows in self.members:
            part = values[..., rows]
            result[..., rows] = part - centre(part, axis=-1, keepdims=True)
        return result


def slope(sizes: Array, values: Array) -> Array:
    """Least-squares slope of log values against log sizes: [K], [K, ...] -> [...].

    >>> round(float(slope([1, 10, 100], [3.0, 0.3, 0.03])), 12)
    -1.0
    """
    x = np.log(np.asarray(sizes, dtype=np.float64))
    x = x - x.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        y = np.log(np.asarray(values, dtype=np.float64))
    return np.tensordot(x, y, axes=(0, 0)) / (x @ x)
