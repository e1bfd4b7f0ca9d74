"""How often random trials break convexity, case by case, with intervals (claims A1 - A3, A7 - A11, A13)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import style

TESTS = {
    "jensen": ("above the chord", "#D55E00", "o"),
    "concave": ("below the chord", "#56B4E9", "s"),
    "quasi": ("above both ends", "#AA4499", "^"),
    "indefinite": ("Hessian of both signs", "#0072B2", "D"),
    "negative": ("Hessian with a negative eigenvalue", "#009E73", "v"),
}
"""What a violation is, by the test of the table."""

TITLES = {
    "A1": "A1: hidden layers",
    "A2": "A2: none, convex",
    "A3": "A3: linear units",
    "A7": "A7: quasi-convex",
    "A8": "A8: building blocks",
    "A9": "A9: products",
    "A10": "A10: logistic likelihood",
    "A11": "A11: moving averages",
    "A13": "A13: radial bases",
}

_LEFT = ("A1", "A2", "A3")
_NONE = 2e-5
"""Where "none" is drawn on the logarithmic axis, if no trial bounds it from below."""

_ROW = 0.135


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Rows: cases by claim; a mark per test with its 95 % interval, hollow where no trial violates.

    Args:
        tables: ``trials``.
    """
    trials = tables["trials"].to_pandas()
    if trials.empty:
        return style.blank("no trials")
    left = trials["claim"].isin(_LEFT)
    lists = [list(_rows(trials[left])), list(_rows(trials[~left]))]
    height = max((rows[-1][0] if rows else 0.0) for rows in lists) + 1.2
    figure = style.figure(_ROW * height + 0.9)
    panels = figure.subplots(1, 2)
    for axes, rows, letter, words in zip(panels, lists, "ab", ("networks", "blocks, likelihoods, series"), strict=True):
        _panel(axes, rows, trials)
        axes.set_ylim(height - 0.5, -0.7)
        style.title(axes, letter, words)
    used = [test for test in TESTS if (trials["test"] == test).any()]
    handles = [Line2D([], [], color=TESTS[test][1], marker=TESTS[test][2], markersize=3, label=TESTS[test][0]) for test in used]
    handles.append(
        Line2D(
            [],
            [],
            color=style.MUTED,
            marker="o",
            markerfacecolor="white",
            markersize=3,
            label="none: upper end of the interval",
        )
    )
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.4)
    return figure


def _rows(trials: pd.DataFrame) -> Iterator[tuple[float, str, str | None]]:
    """Height, label, and the case, or None for a claim's heading."""
    y = 0.0
    for claim in (name for name in TITLES if (trials["claim"] == name).any()):
        yield y, TITLES[claim], None
        y += 1.0
        for case in dict.fromkeys(trials.loc[trials["claim"] == claim, "case"]):
            yield y, f"{claim}/{case}", case
            y += 1.0
        y += 0.5


def _panel(axes: Axes, rows: list[tuple[float, str, str | None]], trials: pd.DataFrame) -> None:
    for y, label, case in rows:
        if case is None:
            axes.text(0.0, y, label, transform=axes.get_yaxis_transform(), fontsize=6.5, fontweight="bold", va="center")
            continue
        here = trials[(trials["claim"] == label.split("/")[0]) & (trials["case"] == case)]
        for one in here.to_dict("records"):
            _, color, marker = TESTS[one["test"]]
            axes.hlines(y, max(one["ci_low"], _NONE), one["ci_high"], color=color, linewidth=0.9)
            found = one["violations"] > 0
            place = one["share"] if found else one["ci_high"]
            face = color if found else "white"
            axes.plot(place, y, marker, color=color, markerfacecolor=face, markersize=3, markeredgewidth=0.6)
    marked = [(y, case) for y, _, case in rows if case is not None]
    axes.set_yticks([y for y, _ in marked], [case for _, case in marked])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xscale("log")
    axes.set_xlim(_NONE, 1.5)
    axes.grid(axis="x", color=style.FAINT, linewidth=0.4)
    axes.set_xlabel("share of trials that violate, 95 % interval")
