"""What the searches end at, and how often they pass gradient-flat points (Frye et al. 2021; claim D3; settings ours)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary import intervals
from stationary.figures import saddle_points, style
from stationary.theory.published import END_SHARES, EndShares

BOUNDS = (0.5, 0.1)
"""Shares flat at some iterate above and below which a problem speaks for and against claim D3 (config/claims.yaml)."""

SHARES = {"critical": "critical", "flat": "flat at the end", "flat_sometime": "flat at some iterate"}
"""Fields of the published shares, which are also columns here, and what the panels are called."""

_PARTS = {
    "critical": (saddle_points.ENDS["critical"].color, "", saddle_points.ENDS["critical"].label),
    "undetermined": (saddle_points.ENDS["critical"].color, "xxx", "critical, index undetermined"),
    "flat": (saddle_points.ENDS["flat"].color, "//", saddle_points.ENDS["flat"].label),
    "unconverged": (saddle_points.ENDS["unconverged"].color, "", saddle_points.ENDS["unconverged"].label),
}
"""Parts of a bar: colour, hatch, words."""

_GAP, _TITLE, _ROW = 0.7, 1.0, 0.135  # rows, rows, inches


@dataclass(frozen=True)
class _Row:
    """A finder's runs on a problem at height y, or published shares, or, with neither, the problem's title."""

    y: float
    label: str
    runs: pd.DataFrame | None = None
    published: EndShares | None = None


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Rows: problems and finders. Stacked shares of ends, then each share with its interval.

    Args:
        tables: ``runs``.
    """
    runs = saddle_points.frame(tables["runs"], ("flat_iterates", "undetermined"))
    if runs.empty:
        return style.blank("no search for critical points")
    vague = (runs["end"] == "critical") & runs["undetermined"]
    runs = runs.assign(
        part=runs["end"].where(~vague, "undetermined"),
        critical=runs["end"] == "critical",
        flat=runs["end"] == "flat",
        flat_sometime=runs["flat_iterates"] > 0,
    )
    rows = list(_rows(runs))
    height = rows[-1].y + 1.2
    figure = style.figure(_ROW * height + 0.9)
    panels = figure.subplots(1, 1 + len(SHARES), width_ratios=[1.5, 1.0, 1.0, 1.0], sharey=True)
    _bars(panels[0], rows)
    for axes, letter, (column, words) in zip(panels[1:], "bcd", SHARES.items(), strict=True):
        _shares(axes, rows, column)
        style.title(axes, letter, words)
    style.title(panels[0], "a", "ends of the runs")
    for bound in BOUNDS:
        panels[-1].axvline(bound, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    _pooled(panels[-1], rows)
    panels[0].set_ylim(height - 0.5, -0.7)
    saddle_points.legend(figure, _handles(rows), 3)
    return figure


def _rows(runs: pd.DataFrame) -> Iterator[_Row]:
    y = 0.0
    finders = saddle_points.finders(runs)
    for problem in saddle_points.problems(runs):
        here = runs[runs["problem"] == problem]
        yield _Row(y, saddle_points.title(here))
        y += _TITLE
        for name in finders:
            mine = here[here["finder"] == name]
            if len(mine):
                yield _Row(y, f"{saddle_points.finder(name).label} ({len(mine)})", mine)
                y += 1.0
        # The published networks have two hidden layers; a classifier with one is another network.
        theirs = END_SHARES.get(str(here["kind"].iloc[0])) if problem.startswith("deep") else None
        if theirs is not None:
            yield _Row(y, "published", None, theirs)
            y += 1.0
        y += _GAP


def _bars(axes: Axes, rows: list[_Row]) -> None:
    """Shares of ends stacked to one; a problem's title stands above its rows."""
    for row in rows:
        if row.runs is not None:
            parts = {name: float((row.runs["part"] == name).mean()) for name in _PARTS}
        elif row.published is not None:
            critical, flat = row.published.critical, row.published.flat
            parts = {"critical": critical, "undetermined": 0.0, "flat": flat, "unconverged": 1.0 - critical - flat}
        else:
            axes.text(0.0, row.y, row.label, ha="left", va="center", fontsize=6.5, fontweight="bold")
            continue
        left = 0.0
        for name, part in parts.items():
            color, hatch, _ = _PARTS[name]
            alpha = 1.0 if row.published is None else 0.5
            axes.barh(row.y, part, left=left, height=0.8, color=color, alpha=alpha, hatch=hatch, edgecolor="white")
            left += part
    marked = [row for row in rows if row.runs is not None or row.published is not None]
    axes.set_yticks([row.y for row in marked], [row.label for row in marked])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    axes.set_xlabel("share of runs")


def _shares(axes: Axes, rows: list[_Row], column: str) -> None:
    look = saddle_points.ENDS["critical" if column == "critical" else "flat"]
    for row in rows:
        if row.runs is not None:
            found = intervals.share(row.runs[column].to_numpy(dtype=bool))
            axes.hlines(row.y, found.low, found.high, color=look.color, linewidth=0.9)
            axes.plot(found.value, row.y, look.marker, color=look.color, markersize=3)
        elif row.published is not None:
            axes.plot(getattr(row.published, column), row.y, "*", color=style.MUTED, markersize=5)
    axes.set_xlim(-0.04, 1.04)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)
    axes.set_xlabel("share, 95 % interval")


def _pooled(axes: Axes, rows: list[_Row]) -> None:
    """The share that claim D3 is judged on, of all finders' runs on a problem; they share starts, so no exact interval."""
    for problem in dict.fromkeys(row.runs["problem"].iloc[0] for row in rows if row.runs is not None):
        here = [row for row in rows if row.runs is not None and row.runs["problem"].iloc[0] == problem]
        share = pd.concat([row.runs for row in here])["flat_sometime"].mean()
        axes.vlines(share, here[0].y - 0.45, here[-1].y + 0.45, color=style.INK, linewidth=1.2, zorder=2)


def _handles(rows: list[_Row]) -> list[Patch | Line2D]:
    handles: list[Patch | Line2D] = [
        Patch(facecolor=color, hatch=hatch, edgecolor="white", label=label) for color, hatch, label in _PARTS.values()
    ]
    if any(row.published for row in rows):
        handles.append(Line2D([], [], color=style.MUTED, marker="*", markersize=5, linewidth=0, label="published, MNIST"))
    handles.append(Line2D([], [], color=style.INK, linewidth=1.2, label="all finders together"))
    handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="claim's bounds, 0.5 and 0.1"))
    return handles
