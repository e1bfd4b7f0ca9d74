"""The table of trained networks as the figures about width read it: one dataset, finite losses, intervals by order group.

Test losses of different divisions of the data differ by what is in the halves, not by where networks ended. Spreads and
correlations are therefore within divisions: every loss is taken from its division's mean. Intervals resample order groups,
because networks of a group share the order of their minibatches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import seeds
from stationary.intervals import CONFIDENCE

Array = Any

DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "digits": "digits", "digits_noise": "digits, labels permuted"}

RESAMPLES = 2000
"""Fewer than where claims are judged: a figure shows an interval to the width of its line."""

FEWEST_CLUSTERS = 4
"""From fewer order groups no interval is drawn: too few to resample."""

FIT_FROM = 5
"""Narrowest width of the power laws and of the claims that compare with the widest (config/claims.yaml)."""


@dataclass(frozen=True)
class Look:
    """How a setting appears in every figure about width."""

    label: str
    color: str
    marker: str


SETTINGS = {
    "authors_code": Look("as the authors' code", "#0072B2", "o"),
    "paper": Look("as the paper", "#D55E00", "s"),
    "control": Look("no shared order", "#009E73", "D"),
}
"""Named settings in the order of the figures; the first is the one that the claims about width are judged on."""

SGD, ANNEALING = Look("SGD", "#0072B2", "o"), Look("annealing", "#D55E00", "s")


@dataclass(frozen=True, eq=False)
class Resampled:
    """A statistic with its bootstrap draws.

    Attributes:
        value: of the sample itself.
        draws: of the resamples, [B]; NaN if there were too few clusters.
    """

    value: float
    draws: Array

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % percentile interval; NaN if there is none, infinite if resamples are."""
        if np.isnan(self.draws).any():
            return np.nan, np.nan
        tail = 0.5 * (1.0 - CONFIDENCE)
        low, high = np.quantile(self.draws, [tail, 1.0 - tail], method="nearest")  # interpolation fails at infinity
        return float(low), float(high)

    def text(self, digits: int = 2) -> str:
        """Value and interval, with minus signs as they are set.

        >>> Resampled(-0.5, np.array([-0.75, -0.25])).text()
        '−0.50 [−0.75, −0.25]'
        >>> Resampled(1.0, np.array([np.nan])).text()
        '1.00'
        """
        low, high = self.interval
        ends = "" if np.isnan(low) else f" [{low:.{digits}f}, {high:.{digits}f}]"
        return f"{self.value:.{digits}f}{ends}".replace("-", "−")


def frame(table: pa.Table, *, settings: Sequence[str] | None = None) -> pd.DataFrame:
    """Runs of one dataset, with ``lost`` added: diverged, or without a finite loss.

    Args:
        table: of the schema RUNS; of several datasets the one with most runs is kept.
        settings: the settings to keep, all of :data:`SETTINGS` if None.
    """
    runs: pd.DataFrame = table.to_pandas()
    runs = runs[runs["setting"].isin(list(SETTINGS) if settings is None else list(settings))]
    if len(runs):
        runs = runs[runs["dataset"] == runs["dataset"].mode().iloc[0]]
    finite = np.isfinite(runs[["train_loss", "test_loss"]].to_numpy(dtype=float)).all(axis=1)
    return runs.assign(lost=~finite | (runs["termination"] == "diverged").to_numpy(dtype=bool)).reset_index(drop=True)


def dataset(runs: pd.DataFrame) -> str:
    """The dataset of the runs, as the table names it; empty without runs."""
    return str(runs["dataset"].iloc[0]) if len(runs) else ""


def title(runs: pd.DataFrame) -> str:
    """The dataset in words, and how many runs were lost if any were."""
    name, lost = dataset(runs), int(runs["lost"].sum())
    return DATASETS.get(name, name) + (f"; {lost} of {len(runs)} runs diverged" if lost else "")


def settings(runs: pd.DataFrame) -> list[str]:
    """The settings present, in the figures' order."""
    return [name for name in SETTINGS if (runs["setting"] == name).any()]


