"""The mechanism at trivial end points: paths towards them, cosines there, and the basis that was learned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from stationary.figures import paths, rebuild, runs, style

TRIVIAL, OTHER, BASIS = "#D55E00", "#5A7D9A", "#0072B2"
COSINES = ("cosine_start", "cosine_end", "cosine_start_centred", "cosine_centred")
_CELL_COLORS = ("#882255", "#E69F00", "#56B4E9", "#555555", "#117733", "#CC79A7", "#8A3C00", "#88CCEE")
"""Of cells: none of them means trivial, other or basis in the panels beside."""

LOWEST = 1e-17
"""Cosines below this are rounding and are drawn here."""

GRID = 401
"""Points at which a learned basis is drawn: more than the training grid has, so that what hides between nodes shows."""

Run = Mapping[Hashable, Any]


def path_panel(axes: Axes, trajectories: pd.DataFrame, here: pd.DataFrame, quantity: str) -> list[Any]:
    """Exact Newton's path of one quantity, run by run, with medians of those that ended trivial and of the others.

    Returns:
        the values drawn, for common limits.
    """
    keys = pd.MultiIndex.from_frame(here.loc[here["trivial"], ["condition", "seed"]])
    inside = trajectories[trajectories["condition"].isin(here["condition"]) & (trajectories["method"] == runs.EXACT)]
    trivial = pd.MultiIndex.from_frame(inside[["condition", "seed"]]).isin(keys)
    drawn = []
    for group, color in ((inside[~trivial], OTHER), (inside[trivial], TRIVIAL)):
        found = paths.of(group, quantity)
        if found.value.size:
            paths.lines(axes, found, color=color, alpha=0.35)
            paths.band(axes, found, color=color, dashes=(4, 1.5) if color == OTHER else (), width=1.6, fill=0.0)
            drawn.append(found.value)
    return drawn


def path_legend() -> list[Line2D]:
    """Handles for :func:`path_panel`."""
    other = Line2D([], [], color=OTHER, linewidth=1.6, label="runs that ended elsewhere or not at all")
    other.set_dashes((4, 1.5))
    return [Line2D([], [], color=TRIVIAL, linewidth=1.6, label="runs that ended at a trivial point"), other]


def cosine_panel(axes: Axes, cells: Sequence[tuple[str, pd.DataFrame]], markers: str = "oD^sPXv<") -> None:
    """Largest |cos(phi_k, f)| at the start and at the end of the runs that ended trivial, one marker per cell."""
    shown = 0
    for number, (label, here) in enumerate(cells):
        ended = here[here["trivial"]]
        offset = 0.6 * ((number + 0.5) / len(cells) - 0.5)
        for place, name in enumerate(COSINES):
            value = np.maximum(ended[name].to_numpy(dtype=float), LOWEST)
            jitter = ((ended["seed"].to_numpy() * 0.618) % 1.0 - 0.5) * 0.4 / len(cells)
            marker = markers[number % len(markers)]
            axes.plot(
                place + offset + jitter,
                value,
                marker,
                color=_CELL_COLORS[number % len(_CELL_COLORS)],
                markersize=2.2,
                markeredgewidth=0,
                alpha=0.7,
                label=label if place == 0 and len(ended) else None,
            )
            finite = value[np.isfinite(value)]
            if finite.size:
                axes.plot(place + offset + np.array([-0.1, 0.1]), [np.median(finite)] * 2, color=style.INK, linewidth=1.0)
        shown += len(ended)
    axes.set_xticks(range(len(COSINES)), ["start", "end"] * 2)
    axes.set_xlim(-0.5, len(COSINES) - 0.5)
    axes.set_xlabel("plain (left), means removed (right)")
    if not shown:
        axes.set_yticks([])
        style.say(axes, "no run ended at a trivial point")
        return
    axes.axhline(1e-3, color=style.INK, linestyle=":", linewidth=0.8)
    axes.set_yscale("log")
    axes.set_ylim(LOWEST / 3, 3)
    axes.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1.0])
    axes.minorticks_off()
    axes.axvline(1.5, color=style.FAINT, linewidth=0.6)


def choose(frame: pd.DataFrame) -> tuple[Run | None, Run | None]:
    """Two trivial end points of exact Newton: the least and the most saturated one.

    Saddles come before other kinds; ties go to the first cell, then to the lowest seed. The second is None if it would be
    no more saturated than the first.
    """
    ordered = [here for _, here in runs.cells(frame[(frame["method"] == runs.EXACT) & frame["trivial"]])]
    if not ordered:
        return None, None
    ended = pd.concat([here.sort_values("seed") for here in ordered], ignore_index=True)
    ended["saturation"] = [rebuild.saturated_share(run) for run in ended.to_dict("records")]
    ended["is_no_saddle"], ended["unsaturated"] = ended["kind"] != "saddle", -ended["saturation"]
    # A stable sort keeps cells and seeds in their order within ties.
    least = ended.sort_values(["is_no_saddle", "saturation"], kind="stable").to_dict("records")[0]
    most = ended.sort_values(["is_no_saddle", "unsaturated"], kind="stable").to_dict("records")[0]
    return least, most if most["saturation"] > least["saturation"] else None


def basis_panel(axes: Axes, run: Run | None, *, absent: str) -> str:
    """Draw a learned basis against the target, each function scaled to unit rms.

    Args:
        axes: where to draw.
        run: from :func:`choose`; None draws the sentence in ``absent``.
        absent: why there is no run.

    Returns:
        text for the title: what the point is.
    """
    if run is None:
        style.say(axes, absent)
        axes.set_xticks([])
        axes.set_yticks([])
        return ""
    x = np.linspace(0.0, 1.0, GRID)
    basis, target = rebuild.basis_and_target(run, x)
    for function in basis:
        axes.plot(x, _unit(function), color=BASIS, linewidth=0.8, alpha=0.75)
    axes.plot(x, _unit(target), color=style.INK, linewidth=1.4, linestyle="--")
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    plain, centred = _number(run["cosine_end"]), _number(run["cosine_centred"])
    axes.set_xlabel(f"x\n|cos| ≤ {plain}, centred {centred}")
    kind = "trivial saddle" if run["kind"] == "saddle" else f"trivial, {run['kind']}"
    label = f"{run['network']}, {runs.TARGETS.get(run['target'], run['target'])}"
    share = f"{round(100 * run['saturation'])} % saturated"
    return f"{kind}\n{label}\n{share}"


def basis_legend(symbol: str, target: str) -> list[Line2D]:
    """Handles for :func:`basis_panel`."""
    return [
        Line2D([], [], color=BASIS, linewidth=0.8, label=symbol),
        Line2D([], [], color=style.INK, linewidth=1.4, linestyle="--", label=target),
    ]


def _unit(function: Any) -> Any:
    size = np.sqrt(np.mean(function * function))
    return function / size if size > 0 else function


def _number(value: float) -> str:
    return "undefined" if np.isnan(value) else f"{value:.0e}" if value < 0.01 else f"{value:.2f}"
