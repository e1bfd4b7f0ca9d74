"""How often each optimiser is trapped, and what it spends where it is not (claims C1, C2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import optimizer_looks, style

LOOKS = {
    "himmelblau": ("Himmelblau", "#999999", "o"),
    "six_hump_camel": ("six-hump camel", "#E69F00", "s"),
    "tilted_double_well": ("tilted double well", "#0072B2", "D"),
    "plateau": ("plateau", "#009E73", "^"),
    "cliffs": ("cliffs", "#AA4499", "v"),
}
TRAPPED, LOW = 0.05, 0.5
"""Bounds of claims C2 and C1."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Trap rate, cost to the target, success on fits: a row per optimiser.

    Args:
        tables: ``runs`` and ``summary``.
    """
    runs, summary = tables["runs"].to_pandas(), tables["summary"].to_pandas()
    fits = summary[(summary["claim"] == "C1") & (summary["case"] == "all")]
    methods = optimizer_looks.ordered([*runs["method"], *fits["method"]])
    figure = style.figure(0.24 * len(methods) + 1.3)
    left, middle, right = figure.subplots(1, 3, sharey=True)
    traps = summary[summary["claim"] == "C2"]
    _points(left, traps[traps["statistic"] == "trap rate on one landscape"], methods)
    _shares(left, traps[traps["statistic"] == "trap rate"], methods)
    left.axvline(TRAPPED, color=style.INK, linestyle=":", linewidth=0.8)
    left.set_xlabel("share trapped")
    style.title(left, "a", "traps")
    _costs(middle, runs, methods)
    style.title(middle, "b", "cost to the target")
    _shares(right, fits, methods)
    right.axvline(LOW, color=style.INK, linestyle=":", linewidth=0.8)
    right.set_xlabel("share of fits below 1 % of the trivial loss")
    style.title(right, "c", "fits of the Newton experiment")
    for axes in (left, right):
        axes.set_xlim(-0.03, 1.03)
    left.set_yticks(range(len(methods)), [optimizer_looks.label(name) for name in methods])
    for tick, name in zip(left.get_yticklabels(), methods, strict=True):
        tick.set_color(optimizer_looks.color(name))
    left.set_ylim(len(methods) - 0.4, -0.6)
    if runs.empty:
        style.say(left, "no run")
    figure.legend(handles=_handles(), loc="outside lower center", ncols=6, columnspacing=1.2)
    return figure


def _shares(axes: Axes, rows: pd.DataFrame, methods: list[str]) -> None:
    """Pooled shares with their 95 % Clopper-Pearson intervals."""
    for y, name in enumerate(methods):
        for one in rows[rows["method"] == name].to_dict("records"):
            axes.plot([one["ci_low"], one["ci_high"]], [y, y], color=style.INK, linewidth=1.2, zorder=4)
            axes.plot(one["estimate"], y, "|", color=style.INK, markersize=7, markeredgewidth=1.4, zorder=5)
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)


def _points(axes: Axes, rows: pd.DataFrame, methods: list[str]) -> None:
    for landscape, (_, color, marker) in LOOKS.items():
        here = rows[rows["case"] == landscape].set_index("method")["estimate"].reindex(methods)
        axes.plot(here, range(len(methods)), marker, color=color, markersize=3.2, markeredgewidth=0, alpha=0.9)


def _costs(axes: Axes, runs: pd.DataFrame, methods: list[str]) -> None:
    """Median and quartiles over the starts that arrive."""
    for place, (landscape, (_, color, marker)) in enumerate(LOOKS.items()):
        for y, name in enumerate(methods):
            cost = runs.loc[(runs["landscape"] == landscape) & (runs["method"] == name), "cost_to_target"].dropna()
            cost = cost[cost > 0]  # a start that lies within the target costs nothing
            if cost.empty:
                continue
            low, half, high = np.quantile(cost, [0.25, 0.5, 0.75])
            at = y + 0.15 * (place - 2)
            axes.plot([low, high], [at, at], color=color, linewidth=0.7)
            axes.plot(half, at, marker, color=color, markersize=2.6, markeredgewidth=0)
    axes.set_xscale("log")
    axes.set_xlabel("gradient-equivalents")
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)


def _handles() -> list[Line2D]:
    def mark(**how: Any) -> Line2D:
        return Line2D([], [], **how)

    return [
        *(
            mark(color=color, marker=marker, linewidth=0, markersize=3.2, label=label)
            for label, color, marker in LOOKS.values()
        ),
        mark(color=style.INK, marker="|", linewidth=1.2, label="pooled, 95 %"),
    ]
