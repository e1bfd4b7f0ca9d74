"""Curvature where descents on the p = 3 glass end, against the shifted semicircle (Auffinger, Ben Arous and Cerny 2013)."""

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

from stationary.figures import style
from stationary.theory.auffinger import bulk

Array = Any

OURS, THEORY = "#0072B2", "#D55E00"
_COLUMNS = 4


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One panel per size: the eigenvalues of all ends whose spectrum was kept, and the mean of their semicircles.

    Args:
        tables: ``descents``.
    """
    frame = tables["descents"].select(["p", "size", "energy", "eigenvalues"]).to_pandas()
    frame = frame[frame["eigenvalues"].map(len) > 0]
    if frame.empty:
        return style.blank("no spectrum was kept: raise spin_glass.descents.spectra")
    groups = list(frame.groupby("size", sort=True))
    columns = min(_COLUMNS, len(groups))
    lines = -(-len(groups) // columns)
    figure = style.figure(1.75 * lines + 0.35)
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)
    for place, axes in enumerate(grid.flat):
        if place >= len(groups):
            axes.set_axis_off()
            continue
        size, part = groups[place]
        _panel(axes, part)
        style.title(axes, ascii_lowercase[place], f"$N$ = {size} ({len(part)} ends)")
        if place % columns == 0:
            axes.set_ylabel("density")
        if place + columns >= len(groups):
            axes.set_xlabel("eigenvalue of the Hessian")
    handles = [
        Patch(facecolor=OURS, alpha=0.35, label="ends of descents"),
        Line2D([], [], color=THEORY, linewidth=1.2, label="semicircle of centre $-pu$, radius $2\\sqrt{p(p-1)}$"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    eigenvalues = np.concatenate([np.asarray(values, dtype=float) for values in part["eigenvalues"]])
    p, energy = int(part["p"].iloc[0]), part["energy"].to_numpy(dtype=float)
    centre, radius = bulk(p, energy)
    x = np.linspace(float(centre.min()) - 1.15 * radius, float(centre.max()) + 1.15 * radius, 400)
    bins = int(np.clip(np.sqrt(eigenvalues.size), 8, 40))
    axes.hist(eigenvalues, bins=bins, density=True, color=OURS, alpha=0.35, linewidth=0)
    axes.plot(x, semicircle(x, centre, radius).mean(axis=0), color=THEORY, linewidth=1.2)
    axes.set_ylim(0.0, 3.0 / (np.pi * radius))  # half as high again as the semicircle
    axes.axvline(0.0, color=style.INK, linewidth=0.6, linestyle="--")
    axes.text(0.97, 0.95, f"mean $u$ = {energy.mean():.3f}", transform=axes.transAxes, ha="right", va="top", fontsize=6.5)


def semicircle(x: Array, centre: Array, radius: float) -> Array:
    """Wigner's density: [X], [R] -> [R, X].

    >>> density = semicircle(np.array([-3.0, 0.0]), np.array([0.0]), 2.0)
    >>> density.round(6).tolist()
    [[0.0, 0.31831]]
    """
    inside = np.maximum(radius**2 - (x - np.asarray(centre)[:, None]) ** 2, 0.0)
    return np.asarray(2.0 * np.sqrt(inside) / (np.pi * radius**2))
