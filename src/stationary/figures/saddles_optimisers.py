"""Optimisers near saddles by hidden size, and on functions of two variables (twin of Dauphin et al. 2014, figure 3; claim D6)."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from stationary.figures import paths, style
from stationary.landscapes.polynomials import FUNCTIONS

Array = Any


@dataclass(frozen=True)
class _Look:
    label: str
    color: str
    marker: str
    dashes: tuple[float, ...] = ()


def _look(name: str, label: str = "") -> _Look:
    here = style.method(name)
    return _Look(label or here.label, here.color, here.marker, here.dashes)


OPTIMISERS = {
    "sgd": _look("gradient_descent", "SGD (d, e: gradient descent)"),
    "adam": _look("adam"),
    "newton": _look("newton", "Newton"),
    "damped_newton": _look("damped_newton"),
    "saddle_free_newton": _look("saddle_free_newton"),
}
FINDERS = {
    "newton_mr": _Look("Newton-MR", "#009E73", "o"),
    "damped_newton": _Look("damped Newton on ‖g‖", "#AA4499", "s", (4, 1.5)),
    "gradient_norm": _Look("gradient norm", "#E69F00", "^", (1, 1)),
}

QUANTITIES = {"train_error": "training error", "lowest_eigenvalue": "lowest eigenvalue"}

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
    above, below = figure.subfigures(2, 1, height_ratios=[3.0, 2.6])
    letters = iter(ascii_lowercase)
    _networks(above, frame, letters)
    _plane(below, toys, letters, set(toys["method"]))
    return figure


def _networks(part: SubFigure, frame: pd.DataFrame, letters: Any) -> None:
    """A column per size and a row per quantity; lines are medians over starts, bands run from quartile to quartile."""
    sizes = sorted(frame["hidden"].unique())
    names = [name for name in OPTIMISERS if name in set(frame["method"])]
    grid = part.subplots(len(QUANTITIES), max(1, len(sizes)), squeeze=False, sharex="col", sharey="row")
    for row, (quantity, label) in zip(grid, QUANTITIES.items(), strict=True):
        row[0].set_ylabel(label)
        for axes, hidden in zip(row, sizes, strict=False):
            mine = frame[frame["hidden"] == hidden]
            for name in names:
                look = OPTIMISERS[name]
                paths.band(axes, _by_epoch(mine[mine["method"] == name], quantity), color=look.color, dashes=look.dashes)
    for axes in grid[0]:
        axes.set_ylim(0.0, 1.0)
    for axes, hidden in zip(grid[0], sizes, strict=False):
        starts = frame.loc[frame["hidden"] == hidden, "start"].nunique()
        style.title(axes, next(letters), f"{hidden} hidden units, {starts} starts")
    for axes in grid[1]:
        axes.set_yscale("symlog", linthresh=1e-3, linscale=0.4)
        axes.set_ylim(-1.0, 2e-3)
        axes.set_yticks([-1.0, -0.1, -0.01, -0.001, 0.0], ["-1", "-0.1", "-0.01", "-0.001", "0"])
        axes.minorticks_off()
        axes.axhline(0.0, color=style.INK, linewidth=0.6)
        axes.set_xscale("log")
        ticks = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_xlabel("1 + epoch or iteration")
        axes.set_xlim(1.0, 1.0 + max(1, frame["epoch"].max() if len(frame) else 1))
        axes.minorticks_off()
    if frame.empty:
        style.say(grid[0, 0], "no run")
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


def _plane(part: SubFigure, toys: pd.DataFrame, letters: Any, methods: set[str]) -> None:
    """One panel per function: level lines, and every path from every start."""
    grid = part.subplots(1, len(FUNCTIONS), squeeze=False)[0]
    for axes, (function, landscape) in zip(grid, FUNCTIONS.items(), strict=True):
        (left, right), (bottom, top) = WINDOWS[function]
        x, y = np.meshgrid(np.linspace(left, right, 121), np.linspace(bottom, top, 121))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        height = np.linalg.norm(landscape.gradient(points), axis=1) if function == "frye_quartic" else landscape.value(points)
        levels = np.unique(np.quantile(height, np.linspace(0.02, 0.98, 14)))
        axes.contour(x, y, height.reshape(x.shape), levels=levels, colors=style.FAINT, linewidths=0.4, linestyles="solid")
        here = toys[toys["function"] == function]
        looks = FINDERS if function == "frye_quartic" else OPTIMISERS
        for name, look in looks.items():
            spelled = "gradient_descent" if name == "sgd" else name
            for _, path in here[here["method"] == spelled].groupby("start"):
                (line,) = axes.plot(path["x"], path["y"], color=look.color, linewidth=0.9, marker=look.marker, markersize=1.8)
                line.set_markeredgewidth(0)
                if look.dashes:
                    line.set_dashes(look.dashes)
        first = here[here["iteration"] == 0].drop_duplicates("start")
        axes.plot(first["x"], first["y"], "s", color=style.INK, markersize=3.2, fillstyle="none", markeredgewidth=0.8, zorder=5)
        for place, marker in MARKS[function]:
            axes.plot(*place, marker, color=style.INK, markersize=4, markeredgewidth=0, zorder=5)
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        axes.set_xlabel("x")
        axes.set_ylabel("y", rotation=0)
        style.title(axes, next(letters), TITLES[function])
        if here.empty:
            style.say(axes, "no path")
    handles = [_handle(look) for look in OPTIMISERS.values()]
    handles.append(Line2D([], [], color=style.INK, marker="s", fillstyle="none", linewidth=0, markersize=3.2, label="start"))
    handles.append(Line2D([], [], color=style.INK, marker="o", linewidth=0, markersize=4, label="critical point"))
    handles += [_handle(look) for look in FINDERS.values()]
    handles.append(Line2D([], [], color=style.INK, marker="X", linewidth=0, markersize=4, label="gradient-flat point"))
    part.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.4, handlelength=2.6)


def _handle(look: _Look) -> Line2D:
    handle = Line2D([], [], color=look.color, marker=look.marker, markersize=2.4, markeredgewidth=0, label=look.label)
    if look.dashes:
        handle.set_dashes(look.dashes)
    return handle
