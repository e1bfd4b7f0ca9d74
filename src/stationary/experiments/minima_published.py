"""Claim W9: our means, sds and correlations beside the published ones; only MNIST at 10 x 10 pixels can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd

from stationary import seeds
from stationary.experiments.minima_statistics import Within
from stationary.experiments.minima_summary_rows import Place, Row, cells, row
from stationary.intervals import Estimate, Replicates, clustered_bootstrap

Array = Any

DATASET = "mnist"
SHAPE = {"n_inputs": 100, "n_train": 60_000, "n_test": 10_000}
"""Images of 10 x 10 pixels and MNIST's own test set; nothing else can be compared with the published table."""

SETTINGS = ("authors_code", "paper")
"""Named settings that mean to repeat the published runs; the nearer one is judged."""

TOLERANCES = {"mean": 0.03, "sd": 0.2, "correlation": 0.1}
"""Deviations that claim W9 allows (config/claims.yaml); here they weigh the three against each other."""


class Published(Protocol):
    """Published moments of one width, e.g. ``stationary.theory.published.Losses``."""

    @property
    def train_mean(self) -> float:
        """Mean training loss, nats."""

    @property
    def train_sd(self) -> float:
        """Its sd over networks."""

    @property
    def test_mean(self) -> float:
        """Mean test loss."""

    @property
    def test_sd(self) -> float:
        """Its sd."""

    @property
    def correlation(self) -> float:
        """Of training and test loss."""


def comparable(runs: pd.DataFrame) -> pd.Series:
    """Which runs saw the data of the published table."""
    return (runs["dataset"] == DATASET) & (runs[list(SHAPE)] == pd.Series(SHAPE)).all(axis=1)


def published_rows(runs: pd.DataFrame, published: Mapping[int, Published], seed: int) -> Iterator[Row]:
    """Deviations from the published table, per width, of every setting that repeats it.

    Without such data every row is there, NaN and not judged, so that a reader sees what is missing.
    """
    ours = runs[comparable(runs) & runs["setting"].isin(SETTINGS) & (runs["termination"] != "diverged")]
    ours = ours[ours["width"].isin(list(published))]
    found = {
        (str(setting), int(width)): _deviations(part, published[int(width)], seed)
        for (setting, width), part in cells(ours, "setting", "width")
    }
    if not found:
        nothing = Estimate(np.nan, np.nan, np.nan, 0)
        for width in sorted(published):
            for name in _STATISTICS:
                yield row("W9", name, nothing, Place(DATASET, "all", width), judged=False)
        return
    nearest = _nearest(found)
    for (setting, width), deviations in found.items():
        for name, replicates in deviations.items():
            yield row("W9", name, replicates.estimate(), Place(DATASET, setting, width), judged=setting == nearest)
    for setting in sorted({key[0] for key in found}):
        misfit = _misfit(found, setting, sorted({key[1] for key in found}))
        name = "mean over widths of the largest deviation in units of what is allowed"
        yield row("W9", name, Estimate(misfit, misfit, misfit, 1), Place(DATASET, setting), judged=False)


_STATISTICS: dict[str, tuple[str, Callable[[Within, Array, Published], Array]]] = {
    "relative deviation of the mean training loss": ("mean", lambda _, loss, p: loss[0].mean(axis=-1) / p.train_mean - 1.0),
    "relative deviation of the mean test loss": ("mean", lambda _, loss, p: loss[1].mean(axis=-1) / p.test_mean - 1.0),
    "relative deviation of the sd of the training loss": (
        "sd",
        lambda within, loss, p: np.sqrt(within.variance(loss[0])) / p.train_sd - 1.0,
    ),
    "relative deviation of the sd of the test loss": (
        "sd",
        lambda within, loss, p: np.sqrt(within.variance(loss[1])) / p.test_sd - 1.0,
    ),
    "difference of the correlation": ("correlation", lambda within, loss, p: within.correlation(*loss) - p.correlation),
}


def _deviations(frame: pd.DataFrame, published: Published, seed: int) -> dict[str, Replicates]:
    split, group = frame["split"].to_numpy(), frame["order_group"].to_numpy()
    within = Within(split)
    losses = [frame["train_loss"].to_numpy(), frame["test_loss"].to_numpy()]
    result = {}
    for name, (_, deviation) in _STATISTICS.items():
        generator = seeds.generator(seed, "minima/bootstrap", str(frame["condition"].iloc[0]), 1)

        def statistic(*loss: Array, deviation: Callable[..., Array] = deviation) -> Array:
            return deviation(within, loss, published)

        divisions = seeds.generator(seed, "minima/bootstrap-divisions", DATASET, 0)
        result[name] = clustered_bootstrap(losses, statistic, group, split, generator, divisions)
    return result


def _nearest(found: dict[tuple[str, int], dict[str, Replicates]]) -> str:
    """The setting of the smallest misfit over the widths that all have run; the first of them if there is no such width."""
    settings = sorted({setting for setting, _ in found})
    shared = [width for width in sorted({key[1] for key in found}) if all((setting, width) in found for setting in settings)]
    return min(settings, key=lambda setting: _misfit(found, setting, shared)) if shared else settings[0]


def _misfit(found: dict[tuple[str, int], dict[str, Replicates]], setting: str, widths: list[int]) -> float:
    per_width = [
        max(abs(one.value) / TOLERANCES[_STATISTICS[name][0]] for name, one in found[setting, width].items())
        for width in widths
        if (setting, width) in found
    ]
    return float(np.mean(per_width))
