"""Found critical points on all that there are (Frye et al. 2019; Baldi and Hornik 1989; claims D4, D8; settings ours)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from stationary import intervals
from stationary.figures import saddle_points, style
from stationary.theory.published import SUCCESS

Array = Any

ROUNDING = 1e-16
"""Relative differences of the loss below this are drawn here: they are zero."""

PUBLISHED_LAYERS = [16, 4, 16]
"""Of the published runs; on another network they are not comparable and left out."""

_SLOTS = (-0.28, 0.0, 0.28)
_GOLDEN = 0.6180339887498949
_COLUMNS = ("loss", "index", "origin", "members", "distinct", "n_negative", "n_null")
_EXPECTED = ("expected_loss", "expected_negative", "expected_null")


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Index against loss with the closed form's points; how often each finder arrives; how far the losses are apart.

    Args:
        tables: ``runs`` and ``analytic``.
    """
    runs = saddle_points.frame(tables["runs"], (*_COLUMNS, *_EXPECTED))
    runs = runs[runs["kind"] == saddle_points.LINEAR]
    analytic = tables["analytic"].select(["loss", "index", "rank", "members"]).to_pandas()
    if runs.empty or analytic.empty:
        return style.blank("no search on the linear autoencoder")
    names = saddle_points.finders(runs)
    figure = style.figure(3.2)
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[1.55, 1.0])[0]
    _plane(left.subplots(), runs, analytic, names)
    upper, lower = right.subplots(2, 1, height_ratios=[1.0, 1.0], sharex=True)
    same = saddle_points.layers(str(runs["layout"].iloc[0]), biases=False) == PUBLISHED_LAYERS
    _success(upper, runs, names, published=same)
    _differences(lower, runs, names)
    handles: list[Line2D] = [saddle_points.mark(saddle_points.finder(name), hollow=True) for name in names]
    handles.append(Line2D([], [], marker="o", color=style.FAINT, markersize=2.5, linewidth=0, label="closed form, all points"))
    handles.append(Line2D([], [], marker="+", color=style.INK, markersize=5, linewidth=0, label="found at the origin"))
    if same:
        label = "published, ± standard error"
        handles.append(Line2D([], [], marker="*", color=style.MUTED, markersize=5, linewidth=0.9, label=label))
    saddle_points.legend(figure, handles, 3)
    return figure


def _plane(axes: Axes, runs: pd.DataFrame, analytic: pd.DataFrame, names: list[str]) -> None:
    every = saddle_points.Look("closed form, all points", style.FAINT, "o")
    saddle_points.dots(axes, analytic["loss"], analytic["index"], every, size=2.2, alpha=1.0, zorder=1)
    points = saddle_points.filtered(runs)
    for name, size in zip(names, np.linspace(3.2, 6.2, max(len(names), 2)), strict=False):  # rings, so that none hides another
        look, here = saddle_points.finder(name), points[(points["finder"] == name) & ~points["origin"]]
        axes.plot(
            here["loss"],
            here["index"],
            look.marker,
            color=look.color,
            markersize=size,
            markerfacecolor="none",
            markeredgewidth=0.7,
            alpha=0.8,
            zorder=3,
        )
    origin = points[points["origin"].to_numpy(dtype=bool)]
    axes.plot(origin["loss"], origin["index"], "+", color=style.INK, markersize=6, zorder=4)
    found = saddle_points.known_members(points)
    agree = int(((found["n_negative"] == found["expected_negative"]) & (found["n_null"] == found["expected_null"])).sum())
    words = (
        f"{len(points)} points found, {len(origin)} at the origin\n"
        f"{found['members'].nunique()} of {len(analytic)} eigenvector sets\n"
        f"index and nullity as in the closed form: {agree} of {len(found)}"
    )
    axes.text(0.02, 0.98, words, transform=axes.transAxes, ha="left", va="top", fontsize=6.5)
    axes.set_ylim(-0.02, max(0.55, 1.1 * float(analytic["index"].max())))
    axes.set_xlabel("loss")
    axes.set_ylabel("index")
    style.title(axes, "a", saddle_points.title(runs))


def _success(axes: Axes, runs: pd.DataFrame, names: list[str], *, published: bool) -> None:
    """Share of starts from which each finder arrives, origin hits included, as they are in the source."""
    for place, name in enumerate(names):
        look = saddle_points.finder(name)
        found = intervals.share(runs.loc[runs["finder"] == name, "filtered"].to_numpy(dtype=bool))
        axes.vlines(place, found.low, found.high, color=look.color, linewidth=1.2)
        axes.plot(place, found.value, look.marker, color=look.color, markersize=4)
        theirs = SUCCESS.get(name) if published else None
        if theirs is not None:
            low, high = theirs.share - theirs.error, theirs.share + theirs.error
            axes.vlines(place + 0.22, low, high, color=style.MUTED, linewidth=0.9)
            axes.plot(place + 0.22, theirs.share, "*", color=style.MUTED, markersize=6)
    axes.set_ylim(-0.07, 1.07)
    axes.set_ylabel("share critical")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.4)
    style.title(axes, "b", "success, 95 % interval")


def _differences(axes: Axes, runs: pd.DataFrame, names: list[str]) -> None:
    """|loss - closed form| over the closed form's, one mark per found point, origin hits left out."""
    points = saddle_points.known_members(saddle_points.filtered(runs))
    gap = (points["loss"] - points["expected_loss"]).abs() / points["expected_loss"]
    values = gap.clip(lower=ROUNDING).to_numpy(dtype=float)
    for place, name in enumerate(names):
        here = (points["finder"] == name).to_numpy(dtype=bool)
        x = place + ((points["start"].to_numpy()[here] * _GOLDEN) % 1.0 - 0.5) * 0.5
        saddle_points.dots(axes, x, values[here], saddle_points.finder(name))
    axes.set_yscale("log")
    axes.set_ylim(ROUNDING / 3, max(1e-8, 3.0 * float(np.max(values, initial=0.0))))
    axes.yaxis.set_major_locator(LogLocator(numticks=5))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(-0.5, max(len(names), 1) - 0.4)
    axes.set_xticks(range(len(names)), [saddle_points.finder(name).label.replace(" ", "\n") for name in names])
    axes.grid(axis="y", color=style.FAINT, linewidth=0.4)
    axes.set_ylabel("relative difference")
    style.title(axes, "c", "loss against the closed form")
    if points.empty:
        style.say(axes, "no critical point")
