"""Best error of a fit against width, and the gap of test to training loss against width (claims C5, C6)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import size_panels, style

LOOKS = (
    ("#0072B2", "o"),
    ("#E69F00", "s"),
    ("#009E73", "^"),
    ("#D55E00", "D"),
    ("#AA4499", "v"),
    ("#56B4E9", "P"),
    ("#777777", "X"),
)
BOUND = 1e-3
"""Of claim C5."""

GAP = "mean test minus train loss at width "


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Left: lowest relative error of all starts, every start faint. Right: mean gap with its interval.

    Args:
        tables: ``widths`` and ``summary``.
    """
    figure = style.figure(3.0)
    left, right = figure.subplots(1, 2, width_ratios=[1.35, 1.0])
    _errors(left, tables["widths"].to_pandas())
    _gaps(right, tables["summary"].to_pandas())
    return figure


def _errors(axes: Axes, frame: pd.DataFrame) -> None:
    known = frame[np.isfinite(frame["relative_error_fine"])]
    for number, (target, part) in enumerate(known.groupby("target", sort=True)):
        color, marker = LOOKS[number % len(LOOKS)]
        axes.plot(part["width"], part["relative_error_fine"], ".", color=color, markersize=1.5, alpha=0.25, zorder=1)
        best = part.groupby("width")["relative_error_fine"].min()
        axes.plot(best.index, best, color=color, marker=marker, markersize=3.2, label=str(target).replace("_", " "))
    axes.axhline(BOUND, color=style.INK, linestyle=":", linewidth=0.8)
    axes.set_yscale("log")
    axes.set_ylabel("relative error on the fine grid")
    style.title(axes, "a", "best of many starts")
    if known.empty:
        style.say(axes, "no run")
        return
    size_panels.size_axis(axes, sorted(known["width"].unique()), "hidden units")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


def _gaps(axes: Axes, summary: pd.DataFrame) -> None:
    rows = summary[summary["statistic"].str.startswith(GAP)]
    widths = rows["statistic"].str.removeprefix(GAP).astype(int)
    for number, (dataset, part) in enumerate(rows.groupby("case", sort=True)):
        color, marker = LOOKS[number % len(LOOKS)]
        x = widths[part.index]
        axes.vlines(x, part["ci_low"], part["ci_high"], color=color, linewidth=0.9)
        axes.plot(x, part["estimate"], color=color, marker=marker, markersize=3.2, label=str(dataset).replace("_", " "))
    axes.axhline(0.0, color=style.INK, linewidth=0.6)
    axes.set_ylabel("test minus training loss, nats")
    style.title(axes, "b", "overfitting by width")
    if rows.empty:
        style.say(axes, "no ensemble")
        return
    size_panels.size_axis(axes, sorted(widths.unique()), size_panels.WIDTH)
    axes.legend(loc="best")
