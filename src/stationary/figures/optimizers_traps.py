"""How often each optimiser is trapped, and what it spends where it is not (claims C1, C2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.experiments.optimizers_landscapes import MARGIN
from stationary.figures import optimizer_looks, style
from stationary.termination import AWAY

Array = Any

LOOKS = {
    "himmelblau": ("Himmelblau", "#999999", "o"),
    "six_hump_camel": ("six-hump camel", "#E69F00", "s"),
    "tilted_double_well": ("tilted double well", "#0072B2", "D"),
    "plateau": ("plateau", "#009E73", "^"),
    "cliffs": ("cliffs", "#AA4499", "v"),
}
TRAPPED, LOW = 0.05, 0.5
"""Bounds of claims C2 and C1."""

FLOOR = 1e-5
"""Excess at which the best known run itself is drawn."""

DIGITS = "#882255"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Trap rate, cost to the target, success on fits; below the same on digits and where runs end: a row per optimiser.

    Args:
        tables: ``runs``, ``digits`` and ``summary``.
    """
    runs, digits, summary = (tables[name].to_pandas() for name in ("runs", "digits", "summary"))
    fits = summary[(summary["claim"] == "C1") & (summary["case"] == "all")]
    methods = optimizer_looks.ordered([*runs["method"], *fits["method"]])
    listed = optimizer_looks.ordered(digits["method"])
    rows = [len(methods) + 1, max(1, len(listed))]
    figure = style.figure(0.2 * sum(rows) + 1.9)
    grid = figure.subplots(2, 3, sharey="row", height_ratios=rows)
    _landscapes(grid[0], runs, summary, fits, methods)
    _digits(grid[1], digits, summary, listed)
    for here, names in zip(grid, (methods, listed), strict=True):
        _name_rows(here[0], names)
    for table, axes in ((runs, grid[0, 0]), (digits, grid[1, 0])):
        if table.empty:
            style.say(axes, "no run")
    figure.legend(handles=_handles(), loc="outside lower center", ncols=4, columnspacing=1.2)
    return figure


def _landscapes(panels: Array, runs: pd.DataFrame, summary: pd.DataFrame, fits: pd.DataFrame, methods: list[str]) -> None:
    left, middle, right = panels
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


def _digits(panels: Array, digits: pd.DataFrame, summary: pd.DataFrame, methods: list[str]) -> None:
    left, middle, right = panels
    here = summary[(summary["claim"] == "C2") & (summary["case"] == "digits")]
    _shares(left, here[here["statistic"] == "trap rate on one landscape"], methods)
    left.set_xlim(-0.03, 1.03)
    left.set_xlabel("share trapped")
    style.title(left, "d", "digits: traps")
    for y, name in enumerate(methods):
        own = digits[digits["method"] == name]
        _quartiles(middle, own["cost_to_target"], y, DIGITS, "o")
        _ends(right, own, y)
    _logarithmic(middle, "gradient-equivalents")
    # Over less than two decades Matplotlib labels ticks between the powers of ten, and they collide.
    dearest = max([10.0, *digits["cost"]])
    middle.set_xlim(min(10.0, dearest / 100), 1.2 * dearest)
    style.title(middle, "e", "digits: cost to the target")
    right.axvline(MARGIN, color=style.INK, linestyle=":", linewidth=0.8)
    _logarithmic(right, "(loss - best known) / (trivial - best known)")
    style.title(right, "f", "digits: where runs end")


def _ends(axes: Axes, runs: pd.DataFrame, y: float) -> None:
    """A mark per run; crosses where the gradient is small, circles where it is not."""
    excess = runs["excess"].clip(lower=FLOOR)
    small = runs["gradient_norm"] <= AWAY * runs["start_gradient_norm"]
    axes.plot(excess[~small], np.full(int((~small).sum()), y), "o", color=DIGITS, markersize=2.6, markerfacecolor="none")
    axes.plot(excess[small], np.full(int(small.sum()), y), "x", color=style.INK, markersize=3.2)


def _name_rows(axes: Axes, methods: list[str]) -> None:
    axes.set_yticks(range(len(methods)), [optimizer_looks.label(name) for name in methods])
    for tick, name in zip(axes.get_yticklabels(), methods, strict=True):
        tick.set_color(optimizer_looks.color(name))
    axes.set_ylim(len(methods) - 0.4, -0.6)


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
    for place, (landscape, (_, color, marker)) in enumerate(LOOKS.items()):
        for y, name in enumerate(methods):
            cost = runs.loc[(runs["landscape"] == landscape) & (runs["method"] == name), "cost_to_target"]
            _quartiles(axes, cost, y + 0.15 * (place - 2), color, marker)
    _logarithmic(axes, "gradient-equivalents")


def _quartiles(axes: Axes, cost: pd.Series[float], y: float, color: str, marker: str) -> None:
    """Median and quartiles over the starts that arrive; one that lies within the target costs nothing and is left out."""
    known = cost[cost > 0]
    if known.empty:
        return
    low, half, high = np.quantile(known, [0.25, 0.5, 0.75])
    axes.plot([low, high], [y, y], color=color, linewidth=0.7)
    axes.plot(half, y, marker, color=color, markersize=2.6, markeredgewidth=0)


def _logarithmic(axes: Axes, label: str) -> None:
    axes.set_xscale("log")
    axes.set_xlabel(label)
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)


def _handles() -> list[Line2D]:
    def mark(**how: Any) -> Line2D:
        return Line2D([], [], **how)

    return [
        *(
            mark(color=color, marker=marker, linewidth=0, markersize=3.2, label=label)
            for label, color, marker in LOOKS.values()
        ),
        mark(color=style.INK, marker="|", linewidth=1.2, label="share, 95 %"),
        mark(color=DIGITS, marker="o", markerfacecolor="none", linewidth=0, markersize=2.6, label="end on digits"),
        mark(color=style.INK, marker="x", linewidth=0, markersize=3.2, label="end at a small gradient"),
    ]
