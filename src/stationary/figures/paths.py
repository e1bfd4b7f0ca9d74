"""The table of trajectories on common iterations, with runs that ended kept at their last value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stationary.figures import style

Array = Any


@dataclass(frozen=True)
class Paths:
    """Values of one quantity.

    Attributes:
        iteration: recorded iterations, ascending, [K].
        value: [R, K]; NaN where it was not measured or not finite.
    """

    iteration: Array
    value: Array


def of(trajectories: pd.DataFrame, quantity: str) -> Paths:
    """One method's runs of some conditions, each continued at its last recorded value once it has ended."""
    wide = trajectories.pivot(index=["condition", "seed"], columns="iteration", values=quantity).sort_index(axis=1)
    wide = wide.astype(float).replace([np.inf, -np.inf], np.nan)
    if quantity == "n_negative":
        wide = wide.mask(wide < 0)  # not decomposed there
    return Paths(wide.columns.to_numpy(dtype=float), wide.ffill(axis=1).to_numpy())


def band(
    axes: Axes, paths: Paths, *, color: str, dashes: tuple[float, ...] = (), width: float = 1.3, fill: float = 0.15
) -> None:
    """Median over the runs, and the interquartile band around it."""
    measured = ~np.isnan(paths.value).all(axis=0)
    if not measured.any():
        return
    low, middle, high = np.nanquantile(paths.value[:, measured], [0.25, 0.5, 0.75], axis=0)
    x = 1.0 + paths.iteration[measured]
    axes.fill_between(x, low, high, color=color, alpha=fill, linewidth=0, zorder=2)
    (line,) = axes.plot(x, middle, color=color, linewidth=width, zorder=4)
    if dashes:
        line.set_dashes(dashes)


def lines(axes: Axes, paths: Paths, *, color: str, alpha: float) -> None:
    """Every run as a thin line, rasterised: there can be hundreds."""
    if paths.value.size:
        axes.plot(1.0 + paths.iteration, paths.value.T, color=color, alpha=alpha, linewidth=0.35, zorder=1, rasterized=True)


def iteration_axis(axes: Axes, *, label: bool) -> None:
    """Iterations on a logarithmic axis, the start at 1."""
    axes.set_xscale("log")
    axes.set_xlim(left=1.0)
    axes.minorticks_off()
    if label:
        axes.set_xlabel("1 + iteration")


def limits(axes: Axes, values: Sequence[Array], cut: tuple[float, float]) -> None:
    """A logarithmic ordinate over the range of the values, cut where a diverging run would squeeze the rest."""
    axes.set_yscale("log")
    found = np.concatenate([np.ravel(value) for value in values]) if values else np.empty(0)
    found = found[np.isfinite(found) & (found > 0)]
    if found.size:
        bottom, top = max(cut[0], float(found.min())), min(cut[1], float(found.max()))
        if bottom < top:
            axes.set_ylim(bottom / 2, top * 2)
    axes.tick_params(axis="y", which="minor", left=False)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.3)
