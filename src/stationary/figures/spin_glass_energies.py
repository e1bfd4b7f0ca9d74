"""Where descents on the spherical p = 3 glass end, by size (Choromanska et al. 2015, figure 3; settings ours)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary.figures import style
from stationary.theory.auffinger import e_infinity
from stationary.theory.published import ENERGIES

OURS, DRAWS, PUBLISHED = "#0072B2", "#002F4A", "#D55E00"
_SHIFT = 0.24


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Energies per size beside the published ones, and the spread within and between draws.

    Args:
        tables: ``descents``.
    """
    frame = tables["descents"].select(["p", "size", "draw", "energy"]).to_pandas()
    if frame.empty:
        return style.blank("no descent")
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2, width_ratios=(1.7, 1.0))
    _energies(left, frame)
    _spreads(right, frame)
    handles = [
        Patch(facecolor=OURS, alpha=0.25, label="ours, all draws: quartiles, 5 % - 95 %, range"),
        Line2D([], [], color=DRAWS, marker="_", markersize=7, linewidth=0, label="ours, mean of each draw"),
        Line2D([], [], color=PUBLISHED, marker="D", markersize=3.5, label="published: mean, 5 % - 95 %, range"),
        Line2D([], [], color=style.INK, linestyle="--", linewidth=0.8, label="$-E_\\infty$"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _energies(axes: Axes, frame: pd.DataFrame) -> None:
    sizes = sorted(int(size) for size in frame["size"].unique())
    for place, size in enumerate(sizes):
        here = frame[frame["size"] == size]
        low, quarter, half, three_quarters, high = here["energy"].quantile([0.05, 0.25, 0.5, 0.75, 0.95])
        x = place - _SHIFT / 2
        axes.plot([x, x], [here["energy"].min(), here["energy"].max()], color=OURS, linewidth=0.6)
        axes.plot([x, x], [low, high], color=OURS, linewidth=1.6, solid_capstyle="butt")
        axes.bar(x, three_quarters - quarter, 0.3, bottom=quarter, color=OURS, alpha=0.25, linewidth=0, zorder=2)
        axes.plot([x - 0.15, x + 0.15], [half, half], color=OURS, linewidth=1.2, zorder=3)
        means = here.groupby("draw")["energy"].mean()
        axes.plot(np.full(len(means), x), means, "_", color=DRAWS, markersize=7, markeredgewidth=0.8, zorder=4)
        if size in ENERGIES:
            known, x = ENERGIES[size], place + _SHIFT
            axes.plot([x, x], [known.smallest, known.largest], color=PUBLISHED, linewidth=0.6)
            axes.plot([x, x], [known.low, known.high], color=PUBLISHED, linewidth=1.6, solid_capstyle="butt")
            axes.plot(x, known.mean, "D", color=PUBLISHED, markersize=3.5, zorder=4)
    axes.axhline(-e_infinity(3), color=style.INK, linestyle="--", linewidth=0.8, zorder=1)
    axes.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    axes.set_xlim(-0.6, len(sizes) - 0.4)
    axes.set_xlabel("size $N$")
    axes.set_ylabel("energy per spin at the end")
    draws, starts = frame.groupby("size")["draw"].nunique(), int(frame.groupby(["size", "draw"]).size().max())
    number = f"{draws.min()}" if draws.min() == draws.max() else f"{draws.min()} to {draws.max()}"
    style.title(axes, "a", f"end energies ({number} draws of {starts} starts per size)")


def _spreads(axes: Axes, frame: pd.DataFrame) -> None:
    """Log-log: what concentrates, and by which power."""
    moments = frame.groupby(["size", "draw"])["energy"].agg(["mean", "var", "count"])
    floor = np.sqrt((moments["var"] / moments["count"]).groupby("size").mean())
    by_size = moments.groupby("size")
    spreads = {
        "within draws, pooled": (np.sqrt(by_size["var"].mean()), OURS, "o", "-"),
        "between draws' means": (by_size["mean"].std(), DRAWS, "s", ":"),
        "that of equal draws": (floor, style.MUTED, "", "--"),
    }
    for name, (spread, color, marker, line) in spreads.items():
        shown = spread[spread > 0.0]
        axes.plot(shown.index, shown, color=color, marker=marker, linestyle=line, markersize=3.5, label=name)
    known = list(ENERGIES.values())
    axes.plot([one.size for one in known], [one.sd for one in known], "D", color=PUBLISHED, markersize=3.5, label="published")
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = sorted({25, 50, 100, 250, 500} | {int(size) for size in frame["size"].unique()})
    axes.set_xticks(ticks, [str(size) for size in ticks])
    axes.minorticks_off()
    axes.set_xlabel("size $N$")
    axes.set_ylabel("sd of the energy per spin")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high**1.45 / low**0.45)  # room for the legend
    axes.legend(loc="upper right")
    style.title(axes, "b", "spread")
