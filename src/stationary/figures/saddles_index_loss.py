"""Index against loss, of all end points and of the critical (Dauphin et al. 2014, figure 1; claims D1, D2; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.optimize
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from stationary.figures import saddle_points, style
from stationary.theory.random_matrix import line, shifted_semicircle_index

Array = Any

FEWEST = 8
"""Distinct filtered points with different losses that a curve is fitted to."""

CURVES = {
    "line": ("closed form's points, least-squares line", style.INK, ()),
    "semicircle": ("shifted semicircle, fitted", "#882255", (4, 1.5)),
    "power": ("c (loss − lowest loss)³ᐟ², fitted", "#E69F00", (1, 1)),
}

_CRITICAL = saddle_points.ENDS["critical"]
_COLUMNS = 4
_OUTSIDE = 0.98


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per problem two panels on one scale: where every run ended, and below it the critical points alone.

    Args:
        tables: ``runs`` and ``analytic``.
    """
    runs = saddle_points.frame(tables["runs"], ("found_loss", "found_index", "loss", "index", "distinct", "undetermined"))
    names = saddle_points.problems(runs)
    if not names:
        return style.blank("no search for critical points")
    analytic = tables["analytic"].select(["loss", "index"]).to_pandas()
    lines, columns = saddle_points.grid(len(names), _COLUMNS)
    figure = style.figure(2.85 * lines + 0.6)
    panels = figure.subplots(2 * lines, columns, squeeze=False)
    for place, axes in enumerate(panels.reshape(lines, 2, columns).swapaxes(1, 2).reshape(-1, 2)):
        if place >= len(names):
            for empty in axes:
                empty.set_axis_off()
            continue
        here = runs[runs["problem"] == names[place]]
        linear = here["kind"].iloc[0] == saddle_points.LINEAR
        _pair(axes[0], axes[1], here, analytic if linear else analytic.iloc[:0])
        style.title(axes[0], ascii_lowercase[place], saddle_points.title(here, "\n"))
        axes[1].set_xlabel("loss")
        if place % columns == 0:
            axes[0].set_ylabel("all end points\nindex")
            axes[1].set_ylabel("critical only\nindex")
    handles = [saddle_points.mark(look) for look in saddle_points.ENDS.values()]
    handles.append(saddle_points.mark(_CRITICAL, "critical, index undetermined", hollow=True))
    for label, color, dashes in CURVES.values():
        handles.append(Line2D([], [], color=color, dashes=dashes or (1, 0), linewidth=1.1, label=label))
    saddle_points.legend(figure, handles, 3)
    return figure


def _pair(upper: Axes, lower: Axes, runs: pd.DataFrame, analytic: pd.DataFrame) -> None:
    """Above every end point, coloured by what it is; below the filtered ones after refinement, with the curves."""
    ends = runs[np.isfinite(runs[["found_loss", "found_index"]].to_numpy(dtype=float)).all(axis=1)]
    points = saddle_points.filtered(runs)
    limits = _limits(ends["found_loss"].to_numpy(), points["loss"].to_numpy())
    for name in reversed(saddle_points.ENDS):
        here = ends[ends["end"] == name]
        saddle_points.dots(upper, here["found_loss"], here["found_index"], saddle_points.ENDS[name])
    unsure = points["undetermined"].to_numpy(dtype=bool)
    saddle_points.dots(lower, points["loss"][~unsure], points["index"][~unsure], _CRITICAL, zorder=4)
    (rings,) = lower.plot(points["loss"][unsure], points["index"][unsure], "o", markerfacecolor="none", markersize=2.8)
    rings.set_markeredgecolor(_CRITICAL.color)
    lower.sharex(upper)
    lower.sharey(upper)
    upper.tick_params(labelbottom=False)
    upper.xaxis.set_major_locator(MaxNLocator(3))
    if limits is not None:
        upper.set_xlim(*limits)
    outside = len(runs) - (len(ends) if limits is None else int(ends["found_loss"].between(*limits).sum()))
    _count(upper, f"{len(runs)} runs" + (f", {outside} off the axis" if outside else ""))
    _count(lower, f"{len(points)} points, {len(saddle_points.distinct(points))} distinct")
    _curves(lower, saddle_points.distinct(points[~unsure]), analytic)
    top = max([0.02, *ends["found_index"], *points["index"]])
    upper.set_ylim(-0.03 * top, 1.25 * top)  # room for the count
    for axes in (upper, lower):
        axes.grid(color=style.FAINT, linewidth=0.3)
        axes.set_axisbelow(True)
    if points.empty:
        style.say(lower, "no critical point")


def _limits(found: Array, critical: Array) -> tuple[float, float] | None:
    """Losses shown: all critical points, and all others but for a few far away that would squeeze the rest."""
    values = np.concatenate([found, critical])
    if not values.size:
        return None
    middle = float(np.median(values))
    reach = 3.0 * (float(np.quantile(found, _OUTSIDE)) - middle) if found.size else 0.0
    top = max([float(values[values <= middle + reach].max()), *critical])
    low = float(values.min())
    margin = 0.05 * (top - low) or 0.5 * (abs(low) or 1.0)
    return low - margin, top + margin


def _count(axes: Axes, text: str) -> None:
    axes.text(0.98, 0.98, text, transform=axes.transAxes, ha="right", va="top", fontsize=5.5, color=style.MUTED)


def _curves(axes: Axes, points: pd.DataFrame, analytic: pd.DataFrame) -> None:
    """Line through the analytic points if there are any; the two null curves through the distinct filtered points."""
    if len(analytic) > 1:
        straight = line(analytic["loss"].to_numpy(), analytic["index"].to_numpy())
        ends = np.array([analytic["loss"].min(), analytic["loss"].max()])
        _line(axes, "line", ends, straight.intercept + straight.slope * ends)
    loss, index = points["loss"].to_numpy(dtype=float), points["index"].to_numpy(dtype=float)
    if np.unique(loss.round(10)).size < FEWEST:
        return
    x = np.linspace(loss.min(), loss.max(), 100)
    for name, curve in (("semicircle", _fitted_semicircle), ("power", _fitted_power)):
        y = curve(loss, index, x)
        if y is not None:
            _line(axes, name, x, y)


def _line(axes: Axes, name: str, x: Array, y: Array) -> None:
    _, color, dashes = CURVES[name]
    axes.plot(x, y, color=color, dashes=dashes or (1, 0), linewidth=1.1, zorder=3)


def _fitted_semicircle(loss: Array, index: Array, x: Array) -> Array | None:
    """Index at x of a semicircle whose shift is linear in the loss, by least squares in the index; None without a fit."""
    middle, spread = float(loss.mean()), float(loss.std())

    def of(at: Array, level: float, slope: float) -> Array:
        return shifted_semicircle_index(level + slope * (at - middle) / spread)

    return _fit(of, loss, index, x, start=(1.0, -0.5))


def _fitted_power(loss: Array, index: Array, x: Array) -> Array | None:
    """The 3/2 power of the loss above the lowest one, one factor by least squares in the index."""
    power = (loss - loss.min()) ** 1.5
    factor = float(np.vecdot(power, index) / np.vecdot(power, power))
    return np.asarray(factor * (x - loss.min()) ** 1.5)


def _fit(of: Any, loss: Array, index: Array, x: Array, start: tuple[float, ...]) -> Array | None:
    found = scipy.optimize.least_squares(lambda parameters: of(loss, *parameters) - index, start)
    return np.asarray(of(x, *found.x)) if found.success else None
