"""On the way: loss, gradient norm and negative eigenvalues by iteration (Rowan 2025, claims N1, N5, N10; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import paths, runs, style

REMEDIES = (
    "newton_loss_search",
    "newton_loss_search_flipped",
    "damped_newton",
    "saddle_free_newton",
    "levenberg_marquardt",
)
"""Drawn beside exact Newton; more would hide each other."""

QUANTITIES = {
    "relative_loss": ("loss / loss of zero", (1e-10, 1e3)),
    "gradient_norm": ("gradient norm", (1e-14, 1e3)),
    "n_negative": ("negative eigenvalues", None),
}
"""Quantity: axis label, and the range to which a logarithmic ordinate is cut; counts are on a linear one."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One column per network and target, one row per quantity, one line per method.

    Args:
        tables: ``runs`` and ``trajectories``.
    """
    frame = runs.main(runs.frame(tables["runs"]), "regression")
    names = [name for name in runs.methods(frame) if name in (runs.EXACT, *REMEDIES)]
    cells = list(runs.cells(frame[frame["method"].isin(names)]))
    trajectories = tables["trajectories"].to_pandas()
    if not cells or trajectories.empty:
        return style.blank("no trajectory of exact Newton or of a remedy in the regression main condition")
    figure = style.figure(5.6)
    grid = figure.subplots(len(QUANTITIES), len(cells), squeeze=False, sharex="col")
    for row, (quantity, (label, cut)) in enumerate(QUANTITIES.items()):
        drawn = []
        for column, (_, here) in enumerate(cells):
            mine = trajectories[trajectories["condition"].isin(here["condition"])]
            drawn += _panel(grid[row, column], mine, names, quantity)
            style.title(grid[row, column], ascii_lowercase[row * len(cells) + column], "")
        grid[row, 0].set_ylabel(label)
        for axes in grid[row]:
            if cut is None:
                axes.set_ylim(bottom=0.0)
                axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
            else:
                paths.limits(axes, drawn, cut)
                axes.tick_params(axis="y", labelleft=axes is grid[row, 0])
    for column, (label, _) in enumerate(cells):
        style.title(grid[0, column], ascii_lowercase[column], label.replace(", ", "\n", 1))
        paths.iteration_axis(grid[-1, column], label=True)
    figure.legend(handles=[_handle(name) for name in names], loc="outside lower center", ncols=3, handlelength=3.0)
    return figure


def _panel(axes: Axes, trajectories: pd.DataFrame, names: list[str], quantity: str) -> list[Any]:
    drawn = []
    for name in names:
        found = paths.of(trajectories[trajectories["method"] == name], quantity)
        if not found.value.size:
            continue
        look, exact = style.method(name), name == runs.EXACT
        if exact:
            paths.lines(axes, found, color=look.color, alpha=0.25)
        width, fill = (1.7, 0.22) if exact else (1.1, 0.10)
        paths.band(axes, found, color=look.color, dashes=look.dashes, width=width, fill=fill)
        drawn.append(found.value)
    return drawn


def _handle(name: str) -> Line2D:
    look = style.method(name)
    handle = Line2D([], [], color=look.color, linewidth=1.7 if name == runs.EXACT else 1.1, label=look.label)
    if look.dashes:
        handle.set_dashes(look.dashes)
    return handle
