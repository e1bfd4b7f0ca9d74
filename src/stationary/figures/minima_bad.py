"""The chance of a bad minimum, by width (Choromanska et al. 2015; claim W3; settings ours)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import ensembles, size_panels, style
from stationary.intervals import Estimate, share

Array = Any

FACTORS = {
    1.1: ensembles.Look("1.1", "#56B4E9", "s"),
    1.25: ensembles.Look("1.25", "#D55E00", "o"),
    1.5: ensembles.Look("1.5", "#009E73", "^"),
    2.0: ensembles.Look("2", "#882255", "D"),
}
"""Times the median test loss above which an end is bad."""

CLAIMED = 1.25
"""The factor at which claim W3 is judged (config/claims.yaml)."""

BOUNDS = (0.05, 0.01)
"""Claim W3: more than the first at some width up to 10, less than the second at the widest."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Shares above multiples of the median by width, and the whole distribution above the median.

    Args:
        tables: ``runs``.
    """
    runs = ensembles.judged(ensembles.frame(tables["runs"]))
    ratios = {int(str(width)): relative_losses(here) for width, here in runs.groupby("width", sort=True)}
    ratios = {width: values for width, values in ratios.items() if values.size}
    if not ratios:
        return style.blank("no network")
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2)
    _shares(left, ratios)
    _tails(right, ratios)
    style.title(left, "a", "share of bad minima")
    style.title(right, "b", "share of networks above a multiple of the median")
    words = {factor: " (the claim's)" if factor == CLAIMED else "" for factor in FACTORS}
    handles = [
        size_panels.handle(look, label=f"above {look.label} × median{words[factor]}") for factor, look in FACTORS.items()
    ]
    none = Line2D([], [], color=style.MUTED, marker="v", markerfacecolor="white", markersize=3.4, linewidth=0)
    none.set_label("none: upper end of the interval")
    handles += [none, Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds, 5 % and 1 %")]
    look = ensembles.SETTINGS[str(runs["setting"].iloc[0])]
    size_panels.legend(figure, handles, f"{ensembles.title(runs)}, {look.label}", columns=3)
    return figure


def relative_losses(runs: pd.DataFrame) -> Array:
    """Test loss of each network over the median of its division, [n]; infinite for a run that was lost.

    Args:
        runs: all networks of one width.
    """
    loss = runs["test_loss"].where(~runs["lost"], np.inf).astype(float)
    middle = loss.groupby(runs["split"]).transform("median")
    # Where most of a division is lost, its median is no yardstick: that of the width's whole runs takes its place.
    whole = runs.loc[~runs["lost"], "test_loss"].median()
    ratio: Array = (loss / middle.where(np.isfinite(middle), whole)).to_numpy(dtype=float)
    return np.where(np.isnan(ratio), np.inf, ratio)


def _shares(axes: Axes, ratios: dict[int, Array]) -> None:
    lowest = 1.0
    for place, (factor, look) in enumerate(FACTORS.items()):
        x = size_panels.dodged(list(ratios), place, len(FACTORS), step=1.09)
        found = [share(values > factor) for values in ratios.values()]
        some = np.array([one.value > 0 for one in found])
        _line(axes, x[some], [one for one in found if one.value > 0], look)
        tops = [one.high for one in found if one.value == 0]
        axes.plot(x[~some], tops, "v", color=look.color, markerfacecolor="white", markersize=3.4, markeredgewidth=0.7)
        lowest = min([lowest, *(one.value for one in found if one.value > 0), *tops])
    for bound in BOUNDS:
        axes.axhline(bound, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    axes.set_yscale("log")
    axes.set_ylim(min(lowest, BOUNDS[1]) / 3.0, 1.15)  # lower ends of intervals may run out of the panel
    size_panels.size_axis(axes, list(ratios), size_panels.WIDTH)
    size_panels.plain_ticks(axes)
    axes.set_ylabel("share of networks, 95 % interval")


def _line(axes: Axes, x: Array, found: list[Estimate], look: ensembles.Look) -> None:
    size_panels.estimates(axes, x, found, look)
    axes.plot(x, [one.value for one in found], color=look.color, linewidth=0.6, alpha=0.6, zorder=2)


def _tails(axes: Axes, ratios: dict[int, Array]) -> None:
    """Share of networks whose loss exceeds a multiple of the median, as a step at every network."""
    colors = size_panels.shades(len(ratios))
    highest = max([2.2, *(float(values[np.isfinite(values)].max()) for values in ratios.values() if np.isfinite(values).any())])
    highest = min(highest, 10.0)
    for number, (color, (width, values)) in enumerate(zip(colors, ratios.items(), strict=True)):
        ordered = np.sort(values)
        above = 1.0 - np.arange(1, ordered.size + 1) / ordered.size
        kept = ordered >= 1.0
        x, y = np.append(1.0, np.minimum(ordered[kept], highest)), np.append(np.mean(values > 1.0), above[kept])
        (line,) = axes.step(x, np.where(y > 0, y, np.nan), where="post", color=color, linewidth=1.0, label=str(width))
        line.set_linestyle(("-", "--", "-.", ":")[number % 4])
    for factor in FACTORS:
        axes.axvline(factor, color=style.FAINT, linewidth=0.6, zorder=0)
    axes.set_yscale("log")
    axes.set_xlim(1.0, highest)
    axes.set_ylim(top=1.0)
    size_panels.plain_ticks(axes)
    axes.set_xlabel("test loss / median of its width and division")
    axes.set_ylabel("share of networks above")
    axes.legend(title="n₁", loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=2.4)
