"""Symmetries of hidden units: barriers between twins, minima modulo symmetry, orbits, scale tangents (A4, A5, B4, B5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import style

Array = Any

_BEFORE, _AFTER = "#D55E00", "#0072B2"
_BARRIER = 0.01
_EXACT = 1e-12
_FLOOR = 1e-18
_CURVES = 40
"""Curves that are drawn, of the first starts; the median is over all."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Three panels above: curves, values; two below: points.

    Args:
        tables: ``minima``, ``barriers``, ``orbits``, ``tangents``.
    """
    barriers = tables["barriers"].to_pandas()
    minima, orbits = tables["minima"].drop_columns(["theta"]).to_pandas(), tables["orbits"].to_pandas()
    figure = style.figure(4.9)
    grid = figure.add_gridspec(2, 1, height_ratios=[1.2, 1.0])
    above, below = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    twins, others, values = above.subplots(1, 3)
    spreads, tangents = below.subplots(1, 2)
    # Minima where there are any: the rectifier's descents end at kinks.
    barriers = barriers[barriers["arrived"]] if barriers["arrived"].any() else barriers
    if len(barriers):
        barriers = barriers[barriers["network"] == barriers["network"].iloc[0]]
    _curves(twins, barriers[barriers["pair"] == "twin"])
    style.title(twins, "a", "a minimum and its twin")
    _curves(others, barriers[barriers["pair"] == "others"])
    style.title(others, "b", "minima of two starts")
    handles = twins.get_legend_handles_labels()
    if handles[0]:
        above.legend(*handles, loc="outside lower left", ncols=3)
    _values(values, minima[minima["arrived"]])
    style.title(values, "c", "minima modulo symmetry")
    _orbits(spreads, orbits)
    style.title(spreads, "d", "change of the loss over orbits")
    _tangents(tangents, tables["tangents"].to_pandas())
    style.title(tangents, "e", "scale tangents t")
    return figure


def _curves(axes: Axes, barriers: pd.DataFrame) -> None:
    if barriers.empty:
        style.say(axes, "no pair of minima")
        return
    for matched, color, words, dashes in ((False, _BEFORE, "as they stand", "-"), (True, _AFTER, "units matched", "--")):
        curves = np.stack(barriers.loc[barriers["matched"] == matched, "curve"].to_list())
        place = np.linspace(0.0, 1.0, curves.shape[1])
        axes.plot(place, curves[:_CURVES].T, color=color, linewidth=0.4, alpha=0.25)
        axes.plot(place, np.median(curves, axis=0), color=color, linestyle=dashes, linewidth=1.4, label=f"{words}, median")
    axes.axhline(_BARRIER, color=style.INK, linestyle=":", linewidth=0.8, label="1 %")
    axes.set_yscale("log")
    axes.set_xlabel("place on the straight line")
    axes.set_ylabel("loss / trivial loss")


def _values(axes: Axes, minima: pd.DataFrame) -> None:
    """Each distinct minimum at its loss, with the number of starts that end there."""
    if minima.empty:
        style.say(axes, "no start arrived at a minimum")
        return
    here = minima[minima["network"] == minima["network"].iloc[0]]
    groups = here.groupby("label").agg(loss=("relative_loss", "first"), starts=("start", "size")).sort_values("loss")
    axes.vlines(1e3 * groups["loss"], 0, groups["starts"], color=_AFTER, linewidth=0.9)
    axes.plot(1e3 * groups["loss"], groups["starts"], "o", color=_AFTER, markersize=3)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("1000 loss / trivial loss")
    axes.set_ylabel("starts that end there")


def _orbits(axes: Axes, orbits: pd.DataFrame) -> None:
    if orbits.empty:
        style.say(axes, "no orbit")
        return
    rows = []
    for (network, symmetry, _), here in orbits.groupby(["network", "symmetry", "l2"], sort=False):
        decay = ", l2" if symmetry == "rescaling" and (here["l2"] > 0).all() else ""
        at = " (ends)" if (here["point"] == "end").all() else ""
        rows.append(
            (
                f"{str(network).removesuffix(' units')}: {symmetry}{decay}{at}",
                np.maximum(here["spread"].to_numpy(), _FLOOR),
                bool(decay),
            )
        )
    for y, (_, spread, broken) in enumerate(rows):
        color = _BEFORE if broken else _AFTER
        jitter = 0.5 * (np.arange(len(spread)) / max(1, len(spread) - 1) - 0.5)
        axes.plot(spread, y + jitter, "D" if broken else "o", color=color, markersize=1.5, alpha=0.5, rasterized=True)
    axes.axvline(_EXACT, color=style.INK, linestyle=":", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [label for label, *_ in rows])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("log")
    axes.set_xlabel("largest less smallest loss / trivial loss")


def _tangents(axes: Axes, tangents: pd.DataFrame) -> None:
    if tangents.empty:
        style.say(axes, "no teacher")
        return
    groups = list(tangents.groupby(["network", "point"], sort=False))
    for y, ((_, point), here) in enumerate(groups):
        zero = point == "zero_loss"
        counted = here[(here["termination"] == "converged") & (zero | (here["lowest_eigenvalue"] > here["null_band"]))]
        jitter = y + 0.5 * (np.arange(len(counted)) / max(1, len(counted) - 1) - 0.5)
        low, high = (np.maximum(counted[name].to_numpy(), _FLOOR) for name in ("smallest", "largest"))
        axes.hlines(jitter, low, high, color=_AFTER if zero else _BEFORE, linewidth=0.9)
        axes.plot(high, jitter, "o" if zero else "D", color=_AFTER if zero else _BEFORE, markersize=2.5, linewidth=0)
    words = {"zero_loss": "loss zero", "l2_minimum": "with l2"}
    axes.set_yticks(
        range(len(groups)), [f"{str(network).removesuffix(' units')}: {words[str(point)]}" for (network, point), _ in groups]
    )
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_xscale("log")
    axes.set_xlabel("|H t| / (|H| |t|) over the hidden units")
