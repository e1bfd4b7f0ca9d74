"""All critical points of small glasses by index against the exact means (Auffinger et al. 2013), and their energies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter
from scipy.stats import t as student

from stationary.figures import style
from stationary.theory.auffinger import e_infinity

_COLORS = ("#882255", "#0072B2", "#009E73", "#E69F00", "#D55E00", "#CC79A7")
_MARKERS = ("o", "s", "^", "D", "v", "P")


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per p: mean counts by index for every N with 95 % intervals on the exact values, and energies by index at the largest N.

    Args:
        tables: ``critical_points``, ``search``, ``complexity``.
    """
    columns = ["p", "size", "draw", "energy", "index"]
    search = tables["search"].to_pandas()
    complete = search.loc[search["complete"] & (search["method"] == "homotopy"), ["p", "size", "draw"]]
    points = tables["critical_points"].select(columns).to_pandas().merge(complete, on=["p", "size", "draw"])
    exact = tables["complexity"].to_pandas()
    exact = exact[(exact["kind"] == "count") & (exact["k"] >= 0)]
    spins = sorted(complete["p"].unique())
    if not spins:
        return style.blank("no complete draw")
    figure = style.figure(2.4 * len(spins) + 0.3)
    grid = figure.subplots(len(spins), 2, squeeze=False)
    for row, p in enumerate(spins):
        here = [frame[frame["p"] == p] for frame in (points, complete, exact)]
        _counts(grid[row, 0], *here)
        size = _energies(grid[row, 1], here[0], here[2])
        style.title(grid[row, 0], "abcdefgh"[2 * row], f"critical points per draw, p = {p}")
        style.title(grid[row, 1], "abcdefgh"[2 * row + 1], f"energies by index, p = {p}, N = {size}")
    marks = [
        Line2D([], [], color=style.INK, linewidth=0.8, label="exact mean"),
        Line2D([], [], color=style.INK, marker="o", markersize=3, linewidth=0, label="counted, 95 %"),
        Line2D([], [], color=style.INK, linewidth=3, alpha=0.3, label="energies, 5 to 95 %, median"),
        Line2D([], [], color=style.MUTED, linewidth=0.7, linestyle="--", label=r"$\pm E_\infty$"),
    ]
    figure.legend(handles=marks, loc="outside lower center", ncols=4)
    return figure


def _counts(axes: Axes, points: pd.DataFrame, complete: pd.DataFrame, exact: pd.DataFrame) -> None:
    for number, size in enumerate(sorted(complete["size"].unique().tolist())):
        drawn = complete[complete["size"] == size]
        color, marker = _COLORS[number % len(_COLORS)], _MARKERS[number % len(_MARKERS)]
        mean = exact[exact["size"] == size].sort_values("k")
        axes.plot(mean["k"], mean["expected_count"], color=color, linewidth=0.8)
        counted = points[points["size"] == size].groupby(["draw", "index"]).size().unstack(fill_value=0)
        counted = counted.reindex(index=drawn["draw"], columns=range(size), fill_value=0)
        spread = counted.std() / np.sqrt(len(counted)) * student.ppf(0.975, max(len(counted) - 1, 1))
        axes.errorbar(
            counted.columns,
            counted.mean(),
            yerr=spread,
            fmt=marker,
            color=color,
            markersize=2.8,
            elinewidth=0.8,
            capsize=1.5,
            label=f"N = {size} ({len(counted)})",
        )
    axes.set_yscale("log")
    axes.set_xlabel("index k")
    axes.set_ylabel("mean number per draw")
    axes.legend(title="N (draws)", ncols=2, loc="upper right", columnspacing=0.8, handletextpad=0.2)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high**1.75 / low**0.75)  # room for the legend
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _energies(axes: Axes, points: pd.DataFrame, exact: pd.DataFrame) -> int:
    size = int(points["size"].max())
    here, mean = points[points["size"] == size], exact[exact["size"] == size]
    for index in range(size):
        energies = here.loc[here["index"] == index, "energy"].to_numpy()
        if not energies.size:
            continue
        low, middle, high = np.quantile(energies, [0.05, 0.5, 0.95])
        axes.plot([index, index], [low, high], color=_COLORS[1], linewidth=4, alpha=0.3, solid_capstyle="butt")
        axes.plot([index - 0.25, index + 0.25], [middle, middle], color=_COLORS[1], linewidth=1.4)
    axes.plot(mean["k"], mean["u"], color=style.INK, linewidth=0.8, marker=".", markersize=3)
    edge = e_infinity(int(points["p"].iloc[0]))
    axes.set_ylim(-1.12 * edge, 1.12 * edge)
    for energy in (-edge, edge):
        axes.axhline(energy, color=style.MUTED, linewidth=0.7, linestyle="--")
    axes.set_xlabel("index k")
    axes.set_ylabel("energy per spin u")
    return size
