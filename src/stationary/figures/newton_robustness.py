"""Is it one setting's accident? Failure and trivial ends over the sweep (Rowan 2025, claim N9; settings ours)."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import ascii_lowercase

import numpy as np
import pandas as pd
import pyarrow as pa
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary.figures import runs, style

Counted = tuple[pd.Series, pd.Series]

CUTS = {"newton": "P ε", "newton_cut_1e-10": "1e-10", "newton_cut_1e-6": "1e-6"}
"""Columns: relative size below which Newton takes an eigenvalue for zero."""

FACTORS = ("base", "step rule", "width", "depth", "activation", "target", "output-bias", "start-scale")
"""Rows within a base, in this order."""

JUDGED = 20
"""A share of fewer runs is never judged (config/claims.yaml) and carries a star."""

MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], Counted]]] = {
    "no success,\nof starts": ("Greys", lambda here: (~here["success"], _all(here))),
    "trivial,\nof starts": ("Oranges", lambda here: (here["trivial"], _all(here))),
    "trivial, of\nconverged": ("Oranges", lambda here: (here["trivial"], here["termination"] == "converged")),
    "saturated,\nof trivial": ("Blues", lambda here: (here["saturated_share"] == 1.0, here["trivial"])),
    "saddle,\nof trivial": ("Blues", lambda here: (here["kind"] == "saddle", here["trivial"])),
    "flat,\nof trivial": ("Blues", lambda here: (here["kind"] == "flat", here["trivial"])),
    "undecided,\nof trivial": ("Blues", lambda here: (here["kind"] == "undecided", here["trivial"])),
}
"""Blocks of columns: colour map, and what is counted among what."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """One heat map per base network and measure: sweep conditions by cuts, in percent.

    Args:
        tables: ``runs``.
    """
    frame = runs.frame(tables["runs"])
    sweep = _placed(frame[frame["family"] == "sweep"])
    cuts = [name for name in CUTS if name in set(sweep["method"])]
    bases = list(dict.fromkeys(sweep.sort_values("depth_of_base", kind="stable")["base"]))
    if not bases or not cuts:
        return style.blank("no sweep condition among these runs")
    rows = {base: _rows(sweep[sweep["base"] == base]) for base in bases}
    sizes = [len(rows[base]) for base in bases]
    figure = style.figure(0.155 * sum(sizes) + 1.05 + 0.2 * len(bases))
    grid = figure.subplots(len(bases), len(MEASURES), squeeze=False, height_ratios=sizes, sharex="col")
    for line, base in enumerate(bases):
        for column, (title, (palette, count)) in enumerate(MEASURES.items()):
            axes = grid[line, column]
            _map(axes, rows[base], cuts, count, palette)
            if line == 0:
                style.title(axes, ascii_lowercase[column], title)
            if line == len(bases) - 1:
                axes.set_xticks(np.arange(len(cuts)) + 0.5, [CUTS[name] for name in cuts], rotation=90)
        labels = list(rows[base])
        grid[line, 0].set_yticks(np.arange(len(labels)) + 0.5, labels, rotation=0)
        grid[line, 0].set_ylabel(f"base {_hidden(base)}", fontweight="bold")
    note = "relative cut below which Newton takes an eigenvalue for zero; shares in percent, * of fewer than 20 runs"
    figure.supxlabel(note, fontsize=7)
    figure.align_ylabels(grid[:, 0])
    return figure


def _map(
    axes: Axes, rows: dict[str, pd.DataFrame], cuts: list[str], count: Callable[[pd.DataFrame], Counted], palette: str
) -> None:
    values = np.full((len(rows), len(cuts)), np.nan)
    texts = np.full(values.shape, "", dtype=object)
    for line, here in enumerate(rows.values()):
        for column, cut in enumerate(cuts):
            mine = here[here["column"] == cut]
            hits, among = count(mine)
            if among.any():
                values[line, column] = 100.0 * float(hits[among].mean())
                few = "" if among.sum() >= JUDGED else "*"
                texts[line, column] = f"{values[line, column]:.0f}{few}"
    sns.heatmap(
        np.nan_to_num(values),
        mask=np.isnan(values),
        annot=texts,
        fmt="",
        annot_kws={"fontsize": 5.5},
        cmap=palette,
        vmin=0.0,
        vmax=150.0,
        cbar=False,
        linewidths=0.4,
        linecolor="white",
        xticklabels=False,
        yticklabels=False,
        ax=axes,
    )
    axes.set_facecolor("#F4F4F4")
    axes.tick_params(length=0)


def _placed(sweep: pd.DataFrame) -> pd.DataFrame:
    """Add to every run its base network, its row (factor and value) and its column (cut)."""
    sweep = sweep.copy()
    pattern = re.compile(rf"sweep-(\d+(?:x\d+)*)-({'|'.join(FACTORS)})-?(.*)")
    found = [pattern.fullmatch(name) for name in sweep["condition"]]
    sweep["base"] = [match[1] if match else "others" for match in found]
    sweep["depth_of_base"] = [match[1].count("x") if match else np.inf for match in found]
    factor = [match[2] if match else "" for match in found]
    value = [match[3] if match else name for match, name in zip(found, sweep["condition"], strict=True)]
    # A step rule is a factor like any other: its row is filled under the cut it was run with.
    rule = ~sweep["method"].isin(list(CUTS))
    sweep["factor"] = np.where(rule, "step rule", factor)
    labels = [style.method(name).label.removeprefix("Newton, ") for name in sweep["method"]]
    sweep["row"] = np.where(rule, labels, [_label(*pair) for pair in zip(factor, value, strict=True)])
    sweep["column"] = np.where(rule, "newton", sweep["method"])
    return sweep


def _rows(sweep: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rank = {name: number for number, name in enumerate(FACTORS)}
    found = sweep[["factor", "row"]].drop_duplicates()
    found = found.assign(rank=[rank.get(name, len(rank)) for name in found["factor"]]).sort_values("rank", kind="stable")
    return {str(row): sweep[sweep["row"] == row] for row in found["row"]}


def _label(factor: str, value: str) -> str:
    """Words for one row.

    >>> _label("output-bias", "true"), _label("start-scale", "0.3"), _label("base", "")
    ('output bias', 'start scale 0.3', 'base itself')
    """
    if factor == "base":
        return "base itself"
    if factor == "output-bias":
        return "output bias" if value == "true" else "no output bias"
    if factor == "target":
        return f"target {runs.TARGETS.get(value, value)}"
    return f"{factor.replace('-', ' ')} {value}".strip()


def _hidden(base: str) -> str:
    return "-".join(["1", *base.split("x"), "1"]) if base[0].isdigit() else base


def _all(here: pd.DataFrame) -> pd.Series:
    return pd.Series(True, index=here.index)
