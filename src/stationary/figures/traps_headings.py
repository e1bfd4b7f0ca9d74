"""Plateau and cliff, inexact gradients, local against global structure, and how far the best known lies below what is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import style
from stationary.figures.conditioning_gradients import NETWORKS

Array = Any

COLORS = {"mlp": "#0072B2", "convnet": "#D55E00"}
FLOOR = 1e-33
"""Relative losses below this, zero included, are drawn here."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Six panels.

    Args:
        tables: ``cliff``, ``noise``, ``training`` (of conditioning) and ``teacher`` (of minima).
    """
    cliff, noise, training, teacher = (tables[name].to_pandas() for name in ("cliff", "noise", "training", "teacher"))
    figure = style.figure(4.4)
    (a, b, c), (d, e, f) = figure.subplots(2, 3)
    _cliff(a, cliff, "loss")
    _cliff(b, cliff.assign(slope=cliff["derivative"].abs()), "slope")
    _noise(c, noise)
    _detour(d, training)
    _angle(e, training)
    _gap(f, teacher)
    return figure


def _cliff(axes: Axes, frame: pd.DataFrame, column: str) -> None:
    """Loss, or the size of its derivative, against the recurrent weight; a line per number of time steps."""
    lengths = sorted(frame["steps"].unique())
    for number, steps in enumerate(lengths):
        part = frame[frame["steps"] == steps]
        color = colormaps["viridis"](0.85 * number / max(1, len(lengths) - 1))
        axes.plot(part["w"], part[column], color=color, linewidth=0.9, label=f"{steps}")
    axes.set_xlabel("recurrent weight w")
    if column == "loss":
        axes.set_ylabel("loss")
        style.title(axes, "a", "plateau and cliff")
        if lengths:
            axes.legend(title="time steps", loc="lower left", handlelength=1.2)
    else:
        axes.set_yscale("log")
        axes.set_ylabel("|d loss / dw|")
        style.title(axes, "b", "its gradient")
    if frame.empty:
        style.say(axes, "no loss")


def _noise(axes: Axes, frame: pd.DataFrame) -> None:
    """Noise of a minibatch and the whole gradient along each eigenvector, against the size of its eigenvalue."""
    style.title(axes, "c", "inexact gradients")
    axes.set_xlabel("|eigenvalue| of the Hessian")
    axes.set_ylabel("component along its eigenvector")
    if frame.empty:
        style.say(axes, "no spectrum")
        return
    known = frame[frame["eigenvalue"].abs() > 1e-6]
    size = known["eigenvalue"].abs()
    below = known["eigenvalue"] < 0
    axes.plot(size, known["gradient"].abs(), "o", color=style.MUTED, markersize=1.8, markeredgewidth=0, label="whole gradient")
    for chosen, marker, label in ((~below, "o", "noise, eigenvalue > 0"), (below, "X", "noise, eigenvalue < 0")):
        axes.plot(size[chosen], known["noise"][chosen], marker, color="#D55E00", markersize=2.2, markeredgewidth=0, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(bottom=1e-6)
    axes.legend(loc="lower right", handlelength=0.8, title=f"minibatches of {frame['batch_size'].iloc[0]}")


def _detour(axes: Axes, training: pd.DataFrame) -> None:
    """Length of the path over the distance come so far."""
    style.title(axes, "d", "path against distance")
    moved = training[training["distance"] > 0]
    _bands(axes, moved.assign(detour=moved["path_length"] / moved["distance"]), "detour")
    axes.set_ylabel("path length / distance from start")
    axes.set_yscale("log")
    axes.minorticks_off()
    ticks = [1, 2, 5, 10, 20, 50]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.set_ylim(0.9, max(3.0, axes.get_ylim()[1]))


def _angle(axes: Axes, training: pd.DataFrame) -> None:
    """Between steepest descent on the training part and the way to the end of the run."""
    style.title(axes, "e", "descent and the way to the end")
    degrees = np.degrees(np.arccos(np.clip(training["cosine_to_end"].to_numpy(dtype=float), -1.0, 1.0)))
    _bands(axes, training.assign(angle=degrees), "angle")
    axes.axhline(90.0, color=style.INK, linewidth=0.6, linestyle="--")
    axes.set_ylim(0.0, 120.0)
    axes.set_yticks([0, 30, 60, 90, 120])
    axes.set_ylabel("angle in degrees")


def _bands(axes: Axes, training: pd.DataFrame, column: str) -> None:
    """Median over runs with its range, network by network."""
    for name, label in NETWORKS.items():
        part = training[training["network"] == name]
        if part.empty:
            continue
        found = part.groupby("epoch")[column].quantile(np.array([0.0, 0.5, 1.0])).unstack()
        axes.fill_between(found.index, found[0.0], found[1.0], color=COLORS[name], alpha=0.2, linewidth=0)
        axes.plot(found.index, found[0.5], color=COLORS[name], linewidth=1.1, label=label)
    axes.set_xlabel("epoch")
    if training.empty:
        style.say(axes, "no run")
    elif column == "detour":
        axes.legend(loc="upper left", handlelength=1.2)


def _gap(axes: Axes, teacher: pd.DataFrame) -> None:
    """Losses found by students that could reach zero, by width; a bar at the median, a triangle at the best."""
    style.title(axes, "f", "found, where zero is attainable")
    axes.set_xlabel("student's hidden units")
    axes.set_ylabel("loss / trivial loss")
    able = teacher[(teacher["width"] >= teacher["teacher_width"]) & np.isfinite(teacher["relative_loss"])]
    if able.empty:
        style.say(axes, "no student")
        return
    widths = sorted(able["width"].unique())
    colors = dict(zip(sorted(able["teacher_width"].unique()), ("#0072B2", "#D55E00", "#009E73", "#AA4499"), strict=False))
    for (units, width), part in able.groupby(["teacher_width", "width"]):
        shift = 0.18 * (2 * sorted(colors).index(units) - len(colors) + 1)
        place = widths.index(width) + shift
        values = np.sort(part["relative_loss"].to_numpy().clip(min=FLOOR))
        x = place + 0.22 * ((np.arange(values.size) * 0.618034) % 1.0 - 0.5)
        axes.plot(x, values, "o", color=colors[units], markersize=1.6, alpha=0.4, markeredgewidth=0, rasterized=True)
        axes.hlines(np.median(values), place - 0.16, place + 0.16, color=style.INK, linewidth=1.3)
        axes.plot(place, values[0], "v", color=style.INK, markersize=3)
    for units, color in colors.items():
        axes.plot([], [], "o", color=color, markersize=2.5, label=f"teacher of {units}")
    axes.set_yscale("log")
    axes.set_xticks(range(len(widths)), [str(width) for width in widths])
    axes.legend(loc="lower left", handlelength=0.8)
