"""The figure: critical points of valleys by their number of variables; claim V1. Table in, figure out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import style

_LOOK = {"minimum": ("o", "-"), "saddle": ("x", ":")}


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Left: the value at every critical point found, by N. Right: the points themselves, variable by variable.

    Args:
        tables: ``critical_points``.
    """
    found = tables["critical_points"].to_pandas()
    found = found[found["kind"].isin(_LOOK)].drop_duplicates(["size", "point"])
    if found.empty:
        return style.blank("no search converged")
    figure = style.figure(2.6)
    values, profiles = figure.subplots(1, 2, width_ratios=(2, 3))
    sizes = sorted(found["size"].unique())
    shades = dict(zip(sizes, colormaps["viridis"](np.linspace(0.0, 0.85, len(sizes))), strict=True))
    for kind, (marker, line) in _LOOK.items():
        of_kind = found[found["kind"] == kind]
        values.scatter(of_kind["size"], of_kind["loss"], marker=marker, c=[shades[size] for size in of_kind["size"]], s=18)
        _profiles(profiles, of_kind, shades, line)
        profiles.plot([], [], color=style.INK, linestyle=line, marker=marker, markersize=3, label=kind)
    values.set_xlabel("variables N")
    values.set_ylabel("f")
    values.set_xticks(sizes)
    profiles.set_xlabel("variable i")
    profiles.set_ylabel("$x_i$")
    profiles.set_xticks(range(1, max(sizes) + 1))
    profiles.legend(loc="lower right")
    style.title(values, "a", "values at critical points")
    style.title(profiles, "b", "the points, one line each (N by colour, as in a)")
    return figure


def _profiles(axes: Axes, points: pd.DataFrame, shades: dict[int, object], line: str) -> None:
    for size, theta in zip(points["size"], points["theta"], strict=True):
        axes.plot(range(1, size + 1), theta, color=shades[size], linestyle=line, linewidth=0.9)
