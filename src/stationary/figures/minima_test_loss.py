"""Test loss of every network by width (Choromanska et al. 2015, figures 7 and 10; claims W1, W2, W9; settings ours)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.experiments import minima_published
from stationary.figures import ensembles, size_panels, style
from stationary.intervals import Replicates
from stationary.theory.published import LOSSES

Array = Any
_GOLDEN = 0.6180339887498949

RATIOS = (("mean", ensembles.MEAN, "test_mean", 0.03), ("sd", ensembles.SD, "test_sd", 0.2))
"""What is compared with the published value: name, statistic, published field, relative bound of claim W9."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Dots and boxes by width, settings side by side; on the source's dataset also its ranges, and ratios to its moments.

    Args:
        tables: ``runs``.
    """
    runs = ensembles.frame(tables["runs"])
    present = ensembles.settings(runs)
    found = {name: dict(ensembles.by_width(runs[runs["setting"] == name], fewest=1)) for name in present}
    widths = sorted({width for of_setting in found.values() for width in of_setting})
    if not widths:
        return style.blank("no network with a finite loss")
    comparable = bool(minima_published.comparable(runs).all())
    figure = style.figure(5.0 if comparable else 3.1)
    heights = [1.5, 1.0] if comparable else [1.0]
    panels = figure.subplot_mosaic("aa;bc" if comparable else "a", height_ratios=heights)
    _losses(panels["a"], found, widths, comparable=comparable)
    handles: list[Any] = [size_panels.handle(ensembles.SETTINGS[name], bar=False) for name in present]
    words = f"{ensembles.title(runs)}; published losses are those of MNIST at 10 x 10 and not drawn"
    if comparable:
        for letter, (name, statistic, field, bound) in zip("bc", RATIOS, strict=True):
            _ratio(panels[letter], found, widths, statistic, field)
            for level in (1 - bound, 1 + bound):
                panels[letter].axhline(level, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
            style.title(panels[letter], letter, f"{name} of the test loss")
        handles.append(Line2D([], [], color=style.INK, marker="*", markersize=5, linewidth=0.8, label="published: mean, range"))
        handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds"))
        words = ensembles.title(runs)
    size_panels.legend(figure, handles, words, columns=5)
    return figure


def _losses(axes: Axes, found: dict[str, dict[int, pd.DataFrame]], widths: list[int], *, comparable: bool) -> None:
    """Every network, and the published ranges if they can be compared; what shares a width stands around its tick."""
    for place, width in enumerate(widths):
        here = [name for name in found if width in found[name]]
        published = LOSSES.get(width) if comparable else None
        x = place + _offsets(len(here) + (published is not None))
        for name, at in zip(here, x, strict=False):
            _column(axes, found[name][width], float(at), ensembles.SETTINGS[name])
        if published is not None:
            axes.plot([x[-1]] * 2, [published.test_smallest, published.test_largest], color=style.INK, linewidth=0.8)
            axes.plot(x[-1], published.test_mean, "*", color=style.INK, markersize=5, markeredgewidth=0, zorder=4)
    _axis(axes, widths)
    axes.set_ylabel("test loss, nats")
    size_panels.plain_ticks(axes)
    style.title(axes, "a", "every network; box: quartiles and median")


def _offsets(count: int) -> Array:
    return 0.24 * (np.arange(count) - 0.5 * (count - 1))


def _column(axes: Axes, runs: pd.DataFrame, x: float, look: ensembles.Look) -> None:
    """One ensemble: dots spread by the network's number, not by chance, and a box over them."""
    loss = runs["test_loss"].to_numpy(dtype=float)
    spread = ((runs["seed"].to_numpy() * _GOLDEN) % 1.0 - 0.5) * 0.17
    size_panels.dots(axes, x + spread, loss, look)
    low, middle, high = np.quantile(loss, [0.25, 0.5, 0.75])
    axes.bar(x, high - low, 0.2, bottom=low, facecolor="none", edgecolor=style.INK, linewidth=0.6, zorder=3)
    axes.plot([x - 0.1, x + 0.1], [middle, middle], color=style.INK, linewidth=1.0, zorder=4, solid_capstyle="butt")


def _axis(axes: Axes, widths: list[int]) -> None:
    axes.set_xticks(range(len(widths)), [str(width) for width in widths])
    room = max(0.6, 1.5 - 0.5 * len(widths))
    axes.set_xlim(-room, len(widths) - 1 + room)
    axes.set_xlabel(size_panels.WIDTH)


def _ratio(
    axes: Axes, found: dict[str, dict[int, pd.DataFrame]], widths: list[int], statistic: ensembles.Statistic, field: str
) -> None:
    """Ours over the published value by width and setting, on a logarithmic axis: half and twice are equally far."""
    for name, offset in zip(found, _offsets(len(found)), strict=True):
        places, values = [], []
        for width, here in found[name].items():
            if width in LOSSES and len(here) >= 3:
                one, target = ensembles.replicates(here, statistic), float(getattr(LOSSES[width], field))
                values.append(Replicates(one.value / target, one.resamples / target, one.n).estimate())
                places.append(widths.index(width) + float(offset))
        size_panels.estimates(axes, places, values, ensembles.SETTINGS[name])
    axes.axhline(1.0, color=style.FAINT, linewidth=0.6, zorder=0)
    size_panels.ratio_ticks(axes)
    _axis(axes, widths)
    axes.set_ylabel("ours / published")
