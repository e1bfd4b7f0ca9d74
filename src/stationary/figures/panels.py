"""Panels that several Newton figures share; rows of a panel are read from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from stationary import intervals
from stationary.figures import runs as ends
from stationary.figures import style

FLOOR, CEILING = 1e-10, 1e2
"""Relative losses outside these are drawn at the edge: below is a fit to rounding, above is lost."""

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Row:
    """One row of a panel: some runs under a label.

    Attributes:
        label: at the left axis.
        color: of the label's family.
        runs: from :func:`stationary.figures.runs.frame`.
        gap: space above, in rows.
    """

    label: str
    color: str
    runs: pd.DataFrame
    gap: float = 0.0


def method_rows(runs: pd.DataFrame, names: Sequence[str], *, gaps: bool = True) -> list[Row]:
    """One row per method, with a gap between families unless told not to; a method without runs keeps its row."""
    rows: list[Row] = []
    family = ""
    for name in names:
        look = style.method(name)
        gap = 0.5 if gaps and family and look.family != family else 0.0
        family = look.family
        rows.append(Row(look.label, style.family_color(name), runs[runs["method"] == name], gap))
    return rows


def positions(rows: Sequence[Row]) -> np.ndarray:
    """Ordinates of the rows, the first at 0."""
    steps = np.array([1.0 + row.gap for row in rows])
    return np.cumsum(steps) - steps[0] if rows else steps


def losses(axes: Axes, rows: Sequence[Row], *, labels: bool = True, margin: bool = True) -> None:
    """Final loss over that of the zero function: one dot per run, box from quartile to quartile with the median.

    The right margin counts successes and runs that lie above the axis or are not finite.
    """
    import seaborn as sns  # not at the top: most figures import this module and never this package of a second

    at = positions(rows)
    axes.axvline(1.0, color=style.INK, linestyle="--", linewidth=0.8, zorder=1)
    axes.axvline(ends.SUCCESS, color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    for y, row in zip(at, rows, strict=True):
        relative = row.runs["relative_loss"].to_numpy(dtype=float)
        lost = ~(relative <= CEILING)  # true for NaN as well
        inside = np.clip(relative[~lost], FLOOR, None)
        if inside.size:
            _box(axes, inside, float(y), row.color)
            # Dots spread by the replica's number, not by chance: the same file every time.
            offset = ((row.runs["seed"].to_numpy()[~lost] * _GOLDEN) % 1.0 - 0.5) * 0.62
            sns.scatterplot(x=inside, y=y + offset, ax=axes, s=4, color=row.color, alpha=0.55, linewidth=0, legend=False)
        if margin:
            for x, count in ((1.09, int(row.runs["success"].sum())), (1.21, int(lost.sum()))):
                text = str(count) if len(row.runs) else "–"
                axes.text(x, float(y), text, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=6)
    if margin:
        for x, word in ((1.09, "fit"), (1.21, "lost")):
            axes.text(
                x, -0.9, word, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=6, color=style.MUTED
            )
    axes.set_xscale("log")
    axes.set_xlim(FLOOR / 3, CEILING * 3)
    axes.set_xticks([1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1.0, 1e2])
    axes.minorticks_off()
    rows_axis(axes, rows, labels=labels)
    axes.set_ylabel("")


def _box(axes: Axes, values: np.ndarray, y: float, color: str) -> None:
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    axes.barh(y, high - low, left=low, height=0.8, color=color, alpha=0.18, linewidth=0, zorder=2)
    axes.plot([middle, middle], [y - 0.4, y + 0.4], color=color, linewidth=1.6, zorder=4, solid_capstyle="butt")


def bars(axes: Axes, rows: Sequence[Row], *, labels: bool = True) -> None:
    """Share of runs per class of end, stacked to one."""
    for y, row in zip(positions(rows), rows, strict=True):
        left = 0.0
        for name, (color, hatch) in ends.ENDS.items():
            part = float((row.runs["end"] == name).mean()) if len(row.runs) else 0.0
            if part:
                axes.barh(y, part, left=left, height=0.8, color=color, hatch=hatch, edgecolor="white", linewidth=0.3)
            left += part
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    rows_axis(axes, rows, labels=labels)


@dataclass(frozen=True)
class Share:
    """A share drawn with its interval: of all starts, or of the converged runs alone."""

    label: str
    column: str
    color: str
    marker: str
    of_converged: bool = False

    def of(self, runs: pd.DataFrame) -> intervals.Estimate:
        """The share among these runs, with its 95 % Clopper-Pearson interval."""
        counted = runs[runs["termination"] == "converged"] if self.of_converged else runs
        return intervals.share(counted[self.column].to_numpy(dtype=bool))


SHARES = (
    Share("trivial, of all starts", "trivial", "#D55E00", "D"),
    Share("trivial, of converged runs", "trivial", "#8A3C00", "s", of_converged=True),
    Share("success, of all starts", "success", "#009E73", "o"),
)


def shares(axes: Axes, rows: Sequence[Row]) -> None:
    """The shares that the claims judge, with 95 % Clopper-Pearson intervals; nothing where nothing was counted."""
    for share, offset in zip(SHARES, (-0.25, 0.0, 0.25), strict=True):
        for y, row in zip(positions(rows), rows, strict=True):
            found = share.of(row.runs)
            if found.n:
                axes.plot([found.low, found.high], [y + offset] * 2, color=share.color, linewidth=0.8, solid_capstyle="butt")
                face = "white" if share.of_converged else share.color
                axes.plot(
                    found.value,
                    y + offset,
                    share.marker,
                    markerfacecolor=face,
                    markeredgecolor=share.color,
                    markersize=2.4,
                    markeredgewidth=0.6,
                )
    axes.set_xlim(-0.03, 1.03)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)
    rows_axis(axes, rows, labels=False)


def share_handles() -> list[Line2D]:
    """Handles for :func:`shares`."""
    return [
        Line2D(
            [],
            [],
            color=share.color,
            marker=share.marker,
            markerfacecolor="white" if share.of_converged else share.color,
            markersize=3,
            linewidth=0.9,
            label=share.label,
        )
        for share in SHARES
    ]


def rows_axis(axes: Axes, rows: Sequence[Row], *, labels: bool) -> None:
    """Name the rows at the left, in their family's colour, or leave them unnamed."""
    at = positions(rows)
    axes.set_yticks(at, [row.label for row in rows] if labels else [""] * len(rows))
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(row.color)
    axes.tick_params(axis="y", length=0)
    if at.size:
        axes.set_ylim(float(at[-1]) + 0.6, -0.6)
    axes.spines["left"].set_visible(False)


def end_legend(figure: Figure, present: set[str], *, columns: int, more: Sequence[Line2D] = ()) -> None:
    """Legend of the classes of end that occur, and of ``more``, below the panels."""
    handles: list[Any] = [
        Patch(facecolor=color, hatch=hatch, edgecolor="white", linewidth=0.3, label=name)
        for name, (color, hatch) in ends.ENDS.items()
        if name in present
    ]
    handles += more
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, handlelength=1.4, columnspacing=1.2)


def family_legend(figure: Figure, names: Sequence[str], extra: Sequence[Line2D] = ()) -> None:
    """Legend of the families that occur, and of the lines across the panels."""
    families = dict.fromkeys(style.method(name).family for name in names)
    handles = [
        Line2D([], [], color=style.FAMILIES[family][1], marker="o", markersize=3, linewidth=0, label=style.FAMILIES[family][0])
        for family in families
    ]
    handles += extra
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.4, handletextpad=0.5)
