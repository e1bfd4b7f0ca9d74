"""Curvature where they end: eigenvalues at Newton's and at Adam's end points (Rowan 2025, claim N4; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary.figures import runs, style

LINEAR = 1e-16
"""Eigenvalues smaller than this are drawn on a linear stretch through zero."""

BAND = "#E6C300"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Per network and target, sorted eigenvalues of every run: Newton trivial, Newton elsewhere, Adam.

    Args:
        tables: ``runs``.
    """
    frame = runs.main(runs.frame(tables["runs"], lists=["eigenvalues"]), "regression")
    frame = frame[frame["method"].isin([runs.EXACT, "adam"])]
    cells = list(runs.cells(frame))
    if not cells:
        return style.blank("no run of exact Newton or Adam in the regression main condition")
    figure = style.figure(1.45 * len(cells) + 0.8)
    grid = figure.subplots(len(cells), 3, squeeze=False, sharex=True, sharey=True)
    for row, (label, here) in enumerate(cells):
        converged = here[(here["method"] == runs.EXACT) & (here["termination"] == "converged")]
        groups = {
            "Newton, trivial": (converged[converged["trivial"]], style.method(runs.EXACT).color),
            "Newton, not trivial": (converged[~converged["trivial"]], "#5A7D9A"),
            "Adam": (here[here["method"] == "adam"], style.method("adam").color),
        }
        for column, (name, (group, color)) in enumerate(groups.items()):
            axes = grid[row, column]
            shown = _panel(axes, group, color)
            style.title(axes, ascii_lowercase[3 * row + column], (f"{name}: " if row == 0 else "") + _runs(shown))
        grid[row, 0].set_ylabel(label.replace(", ", "\n", 1) + "\neigenvalue")
    for axes in grid[-1]:
        axes.set_xlabel("rank from below / number of parameters")
    handles = [
        Line2D([], [], color=style.INK, linewidth=0.4, label="one run"),
        Line2D([], [], color=style.INK, linewidth=1.4, label="median over runs"),
        Patch(facecolor=BAND, alpha=0.55, label="null band, median"),
        Patch(facecolor=BAND, alpha=0.22, label="null band, widest"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def _panel(axes: Axes, group: pd.DataFrame, color: str) -> int:
    """Draw the sorted spectra and say how many there are."""
    spectra = [np.asarray(values, dtype=float) for values in group["eigenvalues"] if values is not None and len(values)]
    axes.set_yscale("symlog", linthresh=LINEAR, linscale=0.5)
    axes.set_ylim(-1e8, 1e8)
    axes.set_yticks([-1e4, -1e-4, -1e-12, 0.0, 1e-12, 1e-4, 1e4])
    axes.minorticks_off()
    axes.set_xlim(0.0, 1.0)
    if not spectra:
        style.say(axes, "no such end point")
        return 0
    stack = np.stack(spectra)
    rank = (np.arange(stack.shape[1]) + 0.5) / stack.shape[1]
    bands = group["null_band"].dropna().to_numpy(dtype=float)
    if bands.size:
        for half, alpha in ((float(bands.max()), 0.22), (float(np.median(bands)), 0.4)):
            axes.axhspan(-half, half, color=BAND, alpha=alpha, linewidth=0, zorder=0)
    axes.axhline(0.0, color=style.MUTED, linewidth=0.5, zorder=1)
    axes.plot(rank, stack.T, color=color, linewidth=0.4, alpha=0.35, rasterized=True, zorder=2)
    axes.plot(rank, np.median(stack, axis=0), color=color, linewidth=1.4, zorder=3)
    return len(spectra)


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"
