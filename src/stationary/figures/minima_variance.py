"""Mean and spread of the test loss against width (Choromanska et al. 2015, figure 10; claims W1, W2, W9; settings ours)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
Statistic = Callable[[pd.DataFrame], Callable[[Array], Array]]

MEASURES: tuple[tuple[str, Statistic, Callable[[published.Networks], float]], ...] = (
    ("mean test loss, nats", ensembles.mean, lambda row: row.test_mean),
    ("variance of the test loss, nats²", ensembles.variance, lambda row: row.test_sd**2),
    ("sd / mean of the test loss", ensembles.relative_spread, lambda row: row.test_sd / row.test_mean),
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
    present, pooled = ensembles.settings(runs), False
    widths = sorted({width for _, of_setting in runs.groupby("setting") for width, _ in ensembles.by_width(of_setting)})
    if not widths:
        figure = style.figure(1.5)
        style.say(figure.subplots(), "no three networks of one width and setting with a finite loss")
        return figure
    figure = style.figure(2.55)
    panels = figure.subplots(1, len(MEASURES))
    for axes, letter, (label, statistic, reported) in zip(panels, "abc", MEASURES, strict=True):
        law = _settings(axes, runs, label, statistic)
        shown = [row for row in published.NETWORKS if min(widths) <= row.width <= max(widths)]
        x = size_panels.dodged([row.width for row in shown], len(present), len(present) + 1)
        size_panels.published(axes, x, [reported(row) for row in shown])
        if statistic is ensembles.variance:
            pooled = _pooled(axes, ensembles.judged(runs), len(present) + 1)
        if statistic is ensembles.relative_spread:
            axes.axhline(BOUND, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
        size_panels.size_axis(axes, widths, size_panels.WIDTH)
        axes.set_yscale("log")
        size_panels.plain_ticks(axes)
        axes.set_ylabel(label)
        style.title(axes, letter, f"slope {law.text()}" if np.isfinite(law.value) else "no slope: fewer than two widths")
    looks = [ensembles.SETTINGS[name] for name in present]
    handles = [size_panels.handle(look) for look in looks]
    if pooled:
        together = replace(looks[0], label="all divisions of the data together")
        handles.append(size_panels.handle(together, hollow=True, bar=False))
    handles.append(size_panels.handle(size_panels.PUBLISHED, bar=False))
    handles += [
        Line2D([], [], color=looks[0].color, linestyle="--", label=f"power law from n₁ = {ensembles.FIT_FROM} on"),
        Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label=f"claim's bound, {BOUND:g}"),
    ]
    size_panels.legend(figure, handles, ensembles.title(runs))
    return figure


def _settings(axes: Axes, runs: pd.DataFrame, label: str, statistic: Statistic) -> ensembles.Resampled:
    """Draw every setting; the exponent fitted to the judged one."""
    present = ensembles.settings(runs)
    exponent = None
    for place, name in enumerate(present):
        found = list(ensembles.by_width(runs[runs["setting"] == name]))
        widths = [width for width, _ in found]
        values = [
            ensembles.bootstrap(here, statistic(here), f"minima_variance/{label}/{name}/{width}") for width, here in found
        ]
        look = ensembles.SETTINGS[name]
        size_panels.estimates(axes, size_panels.dodged(widths, place, len(present) + 1), values, look)
        if exponent is None:
            law = ensembles.power_law(widths, values)
            size_panels.fitted(axes, widths, law, look.color)
            exponent = law[0]
    assert exponent is not None  # a setting is present, or nothing is drawn
    return exponent


def _pooled(axes: Axes, runs: pd.DataFrame, series: int) -> bool:
    """Variance over all runs of a width, with what differs between divisions of the data; false if there is one division."""
    found = [(width, float(here["test_loss"].var())) for width, here in ensembles.by_width(runs) if here["split"].nunique() > 1]
    look = ensembles.SETTINGS[str(runs["setting"].iloc[0])]
    x = size_panels.dodged([width for width, _ in found], 0, series)
    axes.plot(x, [value for _, value in found], look.marker, color=look.color, markerfacecolor="white", markersize=3.4)
    return bool(found)
