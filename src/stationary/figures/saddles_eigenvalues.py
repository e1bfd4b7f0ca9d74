"""Spectra of critical points at three levels of the loss (Dauphin et al. 2014, figure 1b; claim D7; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter

from stationary.figures import saddle_points, size_panels, style

Array = Any

FEWEST = 6
"""Distinct filtered points below which a problem has no three levels."""

LINEAR, PER_DECADE = 1e-6, 3
"""Half-width of the middle bin, which holds what is null, and bins per decade outside it."""

LEVELS: tuple[tuple[str, Literal["-", "--", ":"]], ...] = (
    ("lowest third of losses", "-"),
    ("middle third", "--"),
    ("highest third", ":"),
)
_COLUMNS = 3


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per problem: the distribution of all eigenvalues of the critical points in each third of the losses.

    Args:
        tables: ``runs``.
    """
    runs = saddle_points.frame(tables["runs"], ("loss", "index", "distinct", "eigenvalues", "lowest_tenth"))
    points = saddle_points.distinct(saddle_points.filtered(runs))
    by_problem = {name: points[points["problem"] == name] for name in saddle_points.problems(runs)}
    shown = {name: here for name, here in by_problem.items() if len(here) >= FEWEST and thirds(here["loss"]) is not None}
    if not shown:
        return style.blank(f"no problem with {FEWEST} distinct critical points at three losses")
    lines, columns = saddle_points.grid(len(shown), _COLUMNS)
    figure = style.figure(1.95 * lines + 0.5)
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    names = list(shown)
    for place, axes in enumerate(panels):
        if place >= len(names):
            axes.set_axis_off()
            continue
        here = shown[names[place]]
        _panel(axes, here)
        style.title(axes, ascii_lowercase[place], f"{saddle_points.title(here, chr(10))} ({len(here)})")
        if place % columns == 0:
            axes.set_ylabel("share of eigenvalues")
        if place + columns >= len(names):
            axes.set_xlabel("eigenvalue")
    handles = [
        Line2D([], [], color=color, linestyle=dash, linewidth=1.3, label=label)
        for color, (label, dash) in zip(_colors(), LEVELS, strict=True)
    ]
    handles.append(Line2D([], [], color=style.INK, marker="v", markersize=4, linewidth=0, label="mean of the lowest tenth"))
    saddle_points.legend(figure, handles, 4)
    return figure


def thirds(loss: pd.Series[float]) -> Array | None:
    """Third of the ordered losses that each point is in, 0 to 2; None unless every third has points and equal losses share one.

    >>> thirds(pd.Series([6.0, 1.0, 2.0, 4.0, 3.0, 5.0])).tolist(), thirds(pd.Series([1.0, 1.0, 1.0])) is None
    ([2, 0, 0, 1, 1, 2], True)
    """
    cuts = np.quantile(loss, [1 / 3, 2 / 3])
    level = np.searchsorted(cuts, loss.to_numpy(dtype=float))
    return level if np.unique(level).size == len(LEVELS) else None


def edges(largest: float) -> Array:
    """Bin edges, even in the logarithm on either side of the middle bin, wide enough for the largest absolute eigenvalue.

    >>> edges(1e-5).round(9).tolist()[2:5]
    [-2.154e-06, -1e-06, 1e-06]
    """
    decades = max(1, int(np.ceil(np.log10(max(largest, LINEAR) / LINEAR))))
    positive = LINEAR * 10.0 ** (np.arange(decades * PER_DECADE + 1) / PER_DECADE)
    return np.concatenate([-positive[::-1], positive])


def _panel(axes: Axes, points: pd.DataFrame) -> None:
    spectra = np.stack(points["eigenvalues"].to_list())
    bins = edges(float(np.abs(spectra).max()))
    levels = thirds(points["loss"])
    for level, (color, (_, dash)) in enumerate(zip(_colors(), LEVELS, strict=True)):
        here = spectra[levels == level]
        shares = np.histogram(here, bins)[0] / here.size
        axes.stairs(shares, bins, color=color, linestyle=dash, linewidth=1.1, zorder=3 + level)
        lowest = float(points["lowest_tenth"].to_numpy()[levels == level].mean())
        axes.plot(lowest, 1.8, "v", color=color, markersize=4, markeredgecolor="white", markeredgewidth=0.4, zorder=6)
    axes.axvline(0.0, color=style.FAINT, linewidth=0.6, zorder=0)
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=0.5)
    axes.set_xlim(bins[0], bins[-1])
    top = int(np.floor(np.log10(bins[-1])))
    powers = [10.0**power for power in range(top, -6, -3)]
    axes.xaxis.set_major_locator(FixedLocator([*(-power for power in powers), 0.0, *powers[::-1]]))
    axes.xaxis.set_major_formatter(FuncFormatter(_power))
    axes.minorticks_off()
    axes.set_yscale("log")
    axes.set_ylim(0.3 / spectra.size, 4.0)  # room for the triangles
    axes.yaxis.set_major_locator(FixedLocator([10.0**power for power in range(-8, 1)]))
    axes.tick_params(axis="y", which="minor", left=False)


def _power(value: float, _: int) -> str:
    if value == 0:
        return "0"
    sign = "−" if value < 0 else ""
    return rf"${sign}10^{{{round(np.log10(abs(value)))}}}$".replace("−", "-")


def _colors() -> list[tuple[float, float, float]]:
    return size_panels.shades(len(LEVELS))