def judged(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs of the setting that the claims about width are judged on, or of the first that is present."""
    present = settings(runs)
    return runs[runs["setting"] == present[0]] if present else runs


def by_width(runs: pd.DataFrame, *, fewest: int = 3) -> Iterator[tuple[int, pd.DataFrame]]:
    """Widths, ascending, with their runs that are not lost; widths with fewer than ``fewest`` such runs are left out."""
    for width, here in runs[~runs["lost"]].groupby("width", sort=True):
        if len(here) >= fewest:
            yield int(str(width)), here


def residuals(runs: pd.DataFrame, column: str) -> Array:
    """Values of a column less the mean of their division of the data, [n]."""
    means = runs.groupby("split")[column].transform("mean")
    return (runs[column] - means).to_numpy(dtype=float)


def bootstrap(runs: pd.DataFrame, statistic: Callable[[Array], Array], name: str, cluster: str = "order_group") -> Resampled:
    """A statistic with draws that resample whole clusters.

    Args:
        runs: n rows.
        statistic: takes weights [B, n], how often a row was drawn, returns [B].
        name: fixes the draws; of figure, statistic, setting and width, so that widths are resampled independently.
        cluster: column whose values name the clusters.
    """
    _, number = np.unique(runs[cluster].to_numpy(), return_inverse=True)
    clusters = int(number.max()) + 1
    with np.errstate(all="ignore"):  # a statistic may be undefined: no spread, no variance
        value = float(statistic(np.ones((1, len(runs))))[0])
        if clusters < FEWEST_CLUSTERS:
            return Resampled(value, np.full(RESAMPLES, np.nan))
        generator = seeds.generator(0, "figures", name, 0)
        counts = generator.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=RESAMPLES)
        return Resampled(value, statistic(counts[:, number].astype(float)))


def mean(runs: pd.DataFrame, column: str = "test_loss") -> Callable[[Array], Array]:
    """Mean of a column as a statistic of weights."""
    values = runs[column].to_numpy(dtype=float)
    return lambda weights: weights @ values / weights.sum(axis=1)


def covariance(runs: pd.DataFrame, one: str, other: str) -> Callable[[Array], Array]:
    """Covariance within divisions as a statistic of weights; unbiased if runs are independent."""
    products = residuals(runs, one) * residuals(runs, other)
    freedom = len(runs) - runs["split"].nunique()
    factor = len(runs) / freedom if freedom > 0 else np.nan
    return lambda weights: factor * (weights @ products) / weights.sum(axis=1)


def variance(runs: pd.DataFrame, column: str = "test_loss") -> Callable[[Array], Array]:
    """Variance within divisions, likewise."""
    return covariance(runs, column, column)


def relative_spread(runs: pd.DataFrame, column: str = "test_loss") -> Callable[[Array], Array]:
    """Standard deviation within divisions over the absolute mean, likewise."""
    square, middle = variance(runs, column), mean(runs, column)
    return lambda weights: np.sqrt(square(weights)) / np.abs(middle(weights))


def power_law(sizes: Sequence[int], values: Sequence[Resampled]) -> tuple[Resampled, Resampled]:
    """Exponent and log prefactor of value = exp(prefactor) size^exponent, least squares of logarithms; sizes alike weighty.

    Sizes below :data:`FIT_FROM`, and those without a positive value, are left out; NaN with fewer than two.
    """
    kept = [
        (size, one) for size, one in zip(sizes, values, strict=True) if size >= FIT_FROM and one.value > 0 < np.isfinite(one.value)
    ]
    nothing = Resampled(np.nan, np.full(RESAMPLES, np.nan))
    if len(kept) < 2:
        return nothing, nothing
    x = np.log([size for size, _ in kept])
    with np.errstate(all="ignore"):
        y = np.log([[one.value, *one.draws] for _, one in kept])
    slope = (x - x.mean()) @ y / np.sum((x - x.mean()) ** 2)
    level = y.mean(axis=0) - slope * x.mean()
    return Resampled(float(slope[0]), slope[1:]), Resampled(float(level[0]), level[1:])
