"""Where each method ends: final losses from common starts (Rowan 2025, claims N1, N5, N10; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase

import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import panels, runs, style

_ROW = 0.135  # inches


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One panel per network and target of the regression main condition, one row per method.

    Args:
        tables: ``runs``.
    """
    _, cells, names = runs.regression(tables["runs"])
    if not cells:
        return style.blank("no run of the regression main condition")
    columns = min(2, len(cells))
    lines = -(-len(cells) // columns)
    height = lines * (_ROW * (len(names) + 2) + 0.5) + 0.55
    figure = style.figure(height)
    grid = figure.subplots(lines, columns, squeeze=False)
    for place, axes in enumerate(grid.flat):
        if place >= len(cells):
            axes.set_axis_off()
            continue
        label, here = cells[place]
        panels.losses(axes, panels.method_rows(here, names), labels=place % columns == 0)
        style.title(axes, ascii_lowercase[place], f"{label} ({here['seed'].nunique()} starts)", pad=11)
        if place + columns >= len(cells):
            axes.set_xlabel("final loss / loss of the zero function")
    marks = [
        Line2D([], [], color=style.INK, linestyle="--", linewidth=0.8, label="zero function"),
        Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="success, 1 %"),
    ]
    panels.family_legend(figure, names, marks)
    return figure
