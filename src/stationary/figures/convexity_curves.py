"""f along segments that refute convexity, and functions of one variable with their extrema (claims A3, A9, A12)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import style

_CURVE, _EXTREMUM = "#0072B2", "#D55E00"
_COLUMNS = 3


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Top: curve and chord, or larger end. Bottom: functions, extrema marked.

    Args:
        tables: ``curves``.
    """
    curves = tables["curves"].to_pandas()
    if curves.empty:
        return style.blank("no curves")
    segments, functions = curves[curves["claim"] != "A12"], curves[curves["claim"] == "A12"]
    figure = style.figure(3.6)
    panels = figure.subplots(2, _COLUMNS)
    letters = iter("abcdef")
    for row, part, paint in ((panels[0], segments, _segment), (panels[1], functions, _function)):
        names = list(dict.fromkeys(zip(part["claim"], part["case"], strict=True)))
        for axes, (claim, case) in zip(row, names, strict=False):
            paint(axes, part[(part["claim"] == claim) & (part["case"] == case)])
            style.title(axes, next(letters), f"{claim}: {case}")
        for axes in row[len(names) :]:
            axes.set_axis_off()
    return figure


def _segment(axes: Axes, curve: pd.DataFrame) -> None:
    """The part above the reference is what a convex (A3) or quasi-convex (A9) function cannot have."""
    place, value, reference = (curve[name].to_numpy() for name in ("position", "value", "reference"))
    words = "larger end" if np.ptp(reference) == 0 else "chord"
    axes.fill_between(place, value, reference, where=value > reference, color=_EXTREMUM, alpha=0.25, linewidth=0)
    axes.plot(place, value, color=_CURVE, label="f")
    axes.plot(place, reference, color=style.INK, linestyle=":", label=words)
    axes.set_xlabel("place on the segment")
    axes.legend(loc="best")


def _function(axes: Axes, curve: pd.DataFrame) -> None:
    place, value, slope = (curve[name].to_numpy() for name in ("position", "value", "reference"))
    turns = np.flatnonzero(np.sign(slope[1:]) != np.sign(slope[:-1]))
    axes.plot(place, value, color=_CURVE)
    # Between two places the extremum lies nearer to the one with the smaller slope.
    nearest = turns + (np.abs(slope[turns + 1]) < np.abs(slope[turns]))
    axes.plot(place[nearest], value[nearest], "o", color=_EXTREMUM, markersize=2.5)
    axes.set_xlabel(f"x ({len(turns)} {'extremum' if len(turns) == 1 else 'extrema'})")
