"""The index depends on the eigenvalue cut-off (Frye et al. 2021; beside claims D1 and D5; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary.figures import saddle_points, style
from stationary.theory.published import INDEX_BY_CUT

Array = Any

CUTS = (*(10.0**-power for power in range(1, 9)), 0.0)
"""An eigenvalue counts as negative below minus the cut."""

FEWEST = 3
"""Filtered points below which a problem has no distribution to show."""

_COLOR, _BAND = "#0072B2", "#D55E00"
_COLUMNS = 4


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per problem: median, quartiles and range of the index over the critical points, cut by cut.

    Args:
        tables: ``runs``.
    """
    runs = saddle_points.frame(tables["runs"], ("loss", "index", "distinct", "eigenvalues", "undetermined"))
    points = saddle_points.distinct(saddle_points.filtered(runs))
    counts = points["problem"].value_counts()
    names = [name for name in saddle_points.problems(runs) if counts.get(name, 0) >= FEWEST]
    if not names:
        return style.blank(f"no problem with {FEWEST} critical points")
    lines, columns = saddle_points.grid(len(names), _COLUMNS)
    figure = style.figure(1.75 * lines + 0.75)
    panels = figure.subplots(lines, columns, squeeze=False, sharey=True).ravel()
    for place, axes in enumerate(panels):
        if place >= len(names):
            axes.set_axis_off()
            continue
        here = points[points["problem"] == names[place]]
        _panel(axes, here, labels=place + columns >= len(names))
        style.title(axes, ascii_lowercase[place], f"{saddle_points.title(here, chr(10))} ({len(here)})")
        if place % columns == 0:
            axes.set_ylabel("index")
    panels[0].set_ylim(-0.02, 1.05 * max(0.5, float(panels[0].get_ylim()[1])))
    handles: list[Any] = [
        Line2D([], [], color=_COLOR, marker="o", markersize=2.5, linewidth=1.2, label="median of distinct critical points"),
        Patch(facecolor=_COLOR, alpha=0.3, linewidth=0, label="quartiles"),
        Patch(facecolor=_COLOR, alpha=0.12, linewidth=0, label="range"),
        Line2D([], [], color=_BAND, marker="D", markersize=3.4, linewidth=0.9, label="null band: median, quartiles"),
    ]
    if any(points.loc[points["problem"].isin(names), "kind"] == "autoencoder"):
        handles.append(Line2D([], [], color=style.INK, marker="*", markersize=5, linewidth=0, label="published medians, MNIST"))
    saddle_points.legend(figure, handles, 3)
    return figure


def shares_below(eigenvalues: Array) -> Array:
    """Share of eigenvalues below minus each cut: [n, P] -> [n, cuts].

    >>> shares_below(np.array([[-0.5, -2e-6, -1e-12, 1.0]]))[0, [0, 4, 5, 8]].tolist()
    [0.25, 0.25, 0.5, 0.75]
    """
    return np.asarray((np.asarray(eigenvalues)[:, None] < -np.array(CUTS)[:, None]).mean(axis=-1))


def _panel(axes: Axes, points: pd.DataFrame, *, labels: bool) -> None:
    shares = shares_below(np.stack(points["eigenvalues"].to_list()))
    low, first, middle, third, high = np.quantile(shares, [0.0, 0.25, 0.5, 0.75, 1.0], axis=0)
    x = np.arange(len(CUTS))
    axes.fill_between(x, low, high, color=_COLOR, alpha=0.12, linewidth=0)
    axes.fill_between(x, first, third, color=_COLOR, alpha=0.3, linewidth=0)
    axes.plot(x, middle, color=_COLOR, marker="o", markersize=2.2, linewidth=1.2)
    own = len(CUTS) + 0.4
    known = points.loc[~points["undetermined"], "index"]
    if len(known):
        first, middle, third = np.quantile(known, [0.25, 0.5, 0.75])
        axes.vlines(own, first, third, color=_BAND, linewidth=0.9)
        axes.plot(own, middle, "D", color=_BAND, markersize=3.2)
    else:
        axes.text(own, 0.0, "undetermined", rotation=90, ha="center", va="bottom", fontsize=5, color=_BAND)
    if points["kind"].iloc[0] == "autoencoder":
        axes.plot([CUTS.index(cut) for cut in INDEX_BY_CUT], list(INDEX_BY_CUT.values()), "*", color=style.INK, markersize=5)
    axes.set_xlim(-0.4, own + 0.5)
    shown = {1e-1: "−10⁻¹", 1e-3: "−10⁻³", 1e-5: "−10⁻⁵", 1e-7: "−10⁻⁷", 0.0: "0"}
    axes.set_xticks([*map(CUTS.index, shown), own], [*shown.values(), "band"] if labels else [""] * (len(shown) + 1))
    axes.tick_params(axis="x", labelrotation=90)
    if labels:
        axes.set_xlabel("counted as negative below")
    axes.grid(axis="y", color=style.FAINT, linewidth=0.4)
