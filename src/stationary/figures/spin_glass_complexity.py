"""Complexity of the spherical p-spin glass (twin of the curves drawn by Auffinger, Ben Arous and Cerny 2013)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import style
from stationary.theory.auffinger import e_infinity

_COLORS = ("#D55E00", "#E69F00", "#009E73", "#0072B2", "#CC79A7", "#882255")
_DASHES: tuple[tuple[float, ...], ...] = ((), (5, 1), (3, 1, 1, 1), (1, 1), (6, 1, 1, 1), (2, 1))


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Two panels per p: Theta over all energies, and the layers Theta_k near -E_inf with the thresholds -E_k.

    Args:
        tables: ``complexity``.
    """
    frame = tables["complexity"].to_pandas()
    curves = frame[frame["size"] == 0]
    spins = sorted(curves["p"].unique())
    if not spins:
        return style.blank("no curve in the table")
    figure = style.figure(2.1 * len(spins))
    grid = figure.subplots(len(spins), 2, squeeze=False)
    for row, p in enumerate(spins):
        here = curves[curves["p"] == p]
        _whole(grid[row, 0], here)
        _layers(grid[row, 1], here)
        style.title(grid[row, 0], "abcdefgh"[2 * row], f"all indices, p = {p}")
        style.title(grid[row, 1], "abcdefgh"[2 * row + 1], f"by index k, p = {p}")
    grid[0, 1].legend(loc="upper left", handlelength=2.6)
    return figure


def _whole(axes: Axes, curves: pd.DataFrame) -> None:
    theta = curves[curves["kind"] == "theta"].sort_values("u")
    axes.plot(theta["u"], theta["theta"], color=style.INK)
    thresholds = curves[(curves["kind"] == "e_k") & (curves["k"] == 0)]["u"]
    for energy in thresholds:
        axes.plot(energy, 0.0, "o", color=_COLORS[0], markersize=3.5, clip_on=False)
        axes.annotate("$-E_0$", (energy, 0.0), xytext=(4, -9), textcoords="offset points", color=_COLORS[0], fontsize=6.5)
    _edge(axes, curves)
    axes.axhline(0.0, color=style.MUTED, linewidth=0.5)
    axes.set_ylim(-0.12, float(theta["theta"].max()) * 1.12)
    axes.set_xlabel("energy per spin u")
    axes.set_ylabel(r"$\Theta(u)$ [nats per spin]")


def _layers(axes: Axes, curves: pd.DataFrame) -> None:
    layers = curves[curves["kind"] == "theta_k"]
    for k in sorted(layers["k"].unique().tolist()):
        place = k % len(_COLORS)
        line = layers[layers["k"] == k].sort_values("u")
        (drawn,) = axes.plot(line["u"], line["theta"], color=_COLORS[place], label=f"k = {k}")
        drawn.set_dashes(_DASHES[place] or (None, None))
        threshold = curves[(curves["kind"] == "e_k") & (curves["k"] == k)]["u"]
        axes.plot(threshold, np.zeros(len(threshold)), "o", color=_COLORS[place], markersize=3)
    top = float(layers["theta"].max())
    axes.axhline(0.0, color=style.MUTED, linewidth=0.5)
    _edge(axes, curves)
    axes.set_ylim(-0.5 * top, 1.35 * top)
    axes.set_xlabel("energy per spin u")
    axes.set_ylabel(r"$\Theta_k(u)$ [nats per spin]")


def _edge(axes: Axes, curves: pd.DataFrame) -> None:
    """The energy -E_inf = -2 sqrt((p - 1) / p) where the layers end."""
    energy = -e_infinity(int(curves["p"].iloc[0]))
    axes.axvline(energy, color=style.MUTED, linewidth=0.7, linestyle="--")
    axes.annotate(
        r"$-E_\infty$",
        (energy, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(3, -8),
        textcoords="offset points",
        color=style.MUTED,
        fontsize=6.5,
    )
