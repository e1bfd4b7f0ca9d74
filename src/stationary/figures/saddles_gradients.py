"""Gradient norm and r along the searches (Frye et al. 2021; claim D3, beside D8; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.experiments.saddle_tables import FILTER
from stationary.figures import paths, saddle_points, style
from stationary.methods.flatness import FLAT_RESIDUAL

Array = Any

QUANTITIES = {"gradient_norm": "‖g‖", "residual": "r"}
FLOOR, CEILING = 1e-14, 1e4
"""Gradient norms outside these are cut: below is rounding, above a run that is lost."""

SOLVED = 1e-4
"""Lower end of the ordinate of r: MINRES stops at 5e-4, where Newton's system counts as solved."""

_ROW = 0.92  # inches


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One row per problem; one column per finder and quantity, one thin line per run, flat iterates marked.

    Args:
        tables: ``runs`` and ``trajectories``.
    """
    runs = saddle_points.frame(tables["runs"], ())
    trajectories = tables["trajectories"].to_pandas()
    names = [name for name in saddle_points.problems(runs) if (trajectories["problem"] == name).any()]
    finders = saddle_points.finders(trajectories) if names else []
    if not names:
        return style.blank("no trajectory of a search")
    figure = style.figure(_ROW * len(names) + 1.0)
    grid = figure.subplots(len(names), 2 * len(finders), squeeze=False, sharex="col")
    for row, problem in enumerate(names):
        here, theirs = trajectories[trajectories["problem"] == problem], runs[runs["problem"] == problem]
        for column, (quantity, finder) in enumerate((quantity, finder) for quantity in QUANTITIES for finder in finders):
            axes, mine = grid[row, column], here[here["finder"] == finder]
            _lines(axes, mine, quantity, theirs[theirs["finder"] == finder])
            _ordinate(axes, here, quantity, labels=column % len(finders) == 0)
            if row == 0:
                look = saddle_points.finder(finder)
                style.title(axes, ascii_lowercase[column], f"{QUANTITIES[quantity]}\n{look.label}")
            if row == len(names) - 1:
                axes.set_xlabel("1 + iteration")
        grid[row, 0].set_ylabel(saddle_points.title(theirs, "\n").replace(", ", "\n"), fontsize=6)
    for column, axes in enumerate(grid[-1]):
        mine = trajectories["finder"] == finders[column % len(finders)]
        axes.set_xscale("log")
        axes.set_xlim(1.0, 1.1 * (1.0 + float(trajectories.loc[mine, "iteration"].max())))
        axes.minorticks_off()
    handles = [
        Line2D([], [], color=look.color, linewidth=0.8, label=f"run that ends {word}")
        for word, look in (("critical", saddle_points.ENDS["critical"]), ("otherwise", saddle_points.ENDS["unconverged"]))
    ]
    handles.append(saddle_points.mark(saddle_points.ENDS["flat"], "gradient-flat iterate"))
    handles.append(Line2D([], [], color=style.INK, linewidth=0.8, linestyle="--", label="filter, ‖g‖ = 10⁻⁵; r = 0.9"))
    saddle_points.legend(figure, handles, 4)
    return figure


def _lines(axes: Axes, trajectories: pd.DataFrame, quantity: str, runs: pd.DataFrame) -> None:
    """Every run as a thin line, in the colour of what its end point is; flat iterates on top."""
    critical = set(runs.loc[runs["end"] == "critical", "start"])
    for good, name, alpha in ((False, "unconverged", 0.5), (True, "critical", 0.5)):
        chosen = trajectories[trajectories["start"].isin(critical) == good].sort_values(["start", "iteration"])
        chosen = chosen[chosen[quantity].notna()]
        points = np.column_stack([1.0 + chosen["iteration"], chosen[quantity]])
        pieces = np.split(points, np.flatnonzero(np.diff(chosen["start"])) + 1)
        look = saddle_points.ENDS[name]
        axes.add_collection(LineCollection(pieces, colors=look.color, linewidths=0.4, alpha=alpha, rasterized=True, zorder=1))
    flat = trajectories[trajectories["flat"].to_numpy(dtype=bool)]
    saddle_points.dots(axes, 1.0 + flat["iteration"], flat[quantity], saddle_points.ENDS["flat"], size=2.2, alpha=0.8, zorder=3)


def _ordinate(axes: Axes, problem: pd.DataFrame, quantity: str, *, labels: bool) -> None:
    """The same ordinate for all finders of a problem."""
    if quantity == "residual":
        bound = FLAT_RESIDUAL
        axes.set_yscale("log")
        axes.set_ylim(SOLVED, 2.0)
        axes.set_yticks([1e-3, 1e-2, 1e-1, 1.0])
        axes.minorticks_off()
        axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
    else:
        bound = float(np.sqrt(FILTER))
        paths.limits(axes, [problem[quantity].to_numpy(dtype=float), np.array([bound])], (FLOOR, CEILING))
        low, high = np.log10(axes.get_ylim())
        step = max(1, int(np.ceil((high - low) / 4)))
        axes.set_yticks(10.0 ** np.arange(int(np.ceil(low / step)) * step, high, step))
        axes.minorticks_off()
    axes.axhline(bound, color=style.INK, linewidth=0.6, linestyle="--", zorder=2)
    axes.tick_params(axis="y", labelleft=labels)
