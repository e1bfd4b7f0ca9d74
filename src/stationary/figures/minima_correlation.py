"""Training against test loss, by width (Choromanska et al. 2015, table 1; claims W4, W5, W9; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from stationary.figures import ensembles, size_panels, style
from stationary.intervals import Estimate
from stationary.theory.published import LOSSES

Array = Any

BEST = 0.1
"""Share of networks, best by training loss, that claim W5 is about (config/claims.yaml)."""

BOUNDS = (-0.01, -0.05)
"""Relative gains of these above and below which claim W5 is supported or refuted."""

RAW = ensembles.Look("correlation within divisions of the data", "#0072B2", "o")
CORRECTED = ensembles.Look("corrected for the finite test set", "#D55E00", "s")
CHOSEN = ensembles.Look(f"best {100 * BEST:.0f} % of a division by training loss", "#009E73", "^")
_TABLE = ensembles.Look("published, MNIST (table 1)", style.MUTED, "*")
_COLUMNS = 4


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One scatter per width of the judged setting; below, the correlation and what the best by training loss gain.

    Args:
        tables: ``runs``.
    """
    runs = ensembles.judged(ensembles.frame(tables["runs"]))
    found = dict(ensembles.by_width(runs))
    if not found:
        return style.blank("no three networks of one width with a finite loss")
    columns = min(_COLUMNS, len(found))
    lines = -(-len(found) // columns)
    figure = style.figure(1.62 * lines + 2.7)
    correlations = {width: ensembles.replicates(here, ensembles.CORRELATION).estimate() for width, here in found.items()}
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[1.62 * lines, 2.2])[:, 0]
    grid = above.subplots(lines, columns, squeeze=False)
    for place, axes in enumerate(grid.flat):
        if place >= len(found):
            axes.set_axis_off()
            continue
        width, here = list(found.items())[place]
        _scatter(axes, here)
        words = f"r = {ensembles.text(correlations[width])}" if np.isfinite(correlations[width].value) else "r undefined"
        style.title(axes, ascii_lowercase[place], f"n₁ = {width}\n{words}")
    above.supxlabel("training loss, nats", fontsize=7)
    above.supylabel("test loss, nats", fontsize=7)
    left, right = below.subplots(1, 2)
    _correlations(left, found, list(correlations.values()))
    _gains(right, found)
    style.title(left, ascii_lowercase[len(found)], "correlation against width")
    style.title(right, ascii_lowercase[len(found) + 1], "what choosing by training loss gains")
    handles = [size_panels.handle(RAW), size_panels.handle(CORRECTED), size_panels.handle(_TABLE, bar=False)]
    handles.append(size_panels.handle(CHOSEN))
    handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds"))
    look = ensembles.SETTINGS[str(runs["setting"].iloc[0])]
    size_panels.legend(figure, handles, f"{ensembles.title(runs)}, {look.label}", columns=3)
    return figure


def _scatter(axes: Axes, runs: pd.DataFrame) -> None:
    """Every network of a width, divisions at one level, and those that are best by training loss."""
    train, test = (ensembles.levelled(runs, name) for name in ("train_loss", "test_loss"))
    best = best_by_training(runs)
    for rows, look in ((~best, RAW), (best, CHOSEN)):
        size_panels.dots(axes, train[rows], test[rows], look, size=2.2, alpha=0.55 if look is RAW else 0.9)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.ticklabel_format(useOffset=False)


def best_by_training(runs: pd.DataFrame) -> Array:
    """Networks that are among the best tenth of their division by training loss, boolean [n]."""
    groups = runs.groupby("split")["train_loss"]
    count = np.maximum(1, np.round(BEST * groups.transform("size")))
    return (groups.rank(method="first") <= count).to_numpy(dtype=bool)


def _correlations(axes: Axes, found: dict[int, pd.DataFrame], raw: list[Estimate]) -> None:
    widths = list(found)
    corrected = [ensembles.replicates(here, ensembles.CORRECTED).estimate() for here in found.values()]
    for place, (look, values) in enumerate(((RAW, raw), (CORRECTED, corrected))):
        size_panels.estimates(axes, size_panels.dodged(widths, place, 3), values, look)
    shown = [row for row in LOSSES.values() if row.width in found]
    x = size_panels.dodged([row.width for row in shown], 2, 3)
    size_panels.published(axes, x, [row.correlation for row in shown])
    for level in (0.0, 1.0):
        axes.axhline(level, color=style.FAINT, linewidth=0.6, zorder=0)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -1.05), min(max(high, 1.05), 2.0))  # a corrected one may exceed 1, and its interval run far
    size_panels.size_axis(axes, widths, size_panels.WIDTH)
    axes.set_ylabel("corr(training loss, test loss)")


def _gains(axes: Axes, found: dict[int, pd.DataFrame]) -> None:
    statistic = ensembles.Statistic(
        ("train_loss", "test_loss"),
        lambda within: lambda train, test: 100.0 * within.best_by_training(train, test, BEST) / test.mean(axis=-1),
    )
    values = [ensembles.replicates(here, statistic).estimate() for here in found.values()]
    size_panels.estimates(axes, np.array(list(found), dtype=float), values, CHOSEN)
    axes.axhline(0.0, color=style.FAINT, linewidth=0.6, zorder=0)
    for bound in BOUNDS:
        axes.axhline(100.0 * bound, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    size_panels.size_axis(axes, list(found), size_panels.WIDTH)
    axes.set_ylabel("test loss of the best against all, %")
