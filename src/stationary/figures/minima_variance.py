"""Mean and spread of the test loss against width (Choromanska et al. 2015, figure 10; claims W1, W2, W9, S7; settings ours)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.experiments.minima_summary_rows import NARROWEST
from stationary.figures import ensembles, size_panels, style
from stationary.theory.published import LOSSES, Losses

MEASURES: tuple[tuple[str, ensembles.Statistic, Callable[[Losses], float]], ...] = (
    ("mean test loss, nats", ensembles.MEAN, lambda row: row.test_mean),
    ("variance of the test loss, nats²", ensembles.VARIANCE, lambda row: row.test_sd**2),
    ("sd / mean of the test loss", ensembles.RELATIVE_SD, lambda row: row.test_sd / row.test_mean),
)
"""Panels: axis label, statistic of ours, and the published number."""

BOUND = 0.05
"""Relative sd below which claim W2 calls minima equivalent (config/claims.yaml)."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Three panels on logarithmic axes, settings side by side, power laws fitted to the judged setting.

    Args:
        tables: ``runs``.
    """
    runs = ensembles.frame(tables["runs"])
    present = ensembles.settings(runs)
    found = {name: list(ensembles.by_width(runs[runs["setting"] == name])) for name in present}
    widths = sorted({width for pairs in found.values() for width, _ in pairs})
    if not widths:
        return style.blank("no three networks of one width and setting with a finite loss")
    figure = style.figure(2.75)
    panels = figure.subplots(1, len(MEASURES))
    shown = [row for row in LOSSES.values() if min(widths) <= row.width <= max(widths)]
    for axes, letter, (label, statistic, reported) in zip(panels, "abc", MEASURES, strict=True):
        exponent = _settings(axes, found, statistic)
        x = size_panels.dodged([row.width for row in shown], len(present), len(present) + 1)
        size_panels.published(axes, x, [reported(row) for row in shown])
        size_panels.size_axis(axes, widths, size_panels.WIDTH)
        axes.set_ylabel(label)
        style.title(axes, letter, f"exponent {exponent}" if exponent else "no exponent: one width")
    pooled = _pooled(panels[1], found[present[0]], present[0], len(present) + 1)
    panels[2].axhline(BOUND, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    for axes in panels:
        size_panels.plain_ticks(axes)
    size_panels.legend(figure, _handles(present, pooled=pooled), ensembles.title(runs))
    return figure


def _settings(axes: Axes, found: dict[str, list[tuple[int, pd.DataFrame]]], statistic: ensembles.Statistic) -> str:
    """Draw every setting; the exponent fitted to the first one in words, empty if there is none."""
    words: str | None = None
    for place, (name, pairs) in enumerate(found.items()):
        widths, look = [width for width, _ in pairs], ensembles.SETTINGS[name]
        values = [ensembles.replicates(here, statistic) for _, here in pairs]
        x = size_panels.dodged(widths, place, len(found) + 1)
        size_panels.estimates(axes, x, [value.estimate() for value in values], look)
        if words is None:
            law = ensembles.power_law(widths, values)
            size_panels.fitted(axes, law, look.color)
            words = ensembles.text(law.exponent.estimate()) if np.isfinite(law.exponent.value) else ""
    return words or ""


def _pooled(axes: Axes, pairs: list[tuple[int, pd.DataFrame]], setting: str, series: int) -> bool:
    """Variance over all runs of a width, with what differs between divisions of the data; false if there is one division."""
    values = {width: float(here["test_loss"].var()) for width, here in pairs if here["split"].nunique() > 1}
    look, x = ensembles.SETTINGS[setting], size_panels.dodged(list(values), 0, series)
    axes.plot(x, list(values.values()), look.marker, color=look.color, markerfacecolor="white", markersize=3.4)
    return bool(values)


def _handles(present: list[str], *, pooled: bool) -> list[Line2D]:
    looks = [ensembles.SETTINGS[name] for name in present]
    handles = [size_panels.handle(look) for look in looks]
    if pooled:
        together = replace(looks[0], label="all divisions of the data together")
        handles.append(size_panels.handle(together, hollow=True, bar=False))
    return [
        *handles,
        size_panels.handle(size_panels.PUBLISHED, bar=False),
        Line2D([], [], color=looks[0].color, linestyle="--", label=f"power law from n₁ = {NARROWEST} on"),
        Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label=f"claim's bound, {BOUND:g}"),
    ]
