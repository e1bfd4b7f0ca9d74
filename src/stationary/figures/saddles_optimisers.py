"""Optimisers near saddles, by hidden size and in the plane (twin of Dauphin et al. 2014, figure 3; claim D6)."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from stationary.figures import paths, saddle_points, style
from stationary.figures.saddle_points import Look
from stationary.landscapes.polynomials import FUNCTIONS

Array = Any


def _look(name: str, label: str = "") -> Look:
    here = style.method(name)
    return Look(label or here.label, here.color, here.marker, here.dashes)


OPTIMISERS = {
    "sgd": _look("gradient_descent", "SGD (d, e: gradient descent)"),
    "adam": _look("adam"),
    "newton": _look("newton", "Newton"),
    "damped_newton": _look("damped_newton"),
    "saddle_free_newton": _look("saddle_free_newton"),
}
FINDERS = saddle_points.FINDERS | {
    "damped_newton": replace(saddle_points.FINDERS["damped_newton"], label="damped Newton on ‖g‖")
}

QUANTITIES = {"train_error": "training error", "lowest_eigenvalue": "lowest eigenvalue"}

FLAT = "frye_quartic"
TITLES = {"5x^2 - y^2": "$5x^2 - y^2$", "monkey_saddle": "$x^3 - 3xy^2$", "frye_quartic": "a gradient-flat point"}
WINDOWS = {
    "5x^2 - y^2": ((-1.2, 1.4), (-2.2, 2.2)),
    "monkey_saddle": ((-2.2, 1.8), (-2.2, 2.2)),
    "frye_quartic": ((-5.4, 3.6), (-1.9, 1.9)),
}
MARKS = {
    "5x^2 - y^2": (((0.0, 0.0), "o"),),
    "monkey_saddle": (((0.0, 0.0), "o"),),
    "frye_quartic": (((-3.0, 0.0), "o"), ((2.0**0.5, 0.0), "X")),
}
"""Critical points, and the gradient-flat one."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Above: training error and lowest eigenvalue by epoch, a column per hidden size. Below: paths in the plane.

    Args:
        tables: ``optimisers`` and ``toys``.
    """
    frame, toys = tables["optimisers"].to_pandas(), tables["toys"].to_pandas()
    figure = style.figure(5.6)
    parts: Any = figure.subfigures(2, 1, height_ratios=[3.0, 2.6])  # an array, which its type does not say
    above, below = parts
    letters = iter(ascii_lowercase)
    _networks(above, frame, letters)
    _plane(below, toys, letters)
    return figure


def _networks(part: SubFigure, frame: pd.DataFrame, letters: Any) -> None:
    """A column per size and a row per quantity; lines are medians over starts, bands run from quartile to quartile."""
    sizes = sorted(frame["hidden"].unique())
    grid = part.subplots(len(QUANTITIES), max(1, len(sizes)), squeeze=False, sharex="col", sharey="row")
    for column, hidden in zip(grid.T, sizes, strict=False):
        mine = frame[frame["hidden"] == hidden]
        for axes, quantity in zip(column, QUANTITIES, strict=True):
            for name, look in OPTIMISERS.items():
                found = _by_epoch(mine[mine["method"] == name], quantity)
                paths.band(axes, found, color=look.color, dashes=look.dashes)
        style.title(column[0], next(letters), f"{hidden} hidden units, {mine['start'].nunique()} starts")
    for row, label in zip(grid, QUANTITIES.values(), strict=True):
        row[0].set_ylabel(label)
    _scales(grid, last=frame["epoch"].max() if len(frame) else 1)
    if frame.empty:
        style.say(grid[0, 0], "no run")


def _scales(grid: Array, last: int) -> None:
    """Errors from 0 to 1; eigenvalues linear about zero, then logarithmic; epochs logarithmic, the start at 1."""
    for axes in grid[0]:
        axes.set_ylim(0.0, 1.0)
    for axes in grid[1]:
        axes.set_yscale("symlog", linthresh=1e-3, linscale=0.4)
        axes.set_ylim(-1.0, 2e-3)
        axes.set_yticks([-1.0, -0.1, -0.01, -0.001, 0.0], ["-1", "-0.1", "-0.01", "-0.001", "0"])
        axes.axhline(0.0, color=style.INK, linewidth=0.6)
        axes.set_xscale("log")
        ticks = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_xlim(1.0, 1.0 + max(1, last))
        axes.minorticks_off()
        axes.set_xlabel("1 + epoch or iteration")
    for axes in grid.flat:
        axes.grid(axis="y", color=style.FAINT, linewidth=0.3)


def _by_epoch(runs: pd.DataFrame, quantity: str) -> paths.Paths:
    """Runs on common epochs, where at least half of them were measured; one that ended keeps its last value."""
    known = runs[np.isfinite(runs[quantity])]
    named = known.rename(columns={"hidden": "condition", "start": "seed", "epoch": "iteration"})
    measured = named["iteration"].value_counts()
    common = measured.index[2 * measured >= named["seed"].nunique()]
    last = named.groupby("seed")["iteration"].transform("max") == named["iteration"]
    found = paths.of(named[last | named["iteration"].isin(common)], quantity)
    chosen = np.isin(found.iteration, common) | (found.iteration == found.iteration.max(initial=0.0))
    return paths.Paths(found.iteration[chosen], found.value[:, chosen])


def _plane(part: SubFigure, toys: pd.DataFrame, letters: Any) -> None:
    """One panel per function, and the legend of all panels."""
    for axes, function in zip(part.subplots(1, len(FUNCTIONS)), FUNCTIONS, strict=True):
        here = toys[toys["function"] == function]
        _level_lines(axes, function)
        _walks(axes, here, FINDERS if function == FLAT else OPTIMISERS)
        for place, marker in MARKS[function]:
            axes.plot(*place, marker, color=style.INK, markersize=4, markeredgewidth=0, zorder=5)
        (left, right), (bottom, top) = WINDOWS[function]
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        axes.set_xlabel("x")
        axes.set_ylabel("y", rotation=0)
        style.title(axes, next(letters), TITLES[function])
        if here.empty:
            style.say(axes, "no path")
    handles = [
        *(_handle(look) for look in OPTIMISERS.values()),
        _mark("start", "s", fillstyle="none", markersize=3.2),
        _mark("critical point", "o", markersize=4),
        *(_handle(look) for look in FINDERS.values()),
        _mark("gradient-flat point", "X", markersize=4),
    ]
    part.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.4, handlelength=2.6)


def _level_lines(axes: Axes, function: str) -> None:
    """Of the function; of its gradient's norm where finders walk."""
    x, y = np.meshgrid(*(np.linspace(*ends, 121) for ends in WINDOWS[function]))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    landscape = FUNCTIONS[function]
    height = np.linalg.norm(landscape.gradient(points), axis=1) if function == FLAT else landscape.value(points)
    levels = np.unique(np.quantile(height, np.linspace(0.02, 0.98, 14)))
    axes.contour(x, y, height.reshape(x.shape), levels=levels, colors=style.FAINT, linewidths=0.4, linestyles="solid")


def _walks(axes: Axes, paths_here: pd.DataFrame, looks: dict[str, Look]) -> None:
    """Every path of every method, a mark per iteration, and the starts."""
    for name, look in looks.items():
        spelled = "gradient_descent" if name == "sgd" else name
        for _, path in paths_here[paths_here["method"] == spelled].groupby("start"):
            (line,) = axes.plot(path["x"], path["y"], color=look.color, linewidth=0.9, marker=look.marker, markersize=1.8)
            line.set_markeredgewidth(0)
            if look.dashes:
                line.set_dashes(look.dashes)
    first = paths_here[paths_here["iteration"] == 0].drop_duplicates("start")
    axes.plot(first["x"], first["y"], "s", color=style.INK, markersize=3.2, fillstyle="none", markeredgewidth=0.8, zorder=5)


def _mark(label: str, marker: str, **how: Any) -> Line2D:
    return Line2D([], [], color=style.INK, marker=marker, linewidth=0, label=label, **how)


def _handle(look: Look) -> Line2D:
    handle = Line2D([], [], color=look.color, marker=look.marker, markersize=2.4, markeredgewidth=0, label=look.label)
    if look.dashes:
        handle.set_dashes(look.dashes)
    return handle
