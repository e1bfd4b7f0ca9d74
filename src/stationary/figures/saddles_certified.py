"""Certified critical points of the 3-spin glass against the exact means, and how saddles outgrow minima (claim D9)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from stationary.experiments import spin_glass_ratio
from stationary.experiments.spin_glass_rows import mean_with_t
from stationary.figures import style

SPINS = 3
"""The p that is drawn; claim D9 is about p = 3."""

_COLORS = ("#882255", "#0072B2", "#009E73", "#E69F00", "#D55E00", "#CC79A7")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_EXPONENTIAL, _POWER = "#0072B2", "#D55E00"


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Left: certified points by index for every N searched, on the exact means. Right: exact saddles over minima, both laws.

    Args:
        tables: ``critical_points``, ``search``, ``complexity``.
    """
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2)
    _counts(left, tables)
    _growth(right, tables["complexity"])
    style.title(left, "a", "certified critical points per draw, p = 3")
    style.title(right, "b", "saddles per minimum, exact, p = 3")
    marks = [
        Line2D([], [], color=style.INK, linewidth=0.8, label="exact mean"),
        Line2D([], [], color=style.INK, marker="o", markersize=3, linewidth=0, label="certified, mean and 95 %"),
    ]
    left.legend(handles=marks, loc="upper left")
    return figure


def _counts(axes: Axes, tables: dict[str, pa.Table]) -> None:
    """Mean over complete draws; a draw without a point of some index counts as 0."""
    search = tables["search"].to_pandas()
    complete = search[search["complete"] & (search["method"] == "homotopy") & (search["p"] == SPINS)]
    points = tables["critical_points"].select(["p", "size", "draw", "index", "certified"]).to_pandas()
    points = points[points["certified"]].merge(complete[["p", "size", "draw"]], on=["p", "size", "draw"])
    exact = tables["complexity"].to_pandas()
    exact = exact[(exact["kind"] == "count") & (exact["p"] == SPINS) & (exact["k"] >= 0)]
    axes.set_xlabel("index k")
    if complete.empty:
        style.say(axes, "no complete draw")
        return
    for number, size in enumerate(sorted(complete["size"].unique().tolist())):
        draws = complete.loc[complete["size"] == size, "draw"]
        color, marker = _COLORS[number % len(_COLORS)], _MARKERS[number % len(_MARKERS)]
        mean = exact[exact["size"] == size].sort_values("k")
        axes.plot(mean["k"], mean["expected_count"], color=color, linewidth=0.8)
        counted = points[points["size"] == size].groupby(["draw", "index"]).size().unstack(fill_value=0)
        counted = counted.reindex(index=draws, columns=range(size), fill_value=0)
        found = [mean_with_t(counted[k]) for k in range(size)]
        value, low, high = (np.array([getattr(one, name) for one in found]) for name in ("value", "low", "high"))
        spread = np.nan_to_num(np.stack([value - low, high - value]))  # a single draw has no interval
        axes.errorbar(
            range(size), value, yerr=spread, fmt=marker, color=color, markersize=2.8, elinewidth=0.8, capsize=1.5, linewidth=0
        )
        # The last index of every N stands alone: there is room for its name below.
        axes.annotate(
            f"N = {size}\n({len(counted)})",
            (size - 1, low[-1] if np.isfinite(low[-1]) and low[-1] > 0 else value[-1]),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=6,
            color=color,
            linespacing=1.0,
        )
    axes.set_yscale("log")
    axes.set_ylabel("mean number per draw")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    low_end, high_end = axes.get_ylim()
    axes.set_ylim(low_end * (low_end / high_end) ** 0.16, high_end * (high_end / low_end) ** 0.16)  # room for names
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _growth(axes: Axes, complexity: pa.Table) -> None:
    ratio = spin_glass_ratio.ratios(complexity)
    axes.set_xlabel("N")
    axes.set_ylabel("saddles over minima")
    if len(ratio) < 3:
        style.say(axes, "fewer than three sizes")
        return
    exponential, power = spin_glass_ratio.fits(ratio)
    sizes = np.linspace(ratio["size"].min(), ratio["size"].max(), 200)
    axes.plot(
        sizes,
        np.exp(power.intercept + power.slope.value * np.log(sizes)),
        color=_POWER,
        linestyle="--",
        label=rf"power law, $N^{{{power.slope.value:.2f}}}$",
    )
    axes.plot(
        sizes,
        np.exp(exponential.intercept + exponential.slope.value * sizes),
        color=_EXPONENTIAL,
        label=rf"exponential, $e^{{{exponential.slope.value:.3f} N}}$",
    )
    axes.plot(ratio["size"], ratio["ratio"], "o", color=style.INK, markersize=3, label="exact")
    axes.set_yscale("log")
    axes.legend(loc="upper left")
    axes.annotate(
        f"AIC, power law less exponential: {power.aic - exponential.aic:+.1f}",
        (1.0, 0.02),
        xycoords="axes fraction",
        ha="right",
        va="bottom",
        fontsize=6.5,
        color=style.INK,
    )
