"""What kind of point each method ends at (Rowan 2025, claims N2, N4, N8; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase

import pyarrow as pa
from matplotlib.figure import Figure

from stationary.figures import panels, runs, style

_ROW = 0.135  # inches


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per network and target: stacked shares of ends, and beside them success and trivial share with intervals.

    Args:
        tables: ``runs``.
    """
    frame, cells, names = runs.regression(tables["runs"])
    if not cells:
        return style.blank("no run of the regression main condition")
    columns = min(2, len(cells))
    lines = -(-len(cells) // columns)
    figure = style.figure(lines * (_ROW * (len(names) + 1.5) + 0.45) + 0.55)
    grid = figure.subplots(lines, 2 * columns, squeeze=False, width_ratios=[1.7, 1.0] * columns)
    for place in range(lines * columns):
        left, right = grid[place // columns, 2 * (place % columns) :][:2]
        if place >= len(cells):
            left.set_axis_off()
            right.set_axis_off()
            continue
        label, here = cells[place]
        rows = panels.method_rows(here, names)
        panels.bars(left, rows, labels=place % columns == 0)
        panels.shares(right, rows)
        style.title(left, ascii_lowercase[place], label)
        if place + columns >= len(cells):
            left.set_xlabel("share of starts")
            right.set_xlabel("share, 95 % interval")
    panels.end_legend(figure, set(frame["end"]), columns=5, more=panels.share_handles())
    return figure
