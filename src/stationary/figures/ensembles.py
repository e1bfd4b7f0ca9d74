"""The table of trained networks as the figures about width read it: one dataset, finite losses, the summary's statistics.

Statistics are those that the claims are judged on (:mod:`stationary.experiments.minima_statistics`): within divisions of the
data, with intervals that resample order groups. A figure resamples on its own, so its intervals may differ from the
summary's in the last digit shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import seeds
from stationary.experiments.minima_statistics import Within, slope
from stationary.experiments.minima_summary_rows import NARROWEST
from stationary.intervals import Estimate, Replicates, clustered_bootstrap, combine

Array = Any

DATASETS = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "digits": "digits", "digits_noise": "digits, labels permuted"}


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


@dataclass(frozen=True)
class Statistic:
    """A number that an ensemble of networks has.

    Attributes:
        columns: of the table of runs that it needs.
        of: makes the function of these columns, each [..., n] -> [...], for networks of given divisions.
    """

    columns: tuple[str, ...]
    of: Callable[[Within], Callable[..., Array]]


MEAN = Statistic(("test_loss",), lambda _: lambda loss: loss.mean(axis=-1))
SD = Statistic(("test_loss",), lambda within: lambda loss: np.sqrt(within.variance(loss)))
VARIANCE = Statistic(("test_loss",), lambda within: within.variance)
RELATIVE_SD = Statistic(("test_loss",), lambda within: within.relative_sd)
CORRELATION = Statistic(("train_loss", "test_loss"), lambda within: within.correlation)
CORRECTED = Statistic(
    ("train_loss", "test_loss", "test_loss_even", "test_loss_odd"), lambda within: within.corrected_correlation
)


def frame(table: pa.Table) -> pd.DataFrame:
    """Runs of the named settings and of one dataset, with ``lost`` added: diverged, or without finite losses.

    Args:
        table: of the schema RUNS; of several datasets the one with most runs is kept.
    """
    runs: pd.DataFrame = table.to_pandas()
    return one_dataset(runs[runs["setting"].isin(list(SETTINGS))])


def one_dataset(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs of the dataset with most of them, with ``lost`` added."""
    if len(runs):
        runs = runs[runs["dataset"] == runs["dataset"].mode().iloc[0]]
    finite = np.isfinite(runs[["train_loss", "test_loss"]].to_numpy(dtype=float)).all(axis=1)
    lost = ~finite | (runs["termination"] == "diverged").to_numpy(dtype=bool)
    return runs.assign(lost=lost).reset_index(drop=True)


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


def within(runs: pd.DataFrame) -> Within:
    """Statistics within the divisions of these runs."""
    return Within(runs["split"].to_numpy())


def levelled(runs: pd.DataFrame, column: str) -> Array:
    """Values with the means of their divisions taken out and the mean of all put back, [n]."""
    values = runs[column].astype(float)
    level = values.groupby(runs["split"]).transform("mean")
    return (values - level + values.mean()).to_numpy()


def replicates(runs: pd.DataFrame, statistic: Statistic) -> Replicates:
    """A statistic of the networks of one condition with its bootstrap replicates; widths share the draws of divisions."""
    columns = [runs[name].to_numpy(dtype=float) for name in statistic.columns]
    generator = seeds.generator(0, "figures/bootstrap", str(runs["condition"].iloc[0]), 0)
    divisions = seeds.generator(0, "figures/bootstrap-divisions", "all widths", 0)
    with np.errstate(all="ignore"):  # without spread a correlation is undefined
        function = statistic.of(within(runs))
        groups, splits = runs["order_group"].to_numpy(), runs["split"].to_numpy()
        return clustered_bootstrap(columns, function, groups, splits, generator, divisions)


@dataclass(frozen=True)
class PowerLaw:
    """values = exp(level) sizes^exponent, least squares of logarithms.

    Attributes:
        sizes: that it was fitted to.
        exponent: with its interval; NaN if fewer than two sizes have a positive value.
        level: log prefactor.
    """

    sizes: tuple[int, ...]
    exponent: Replicates
    level: Replicates


def power_law(sizes: Sequence[int], values: Sequence[Replicates]) -> PowerLaw:
    """The power law through values of independent samples; sizes below :data:`NARROWEST` are left out."""
    kept = [pair for pair in zip(sizes, values, strict=True) if pair[0] >= NARROWEST and pair[1].value > 0]
    fitted = tuple(size for size, _ in kept)
    if len(kept) < 2:
        nothing = Replicates(np.nan, np.full(1, np.nan), 0)
        return PowerLaw(fitted, nothing, nothing)
    samples = [value for _, value in kept]
    exponent = combine(lambda *parts: slope(fitted, np.stack(parts)), *samples)
    middle = float(np.mean(np.log(fitted)))
    level = combine(lambda power, *parts: np.mean(np.log(np.stack(parts)), axis=0) - power * middle, exponent, *samples)
    return PowerLaw(fitted, exponent, level)


def text(estimate: Estimate, digits: int = 2) -> str:
    """Value and interval, with minus signs as they are set.

    >>> text(Estimate(-0.5, -0.75, -0.25, 9)), text(Estimate(1.0, np.nan, np.nan, 9))
    ('−0.50 [−0.75, −0.25]', '1.00')
    """
    ends = "" if np.isnan(estimate.low) else f" [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"
    return f"{estimate.value:.{digits}f}{ends}".replace("-", "−")
