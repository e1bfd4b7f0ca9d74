"""Which of the linear autoencoder's critical points are recovered, by where searches start (beside claim D4; settings ours)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary import intervals, seeds
from stationary.experiments.saddle_statistics import entropy
from stationary.figures import saddle_points, style
from stationary.intervals import Estimate

Array = Any

UNIFORM_DRAWS = 2000
"""Uniform samples of sets that the entropy of a sample of the same size is compared with."""

_UNIFORM = "#555555"
_STEP = 0.22
_SHORT = {"random": "random", "sgd": "SGD", "saddle_free": "saddle-free"}


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """By source of the starts: entropy of the recovered sets, their sizes, and how often each eigenvector is a member.

    Args:
        tables: ``runs`` and ``analytic``.
    """
    runs = saddle_points.frame(tables["runs"], ("loss", "index", "origin", "members", "source", "trajectory"))
    found = saddle_points.known_members(saddle_points.filtered(runs))
    analytic = tables["analytic"].select(["members", "rank"]).to_pandas()
    analytic = analytic[analytic["rank"] > 0]  # the empty set is the origin, which is counted apart
    by_source = {name: found[found["source"] == name] for name in saddle_points.SOURCES}
    by_source = {name: here for name, here in by_source.items() if len(here)}
    if not by_source or analytic.empty:
        return style.blank("no critical point of the linear autoencoder beside the origin")
    figure = style.figure(2.7)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.0, 1.0, 1.9])
    _entropies(left, by_source, analytic)
    _ranks(middle, by_source, analytic)
    _members(right, by_source, analytic)
    style.title(left, "a", "entropy of the sets found")
    style.title(middle, "b", "size of the sets")
    style.title(right, "c", f"eigenvectors kept, {saddle_points.title(found)}")
    handles = [
        saddle_points.mark(saddle_points.SOURCES[name], f"{saddle_points.SOURCES[name].label} ({len(here)} points)", bar=True)
        for name, here in by_source.items()
    ]
    handles.append(Line2D([], [], color=style.MUTED, linewidth=2.2, label="as many uniform draws, 95 %"))
    handles.append(Line2D([], [], color=_UNIFORM, linestyle="--", linewidth=0.9, label="uniform over all sets"))
    saddle_points.legend(figure, handles, 3)
    return figure


def recovered(points: pd.DataFrame, most: float) -> Estimate:
    """Entropy of the sets that these points are, with a bootstrap interval over trajectories.

    A resample repeats points, so its entropy is lower than the sample's as the sample's is than the truth: the interval is the
    basic one, which turns the resamples' differences around, and not the percentile one.

    Args:
        points: of one source; runs of several finders from one trajectory are one cluster.
        most: log of the number of sets.
    """
    codes, _ = pd.factorize(points["members"])
    source = str(points["source"].iloc[0])
    generator = seeds.generator(0, "figures/bootstrap", f"saddles-sampling-{source}", 0)
    clusters, strata = points["trajectory"].to_numpy(), np.zeros(len(points))
    replicates = intervals.clustered_bootstrap([codes.astype(float)], entropy, clusters, strata, generator, generator)
    percentile = replicates.estimate()
    value = replicates.value
    return Estimate(value, max(0.0, 2 * value - percentile.high), min(most, 2 * value - percentile.low), len(points))


def _entropies(axes: Axes, by_source: dict[str, pd.DataFrame], analytic: pd.DataFrame) -> None:
    sets = len(analytic)
    most = float(np.log(sets))
    for place, (name, points) in enumerate(by_source.items()):
        look = saddle_points.SOURCES[name]
        generator = seeds.generator(0, "figures/uniform", f"saddles-sampling-{name}", 0)
        uniform = entropy(generator.integers(sets, size=(UNIFORM_DRAWS, len(points))))
        low, high = np.quantile(uniform, [0.025, 0.975])
        axes.bar(place, high - low, bottom=low, width=0.7, color=style.MUTED, edgecolor=style.MUTED, linewidth=1.4)
        found = recovered(points, most)
        axes.vlines(place, found.low, found.high, color=look.color, linewidth=1.1)
        axes.plot(place, found.value, look.marker, color=look.color, markersize=4)
    axes.axhline(most, color=_UNIFORM, linestyle="--", linewidth=0.9)
    axes.text(len(by_source) - 0.55, 1.01 * most, f"log {sets}", ha="right", va="bottom", fontsize=6)
    axes.set_ylim(0.0, 1.12 * most)
    axes.set_xlim(-0.5, len(by_source) - 0.5)
    axes.set_xticks(range(len(by_source)), [_SHORT[name] for name in by_source])
    axes.set_xlabel("starts")
    axes.set_ylabel("entropy, nats")


def _ranks(axes: Axes, by_source: dict[str, pd.DataFrame], analytic: pd.DataFrame) -> None:
    """Share of the found points whose set has m members, against the share of all sets."""
    ranks = np.sort(analytic["rank"].unique())
    _uniform(axes, ranks, [(analytic["rank"] == rank).mean() for rank in ranks])
    for place, (name, points) in enumerate(by_source.items()):
        sizes = points["members"].str.count(",").to_numpy() + 1
        shares = [intervals.share(sizes == rank) for rank in ranks]
        _shares(axes, ranks + _STEP * (place - 0.5 * (len(by_source) - 1)), shares, saddle_points.SOURCES[name])
    axes.set_xticks(ranks)
    axes.set_xlabel("eigenvectors kept, m")
    axes.set_ylabel("share of points, 95 % interval")


def _members(axes: Axes, by_source: dict[str, pd.DataFrame], analytic: pd.DataFrame) -> None:
    """Share of the found points that keep each eigenvector, against the share of all sets."""
    every = _kept(analytic["members"])
    numbers = np.arange(1, every.shape[1] + 1)
    _uniform(axes, numbers, every.mean(axis=0))
    for place, (name, points) in enumerate(by_source.items()):
        shares = [intervals.share(column) for column in _kept(points["members"], every.shape[1]).T]
        _shares(axes, numbers + _STEP * (place - 0.5 * (len(by_source) - 1)), shares, saddle_points.SOURCES[name])
    axes.set_xticks(numbers[:: 1 if numbers.size <= 8 else 3])
    axes.set_xlabel("eigenvector, 1 for the largest eigenvalue")


def _kept(members: pd.Series[str], size: int = 0) -> Array:
    """Which eigenvectors each set keeps: boolean [n, size]; as many as occur if ``size`` is 0."""
    sets = [[int(number) - 1 for number in text.split(",")] for text in members]
    kept = np.zeros((len(sets), size or 1 + max(max(numbers) for numbers in sets)), dtype=bool)
    for row, numbers in zip(kept, sets, strict=True):
        row[numbers] = True
    return kept


def _uniform(axes: Axes, x: Array, shares: Any) -> None:
    for at, share in zip(x, shares, strict=True):
        axes.plot([at - 0.42, at + 0.42], [share, share], color=_UNIFORM, linestyle=(0, (2, 1)), linewidth=1.0, zorder=2)


def _shares(axes: Axes, x: Array, shares: list[Estimate], look: saddle_points.Look) -> None:
    axes.vlines(x, [one.low for one in shares], [one.high for one in shares], color=look.color, linewidth=0.8, zorder=3)
    axes.plot(x, [one.value for one in shares], look.marker, color=look.color, markersize=2.8, zorder=4)
    axes.set_ylim(-0.03, 1.03)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.4)
