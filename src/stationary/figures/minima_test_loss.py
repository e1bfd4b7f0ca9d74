"""Test loss of every network by width (Choromanska et al. 2015, figures 7 and 10; claims W1, W2, W9; settings ours)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import ensembles, size_panels, style
from stationary.theory import published

Array = Any
_GOLDEN = 0.6180339887498949

DEVIATIONS: tuple[tuple[str, Callable[[pd.DataFrame], Callable[[Array], Array]], str, float], ...] = (
    ("mean", ensembles.mean, "test_mean", 0.03),
    ("sd", lambda runs: lambda weights: np.sqrt(ensembles.variance(runs)(weights)), "test_sd", 0.2),
)
"""What is compared with the published value: name, statistic, the published field, bound of claim W9 (config/claims.yaml)."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Dots and boxes by width, settings side by side; on the source's dataset also its means, ranges and deviations from them.

    Args:
        tables: ``runs``.
    """
    runs = ensembles.frame(tables["runs"])
    widths = sorted({int(width) for width in runs.loc[~runs["lost"], "width"]})
    if not widths:
        figure = style.figure(1.5)
        style.say(figure.subplots(), "no network with a finite loss")
        return figure
    comparable = ensembles.dataset(runs) == published.DATASET
    figure = style.figure(5.0 if comparable else 3.1)
    panels = figure.subplot_mosaic([["a", "a"], ["b", "c"]] if comparable else [["a"]], height_ratios=[1.5, 1][: 1 + comparable])
    present = ensembles.settings(runs)
    for place, name in enumerate(present):
        for width, here in ensembles.by_width(runs[runs["setting"] == name], fewest=1):
            _column(panels["a"], here, widths.index(width) + _offset(place, len(present)), ensembles.SETTINGS[name])
    _axis(panels["a"], widths)
    panels["a"].set_ylabel("test loss, nats")
    size_panels.plain_ticks(panels["a"])
    style.title(panels["a"], "a", "every network; box: quartiles and median")
    handles: list[Any] = [size_panels.handle(ensembles.SETTINGS[name], bar=False) for name in present]
    if comparable:
        _ranges(panels["a"], widths)
        for letter, row in zip("bc", DEVIATIONS, strict=True):
            _deviation(panels[letter], runs, widths, *row)
            style.title(panels[letter], letter, f"{row[0]} of the test loss against the published one")
        handles.append(Line2D([], [], color=style.INK, marker="*", markersize=5, linewidth=0.8, label="published: mean, range"))
        handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds"))
        words = ensembles.title(runs)
    else:
        words = f"{ensembles.title(runs)}; published losses are MNIST's and not drawn"
    size_panels.legend(figure, handles, words, columns=5)
    return figure


def _offset(place: int, of: int) -> float:
    return (place - 0.5 * (of - 1)) * 0.8 / of


def _column(axes: Axes, runs: pd.DataFrame, x: float, look: ensembles.Look) -> None:
    """One ensemble: dots spread by the network's number, not by chance, and a box beneath them."""
    loss = runs["test_loss"].to_numpy(dtype=float)
    spread = ((runs["seed"].to_numpy() * _GOLDEN) % 1.0 - 0.5) * 0.2
    axes.plot(
        x + spread, loss, look.marker, color=look.color, markersize=1.6, markeredgewidth=0, alpha=0.45, zorder=2, rasterized=True
    )
    low, middle, high = np.quantile(loss, [0.25, 0.5, 0.75])
    axes.bar(x, high - low, 0.24, bottom=low, facecolor="none", edgecolor=style.INK, linewidth=0.6, zorder=3)
    axes.plot([x - 0.12, x + 0.12], [middle, middle], color=style.INK, linewidth=1.2, zorder=4, solid_capstyle="butt")


def _axis(axes: Axes, widths: list[int]) -> None:
    axes.set_xticks(range(len(widths)), [str(width) for width in widths])
    axes.set_xlim(-0.6, len(widths) - 0.4)
    axes.set_xlabel(size_panels.WIDTH)


def _ranges(axes: Axes, widths: list[int]) -> None:
    """Published mean and range at the right of each width."""
    for row in published.NETWORKS:
        if row.width in widths:
            x = widths.index(row.width) + 0.45
            axes.plot([x, x], [row.test_min, row.test_max], color=style.INK, linewidth=0.8, zorder=3)
            axes.plot(x, row.test_mean, "*", color=style.INK, markersize=5, markeredgewidth=0, zorder=4)


def _deviation(
    axes: Axes,
    runs: pd.DataFrame,
    widths: list[int],
    name: str,
    statistic: Callable[[pd.DataFrame], Callable[[Array], Array]],
    field: str,
    bound: float,
) -> None:
    """Relative deviation from the published value by width and setting, in percent."""
    target = {row.width: float(getattr(row, field)) for row in published.NETWORKS}
    present = ensembles.settings(runs)
    for place, setting in enumerate(present):
        found = [(w, here) for w, here in ensembles.by_width(runs[runs["setting"] == setting]) if w in target]
        values = []
        for width, here in found:
            one = ensembles.bootstrap(here, statistic(here), f"minima_test_loss/{name}/{setting}/{width}")
            values.append(ensembles.Resampled(100 * (one.value / target[width] - 1), 100 * (one.draws / target[width] - 1)))
        x = np.array([widths.index(width) + _offset(place, len(present)) for width, _ in found])
        size_panels.estimates(axes, x, values, ensembles.SETTINGS[setting])
    axes.axhline(0, color=style.FAINT, linewidth=0.6, zorder=0)
    for level in (-bound, bound):
        axes.axhline(100 * level, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    _axis(axes, widths)
    axes.set_ylabel("deviation, %")
