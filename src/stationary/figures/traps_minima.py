"""Minima of a unit without hidden layer, their basins, and how common bad ones are (claim B6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary.figures import style
from stationary.landscapes.sigmoid_unit import SigmoidUnit

Array = Any

_GLOBAL, _LOCAL, _NONE = "#B5D9EA", "#F5C9A6", "#EFEFEF"
LOOKS = {
    "minimum": ("o", style.INK),
    "saddle": ("X", style.INK),
    "maximum": ("^", style.INK),
    "flat": ("s", style.MUTED),
}


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One weight; weight and bias with the basins of gradient descent; the worst minimum of random data sets.

    Args:
        tables: ``minima`` and ``basins``.
    """
    minima, basins = tables["minima"].to_pandas(), tables["basins"].to_pandas()
    figure = style.figure(2.7)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.0, 1.15, 1.0])
    _one_weight(left, minima[minima["problem"] == "one_weight"])
    _plane(middle, minima[minima["problem"] == "weight_and_bias"], basins[basins["problem"] == "weight_and_bias"])
    _random(right, minima[(minima["problem"] == "random") & (minima["kind"] == "minimum")])
    handles: list[Any] = [
        Line2D([], [], color=color, marker=marker, markersize=4, linewidth=0, label=kind)
        for kind, (marker, color) in LOOKS.items()
        if (minima["kind"] == kind).any()
    ]
    handles += [
        Patch(facecolor=color, label=label)
        for color, label in (
            (_GLOBAL, "descent reaches the global minimum"),
            (_LOCAL, "another minimum"),
            (_NONE, "a plateau, none within the steps"),
        )
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), columnspacing=1.0, handlelength=1.2)
    return figure


def _one_weight(axes: Axes, points: pd.DataFrame) -> None:
    """The loss along the weight; minima with their loss."""
    style.title(axes, "a", "one weight")
    axes.set_xlabel("weight")
    axes.set_ylabel("mean squared residual")
    if points.empty:
        style.say(axes, "no minimum")
        return
    first = points.iloc[0]
    half_width = min(5.0, float(first["half_width"]))
    w = np.linspace(-half_width, half_width, 2001)
    landscape = SigmoidUnit(np.asarray(first["x"])[:, None], np.asarray(first["y"]))
    axes.plot(w, landscape.value(w[:, None]), color="#0072B2")
    for point in points.to_dict("records"):
        marker, color = LOOKS[point["kind"]]
        place = (float(point["theta"][0]), float(point["loss"]))
        axes.plot(*place, marker, color=color, markersize=4, zorder=4)
        if point["kind"] == "minimum":
            axes.annotate(f"{point['loss']:.3f}", place, xytext=(5, -8), textcoords="offset points", fontsize=6)
    axes.set_ylim(bottom=-0.02)


def _plane(axes: Axes, points: pd.DataFrame, starts: pd.DataFrame) -> None:
    """Level lines on the basins; minima with their loss."""
    style.title(axes, "b", "weight and bias: basins of descent")
    axes.set_xlabel("weight")
    axes.set_ylabel("bias")
    if starts.empty:
        style.say(axes, "no start")
        return
    basin = starts.assign(kind=np.select([starts["end"] < 0, starts["end"] == 0], [2, 0], 1))
    end = basin.pivot(index="bias", columns="weight", values="kind")
    loss = basin.pivot(index="bias", columns="weight", values="loss")
    colors = ListedColormap([_GLOBAL, _LOCAL, _NONE])
    axes.pcolormesh(end.columns, end.index, end.to_numpy(), cmap=colors, vmin=0, vmax=2, shading="nearest", rasterized=True)
    axes.contour(loss.columns, loss.index, loss.to_numpy(), levels=12, colors=style.MUTED, linewidths=0.4)
    for point in points.to_dict("records"):
        marker, color = LOOKS[point["kind"]]
        place = (float(point["theta"][0]), float(point["theta"][1]))
        axes.plot(*place, marker, color=color, markersize=4, zorder=4)
        if point["kind"] == "minimum":
            axes.annotate(f"{point['loss']:.3f}", place, xytext=(0, -10), textcoords="offset points", fontsize=6, ha="center")


def _random(axes: Axes, points: pd.DataFrame) -> None:
    """Share of random data sets whose worst minimum is above so many times the global one."""
    style.title(axes, "c", "random data sets")
    axes.set_xlabel("worst minimum over the global one")
    axes.set_ylabel("share of data sets above")
    worst = np.sort(points[points["ratio"].notna()].groupby("number")["ratio"].max().to_numpy())
    if not worst.size:
        style.say(axes, "no data set")
        return
    above = 1.0 - np.arange(1, worst.size + 1) / worst.size
    axes.step(np.concatenate([[1.0], worst]), np.concatenate([[(worst > 1.0).mean()], above]), where="post", color="#0072B2")
    axes.axvline(2.0, color=style.INK, linestyle="--", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlim(1.0, max(4.0, float(worst.max()) * 1.1))
    axes.set_ylim(bottom=0.0)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500) if tick <= max(4.0, float(worst.max()) * 1.1)]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.annotate(f"{worst.size} sets", (0.97, 0.95), xycoords="axes fraction", ha="right", va="top", fontsize=6)
