"""How often first-order training stops away from any critical point, by experiment and method (claim B7)."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from matplotlib.figure import Figure

from stationary.figures import optimizer_looks, style

EXPERIMENTS = {
    "minima": "networks by width",
    "annealing": "descents beside annealing",
    "newton": "the Newton experiment",
    "fits": "fits, further optimisers",
    "saddles": "near saddles",
    "digits": "small classifier of digits",
    "conditioning": "measured step by step",
}
HIGH, LOW = 0.5, 0.1
"""Bounds of claim B7."""

SHARE = "whose gradient norm ends above"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """A row per experiment and method: share of runs with its 95 % interval, all runs pooled below.

    Args:
        tables: ``summary``.
    """
    frame = tables["summary"].to_pandas()
    rows = _ordered(frame[(frame["claim"] == "B7") & frame["statistic"].str.contains(SHARE)])
    if not rows["n"].any():
        return style.blank("no run")
    figure = style.figure(0.16 * len(rows) + 0.7)
    axes = figure.subplots()
    for y, one in enumerate(rows.to_dict("records")):
        color = style.INK if one["case"] == "all" else style.FAMILIES["first_order"][1]
        axes.plot([one["ci_low"], one["ci_high"]], [y, y], color=color, linewidth=1.2)
        axes.plot(one["estimate"], y, "|", color=color, markersize=6, markeredgewidth=1.4)
        axes.annotate(f"{one['n']}", (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=6, color=style.MUTED)
    axes.annotate("runs", (1.01, -1), xycoords=("axes fraction", "data"), va="center", fontsize=6, color=style.MUTED)
    for bound in (LOW, HIGH):
        axes.axvline(bound, color=style.INK, linestyle=":", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [_label(*one) for one in zip(rows["case"], rows["method"], strict=True)])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("share of runs whose gradient norm ends above 1e-3 of its start")
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)
    return figure


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Experiment by experiment, all of them last."""
    place = {name: number for number, name in enumerate([*EXPERIMENTS, "all"])}
    return rows.assign(place=rows["case"].map(place)).sort_values(["place", "method"], kind="stable")


def _label(experiment: str, method: str) -> str:
    if experiment == "all":
        return "all runs"
    return f"{EXPERIMENTS.get(experiment, experiment)}: {'SGD' if method == 'sgd' else optimizer_looks.label(method)}"
