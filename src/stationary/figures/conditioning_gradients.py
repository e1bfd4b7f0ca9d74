"""Gradient norm beside validation error through training (twin of Goodfellow et al. 2016, figure 8.1; claims B1, B2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import style

Array = Any

NETWORKS = {"mlp": "tanh perceptron", "convnet": "convolutional network"}
LINEAR = 1e-2
"""Changes of the loss smaller than this are drawn on a linear stretch."""

_NORM, _CURVATURE, _ERROR = "#0072B2", "#D55E00", "#009E73"
_DROP, _RISE = "#0072B2", "#D55E00"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """A row per network: gradient norm, curvature along the gradient, validation error, predicted against actual change.

    Args:
        tables: ``training``.
    """
    frame = tables["training"].to_pandas()
    names = [name for name in NETWORKS if name in set(frame["network"])]
    if not names:
        return style.blank("no run")
    figure = style.figure(1.75 * len(names) + 0.5)
    grid = figure.subplots(len(names), 4, squeeze=False)
    letters = iter("abcdefgh")
    for row, name in zip(grid, names, strict=True):
        runs = frame[frame["network"] == name]
        _dots(row[0], runs, "gradient_norm", "mean_gradient_norm", _NORM)
        row[0].set_ylabel("gradient norm")
        style.title(row[0], next(letters), f"{NETWORKS[name]}, {runs['run'].nunique()} runs")
        _dots(row[1], runs.assign(size=runs["curvature"].abs()), "size", "", _CURVATURE)
        row[1].set_ylabel("|g'Hg|")
        row[1].set_yscale("log")
        style.title(row[1], next(letters), "along the step")
        _lines(row[2], runs, "validation_error")
        row[2].set_ylabel("validation error")
        row[2].set_yscale("log")
        style.title(row[2], next(letters), "held out")
        _changes(row[3], runs)
        style.title(row[3], next(letters), "change by a step")
        for axes in row[:3]:
            axes.set_xlim(0.0, max(1.0, float(frame["epoch"].max())))
    for axes in grid[-1, :3]:
        axes.set_xlabel("epoch")
    grid[-1, 3].set_xlabel("actual")
    handles = [
        Line2D([], [], color=style.INK, marker="o", markersize=2.5, linewidth=0, label="one step's minibatch"),
        Line2D([], [], color=style.INK, linewidth=1.4, label="mean over runs; median for the error"),
        Line2D([], [], color=_DROP, marker="o", markersize=2.5, linewidth=0, label="second-order term below the first"),
        Line2D([], [], color=_RISE, marker="X", markersize=3.5, linewidth=0, label="above it"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.2, handlelength=1.4)
    return figure


def _dots(axes: Axes, runs: pd.DataFrame, column: str, mean: str, color: str) -> None:
    """Single minibatches as dots; the mean over steps, and over runs, as a line."""
    axes.plot(runs["epoch"], runs[column], "o", color=color, markersize=1.6, alpha=0.25, markeredgewidth=0, rasterized=True)
    chosen = runs.groupby("step")[["epoch", mean or column]].mean()
    axes.plot(chosen["epoch"], chosen[mean or column], color=style.INK, linewidth=1.1)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)


def _lines(axes: Axes, runs: pd.DataFrame, column: str) -> None:
    for _, one in runs.groupby("run"):
        axes.plot(one["epoch"], one[column].clip(lower=1e-4), color=_ERROR, linewidth=0.4, alpha=0.6)
    middle = runs.groupby("step")[["epoch", column]].median()
    axes.plot(middle["epoch"], middle[column].clip(lower=1e-4), color=style.INK, linewidth=1.4)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)


def _changes(axes: Axes, runs: pd.DataFrame) -> None:
    """Predicted against actual, both of the minibatch that made the step; on the line the prediction is exact."""
    actual, predicted = (runs[name].to_numpy() for name in ("actual_change", "predicted_change"))
    known = np.isfinite(actual) & np.isfinite(predicted)
    if not known.any():
        style.say(axes, "no step")
        return
    wins = 0.5 * runs["rate"] ** 2 * runs["curvature"] > runs["rate"] * runs["gradient_norm"] ** 2
    for chosen, color, marker, size in ((known & ~wins, _DROP, "o", 1.8), (known & wins, _RISE, "X", 3.0)):
        axes.plot(actual[chosen], predicted[chosen], marker, color=color, markersize=size, alpha=0.4, markeredgewidth=0)
    ends = np.array([min(actual[known].min(), predicted[known].min()), max(actual[known].max(), predicted[known].max(), 0.0)])
    axes.plot(ends, ends, color=style.INK, linewidth=0.6)
    # Changes span decades, of either sign: linear about zero.
    for scale, limits in ((axes.set_xscale, axes.set_xlim), (axes.set_yscale, axes.set_ylim)):
        scale("symlog", linthresh=LINEAR)
        limits(1.5 * ends[0] - LINEAR, 1.5 * ends[1] + 0.5 * LINEAR)
    axes.set_ylabel("predicted")
    ticks = np.array([-10.0, -1.0, -0.1, -0.01, 0.0, 0.01, 0.1, 1.0, 10.0])
    ticks = ticks[(ticks > 1.5 * ends[0]) & (ticks <= 1.5 * ends[1])]
    for which in (axes.set_xticks, axes.set_yticks):
        which(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
