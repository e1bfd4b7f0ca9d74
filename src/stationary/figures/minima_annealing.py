"""Annealing against stochastic gradient descent, by width (Choromanska et al. 2015, figure 6; claim W8; settings ours)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import ensembles, size_panels, style
from stationary.intervals import Estimate
from stationary.theory.published import ANNEALING

Array = Any

METHODS = {"sgd": ensembles.Look("SGD", "#0072B2", "o"), "annealing": ensembles.Look("annealing", "#D55E00", "s")}
DIFFERENCE = ensembles.Look("annealing against SGD, pairs", style.INK, "D")

BOUNDS = (-0.01, -0.05)
"""Relative differences above and below which a width speaks for or against claim W8 (config/claims.yaml)."""
TICKS = (-100, -10, -5, -1, 5, 10, 100, 1000)

_RELATIVE = ensembles.Statistic(
    ("annealing", "sgd"), lambda _: lambda ours, theirs: 100.0 * (ours.mean(axis=-1) / theirs.mean(axis=-1) - 1.0)
)
_STEP = 0.22


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Test losses of both methods by width, and the relative difference of their means over pairs of networks.

    Args:
        tables: ``annealing``.
    """
    runs = ensembles.one_dataset(tables["annealing"].to_pandas())
    found = _pairs(runs)
    if not found:
        return style.blank("no three networks that both annealing and SGD brought to an end")
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2)
    _losses(left, found)
    _differences(right, found)
    pairs = sorted({len(here) for here in found.values()})
    count = f"{pairs[0]}" if len(pairs) == 1 else f"{pairs[0]} to {pairs[-1]}"
    style.title(left, "a", f"mean test loss ({count} pairs per width)")
    style.title(right, "b", "relative difference of the means")
    handles = [size_panels.handle(look) for look in METHODS.values()]
    handles += [size_panels.handle(_published(look), hollow=True, bar=False) for look in (*METHODS.values(), DIFFERENCE)]
    handles.insert(2, size_panels.handle(DIFFERENCE))
    handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds, −1 % and −5 %"))
    size_panels.legend(figure, handles, ensembles.title(runs))
    return figure


def _published(look: ensembles.Look) -> ensembles.Look:
    words = "difference" if look is DIFFERENCE else look.label
    return ensembles.Look(f"{words}, published (MNIST)", look.color, look.marker)


def _pairs(runs: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Per width one row per network that neither method lost, its test loss by method in two columns."""
    index = ["condition", "split", "order_group", "seed"]
    found = {}
    for width, here in ensembles.by_width(runs):
        wide = here.pivot_table(index=index, columns="method", values="test_loss", aggfunc="first")
        wide = wide.reindex(columns=list(METHODS)).dropna().reset_index()
        if len(wide) >= 3:
            found[width] = wide
    return found


def _losses(axes: Axes, found: dict[int, pd.DataFrame]) -> None:
    for side, (method, look) in zip((-1, 1), METHODS.items(), strict=True):
        statistic = ensembles.Statistic((method,), lambda _: lambda loss: loss.mean(axis=-1))
        values = [ensembles.replicates(here, statistic).estimate() for here in found.values()]
        x = np.arange(len(found)) + side * _STEP
        for at, here in zip(x, found.values(), strict=True):
            spread = at + 0.1 * np.linspace(-1.0, 1.0, len(here))
            size_panels.dots(axes, spread, here[method].to_numpy(), look, alpha=0.35)
        size_panels.estimates(axes, x, values, look)
        known = [(place, ANNEALING[width]) for place, width in enumerate(found) if width in ANNEALING]
        losses = [row.annealing if method == "annealing" else row.descent for _, row in known]
        _hollow(axes, [place + side * 0.4 * _STEP for place, _ in known], losses, look)
    size_panels.plain_ticks(axes)
    _axis(axes, found)
    axes.set_ylabel("test loss, nats")


def _differences(axes: Axes, found: dict[int, pd.DataFrame]) -> None:
    values: list[Estimate] = [ensembles.replicates(here, _RELATIVE).estimate() for here in found.values()]
    size_panels.estimates(axes, np.arange(len(found)) - 0.4 * _STEP, values, DIFFERENCE)
    known = [(place, ANNEALING[width]) for place, width in enumerate(found) if width in ANNEALING]
    relative = [100.0 * (row.annealing / row.descent - 1.0) for _, row in known]
    _hollow(axes, [place + 0.4 * _STEP for place, _ in known], relative, DIFFERENCE)
    axes.axhline(0.0, color=style.FAINT, linewidth=0.6, zorder=0)
    for bound in BOUNDS:
        axes.axhline(100.0 * bound, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    _axis(axes, found)
    # The bounds are a few percent, an annealing cut short hundreds: linear within 10 %, logarithmic beyond.
    axes.set_yscale("symlog", linthresh=10.0)
    low, high = axes.dataLim.intervaly
    axes.set_yticks(TICKS, [f"{tick}".replace("-", "−") for tick in TICKS])
    axes.minorticks_off()
    axes.set_ylim(min(1.5 * low, -8.0), max(1.5 * high, 12.0))
    axes.set_ylabel("annealing against SGD, %")


def _hollow(axes: Axes, x: list[float], y: list[float], look: ensembles.Look) -> None:
    axes.plot(x, y, look.marker, color=look.color, markerfacecolor="white", markersize=3.4, markeredgewidth=0.7, zorder=2)


def _axis(axes: Axes, found: dict[int, pd.DataFrame]) -> None:
    axes.set_xticks(range(len(found)), [str(width) for width in found])
    axes.set_xlim(-0.6, len(found) - 0.4)
    axes.set_xlabel(size_panels.WIDTH)
