"""Share of negative eigenvalues where descent ends, by width (twin of Choromanska et al. 2015, figure 5; claims W6, W7)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import style

PUBLISHED = 0.01
"""The paper's "of the order of 0.01" at most."""

PERCENTILE = 0.95
LINEAR = 1e-3
"""Shares below this are drawn on a linear stretch down to zero."""

_OURS, _AUTHORS = "#0072B2", "#D55E00"
_ARRIVED, _NOT_ARRIVED = "#009E73", "#AA4499"
_GOLDEN = 0.6180339887498949


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Left: the index at a cut of 1e-3, by both denominators. Right: of the smooth twin, before and after polishing.

    Args:
        tables: ``spectra`` and ``polished``.
    """
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    _spectra(left, _frame(tables["spectra"], ["eigenvalues"]))
    _polished(right, _frame(tables["polished"], ["theta", "layout"]))
    handles = [
        _mark("one network, of P", _OURS, "o"),
        _mark("of 2 P, as the authors' code divides", _AUTHORS, "^"),
        Line2D([], [], color=style.INK, linewidth=1.6, label="95th percentile"),
        Line2D([], [], color=style.INK, linewidth=0.8, linestyle="--", label="published, of the order of 0.01"),
        _mark("polished to a critical point", _ARRIVED, "o"),
        _mark("did not arrive", _NOT_ARRIVED, "X"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.4)
    return figure


def _spectra(axes: Axes, frame: pd.DataFrame) -> None:
    """One column per width; a dot per network and denominator, a bar at each 95th percentile."""
    known = frame[frame["index"].notna()]
    widths = sorted(known["width"].unique())
    for place, width in enumerate(widths):
        here = known[known["width"] == width]
        for column, offset, color, marker in (("index", -0.2, _OURS, "o"), ("index_authors", 0.2, _AUTHORS, "^")):
            values = here[column].to_numpy(dtype=float)
            x = place + offset + _spread(here, 0.24)
            axes.plot(x, values, marker, color=color, markersize=2.6, alpha=0.6, markeredgewidth=0)
            axes.hlines(
                np.quantile(values, PERCENTILE), place + offset - 0.16, place + offset + 0.16, color=color, linewidth=1.6
            )
    axes.axhline(PUBLISHED, color=style.INK, linestyle="--", linewidth=0.8, zorder=3)
    axes.set_xticks(range(len(widths)), [f"{width}\n({(known['width'] == width).sum()})" for width in widths])
    axes.set_xlabel("hidden units (networks)")
    axes.set_ylabel("share of eigenvalues < -0.001")
    _shares(axes, len(widths))
    style.title(axes, "a", f"where descent stopped{_datasets(known)}")
    if known.empty:
        style.say(axes, "no spectrum")


def _polished(axes: Axes, frame: pd.DataFrame) -> None:
    """Per width a pair of columns, stopped and polished; each network is a line between them."""
    counts = frame[["n_negative", "n_null", "n_positive"]].sum(axis=1, skipna=False)
    frame = frame.assign(before=frame["n_negative_before"] / counts, after=frame["n_negative"] / counts)
    known = frame[frame["before"].notna() & frame["after"].notna()]
    widths = sorted(frame["width"].unique())
    ticks: list[float] = []
    labels: list[str] = []
    for place, width in enumerate(widths):
        here = known[known["width"] == width]
        first, second = place - 0.22 + _spread(here, 0.16), place + 0.22 + _spread(here, 0.16)
        arrived = here["arrived"].to_numpy(dtype=bool)
        for chosen, color, marker in ((arrived, _ARRIVED, "o"), (~arrived, _NOT_ARRIVED, "X")):
            before, after = (here[column].to_numpy(dtype=float)[chosen] for column in ("before", "after"))
            ends = np.stack([first[chosen], second[chosen]])
            axes.plot(ends, np.stack([before, after]), color=color, linewidth=0.4, alpha=0.35)
            axes.plot(ends[0], before, "o", color=style.MUTED, markersize=2.4, markeredgewidth=0, alpha=0.7)
            axes.plot(ends[1], after, marker, color=color, markersize=2.6, markeredgewidth=0, alpha=0.7)
        whole = frame[frame["width"] == width]
        axes.annotate(
            f"{int(whole['arrived'].sum())} of {len(whole)} arrived",
            (place, 0.97),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="top",
            fontsize=6,
        )
        ticks += [place - 0.22, place + 0.22]
        labels += ["stopped", f"polished\n{width} units"]
    axes.set_xticks(ticks, labels)
    axes.set_ylabel("share of eigenvalues < 0")
    _shares(axes, len(widths))
    style.title(axes, "b", f"smooth twin, tanh with l2{_datasets(frame)}")
    if frame.empty:
        style.say(axes, "no polished network")


def _shares(axes: Axes, columns: int) -> None:
    """A share's axis: linear about zero, then logarithmic to one."""
    axes.set_yscale("symlog", linthresh=LINEAR, linscale=0.5)
    axes.set_ylim(-0.15 * LINEAR, 1.0)
    axes.set_yticks([0.0, 1e-3, 1e-2, 1e-1, 1.0], ["0", "0.001", "0.01", "0.1", "1"])
    axes.minorticks_off()
    axes.set_xlim(-0.5, max(columns, 1) - 0.5)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.4)


def _spread(frame: pd.DataFrame, width: float) -> np.ndarray:
    """Offsets by the network's number, not by chance: the same file every time."""
    return np.asarray(((frame["seed"].to_numpy() * _GOLDEN) % 1.0 - 0.5) * width)


def _datasets(frame: pd.DataFrame) -> str:
    names = sorted(frame["dataset"].unique())
    return f" ({', '.join(name.replace('_', ' ') for name in names)})" if names else ""


def _frame(table: pa.Table, lists: list[str]) -> pd.DataFrame:
    frame: pd.DataFrame = table.drop_columns(lists).to_pandas()
    return frame


def _mark(label: str, color: str, marker: str) -> Line2D:
    return Line2D([], [], color=color, marker=marker, markersize=3, linewidth=0, label=label)
