"""What panels against width or size share: axes, estimates with intervals, and a look per size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from stationary.figures import style
from stationary.figures.ensembles import Look, PowerLaw
from stationary.intervals import Estimate

Array = Any

PUBLISHED = Look("published, MNIST", style.MUTED, "*")
WIDTH = "hidden units n₁"


def shades(count: int) -> list[tuple[float, float, float]]:
    """Colours for ordered sizes, light to dark; also in grey print."""
    colors = mpl.colormaps["viridis"](np.linspace(0.88, 0.0, max(count, 2)))[:count, :3]
    return [(float(red), float(green), float(blue)) for red, green, blue in colors]


def size_axis(axes: Axes, sizes: Sequence[int], label: str) -> None:
    """A logarithmic axis with the sizes that were run as its ticks."""
    axes.set_xscale("log")
    if sizes:
        axes.set_xticks(list(sizes), [str(size) for size in sizes])
        axes.set_xlim(min(sizes) / 1.35, max(sizes) * 1.35)
    axes.minorticks_off()
    axes.set_xlabel(label)


def plain_ticks(axes: Axes) -> None:
    """Ticks of a logarithmic ordinate: powers of ten, and 2 and 5 between them where the range is short."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    short = high / low < 100
    axes.yaxis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0) if short else (1.0,), numticks=12))
    if short:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _plain(value: float) -> str:
    r"""A tick's number as one writes it.

    >>> _plain(0.05), _plain(2e-5)
    ('0.05', '$2\\times10^{-5}$')
    """
    if value >= 1e-3:
        return f"{value:g}"
    digit, power = f"{value:.0e}".split("e")
    return rf"${digit}\times10^{{{int(power)}}}$"


def ratio_ticks(axes: Axes) -> None:
    """A logarithmic ordinate for ratios near one, ticked like a ruler where the range is short."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    if high / low > 4.0:
        plain_ticks(axes)
        return
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def legend(figure: Figure, handles: Sequence[Any], title: str, columns: int = 4) -> None:
    """Legend below the panels; above them what was run."""
    columns = min(columns, len(handles))
    figure.legend(handles=list(handles), loc="outside lower center", ncols=columns, columnspacing=1.5, handletextpad=0.6)
    figure.suptitle(title, fontsize=7, x=0.01, ha="left", color=style.INK)


def dodged(sizes: Sequence[int], place: int, of: int, step: float = 1.07) -> Array:
    """Abscissae on a logarithmic axis, moved so that several series do not hide each other."""
    return np.asarray(sizes, dtype=float) * step ** (place - 0.5 * (of - 1))


def estimates(axes: Axes, x: Array, values: Sequence[Estimate], look: Look, *, hollow: bool = False) -> None:
    """Values with their intervals; what is NaN is not drawn."""
    axes.vlines(x, [one.low for one in values], [one.high for one in values], color=look.color, linewidth=0.9, zorder=3)
    axes.plot(
        x,
        [one.value for one in values],
        look.marker,
        color=look.color,
        markerfacecolor="white" if hollow else look.color,
        markersize=3.4,
        markeredgewidth=0.7,
        zorder=4,
    )


def dots(axes: Axes, x: Array, y: Array, look: Look, *, size: float = 1.7, alpha: float = 0.45) -> None:
    """One faint mark per network, rasterised: there can be thousands."""
    axes.plot(x, y, look.marker, color=look.color, markersize=size, markeredgewidth=0, alpha=alpha, zorder=1, rasterized=True)


def handle(look: Look, *, hollow: bool = False, label: str | None = None, bar: bool = True) -> Line2D:
    """Legend entry for :func:`estimates`."""
    return Line2D(
        [],
        [],
        color=look.color,
        marker=look.marker,
        markerfacecolor="white" if hollow else look.color,
        markersize=4 if look.marker == "*" else 3.4,
        markeredgewidth=0.7,
        linewidth=0.9 if bar else 0,
        label=label or look.label,
    )


def published(axes: Axes, x: Sequence[float] | Array, y: Sequence[float] | Array) -> None:
    """Published points, grey stars behind ours."""
    axes.plot(x, y, PUBLISHED.marker, color=PUBLISHED.color, markersize=5, markeredgewidth=0, zorder=2)


def fitted(axes: Axes, law: PowerLaw, color: str) -> None:
    """A power law over the sizes that it was fitted to, with its pointwise 95 % band."""
    if np.isnan(law.exponent.value):
        return
    x = np.geomspace(min(law.sizes), max(law.sizes), 30)
    axes.plot(x, np.exp(law.level.value + law.exponent.value * np.log(x)), color=color, linestyle="--", zorder=2)
    curves = np.exp(law.level.resamples + np.log(x)[:, None] * law.exponent.resamples)
    if np.isfinite(curves).all():
        low, high = np.quantile(curves, [0.025, 0.975], axis=1)
        axes.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0, zorder=1)
