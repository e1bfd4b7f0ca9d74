"""From where each optimiser reaches which critical point, on Himmelblau's function and the six-hump camel (claim C2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from stationary.figures import contours, optimizer_looks, style
from stationary.landscapes.polynomials import BOUNDED

MINIMA = ("#88CCEE", "#DDCC77", "#CC6677", "#117733", "#332288", "#AA4499")
"""Basins of the minima, by number (Tol's muted scheme, told apart with any colour vision)."""

OTHER, NOWHERE = "#999999", "#FFFFFF"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """A row per landscape, a column per optimiser.

    Args:
        tables: ``basins`` and ``critical_points``.
    """
    basins, points = (tables[name].to_pandas() for name in ("basins", "critical_points"))
    landscapes, methods = list(dict.fromkeys(basins["landscape"])), optimizer_looks.ordered(basins["method"])
    if basins.empty:
        return style.blank("no map of basins")
    figure = style.figure(2.2 * len(landscapes) + 0.5)
    grid = figure.subplots(len(landscapes), len(methods), squeeze=False)
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for row, landscape in zip(grid, landscapes, strict=True):
        known = points[points["landscape"] == landscape]
        for axes, method in zip(row, methods, strict=True):
            here = basins[(basins["landscape"] == landscape) & (basins["method"] == method)]
            _map(axes, here, known)
            contours.level_lines(axes, BOUNDED[landscape], _window(here), color="#555555", lines=12)
            contours.name_points(axes, known, size=3.5)
            style.title(axes, next(letters), _label(here, method))
        row[0].set_ylabel(f"{landscape.replace('_', ' ')}\ny", rotation=90)
    handles = [
        *contours.handles(set(points.loc[points["landscape"].isin(landscapes), "kind"])),
        Patch(facecolor=OTHER, label="ends at no minimum, but at a critical point"),
        Patch(facecolor=NOWHERE, edgecolor=style.MUTED, label="ends elsewhere"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=5)
    return figure


def _map(axes: Axes, here: pd.DataFrame, known: pd.DataFrame) -> None:
    """Every start's square in the colour of where it leads."""
    minima = known.loc[known["kind"] == "minimum", "number"].to_list()
    color = {number: 2 + place for place, number in enumerate(minima)}
    table = here.pivot_table(index="y_start", columns="x_start", values="critical_point")
    codes = np.vectorize(lambda point: 0 if point < 0 else color.get(point, 1))(table.to_numpy())
    palette = ListedColormap([NOWHERE, OTHER, *MINIMA])
    axes.pcolormesh(
        table.columns.to_numpy(), table.index.to_numpy(), codes, cmap=palette, vmin=-0.5, vmax=7.5, rasterized=True, zorder=1
    )


def _window(here: pd.DataFrame) -> Any:
    return tuple((float(here[name].min()), float(here[name].max())) for name in ("x_start", "y_start"))


def _label(here: pd.DataFrame, method: str) -> str:
    rate = here["learning_rate"].iloc[0]
    return optimizer_looks.label(method) + ("" if np.isnan(rate) else f", rate {rate:.2g}")
