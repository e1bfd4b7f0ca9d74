"""One look for every figure: theme, sizes, the methods' names and colours, and files that are the same bytes every time.

Colours are Okabe and Ito's, which people with any colour vision tell apart; where colours could be confused, markers, line
styles or hatches carry the same distinction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stationary import storage

Drawing = ParamSpec("Drawing")

SINGLE, DOUBLE = 3.4, 7.0
"""Widths of one and of two columns of a journal page, in inches."""

RESOLUTION = 300
"""Dots per inch of the PNG and of what is rasterised inside the PDF."""

INK, MUTED, FAINT = "#222222", "#777777", "#C8C8C8"

FAMILIES = {
    "newton": ("exact Newton and variants", "#D55E00"),
    "remedy": ("remedies", "#0072B2"),
    "quasi_newton": ("quasi-Newton and gradients", "#009E73"),
    "first_order": ("first order", "#AA4499"),
    "other": ("other", "#666666"),
}


@dataclass(frozen=True)
class MethodStyle:
    """How a method appears in every figure."""

    label: str
    family: str
    color: str
    marker: str
    dashes: tuple[float, ...]


_SOLID: tuple[float, ...] = ()
_STYLES: tuple[tuple[str, str, str, str, str, tuple[float, ...]], ...] = (
    ("newton", "Newton (exact)", "newton", "#D55E00", "o", _SOLID),
    ("newton_cut_1e-10", "Newton, cut 1e-10", "newton", "#E8894A", "s", (4, 1.5)),
    ("newton_cut_1e-6", "Newton, cut 1e-6", "newton", "#F0AE86", "D", (1, 1)),
    ("newton_damped_step", "Newton, damped step", "newton", "#9C4500", "^", (3, 1, 1, 1)),
    ("newton_gradient_search", "Newton, search on |g|", "newton", "#6E3100", "v", (5, 1)),
    ("newton_loss_search", "Newton, search on J", "newton", "#E69F00", "P", (2, 1)),
    ("newton_loss_search_flipped", "Newton, search on J, ±", "newton", "#B8860B", "X", (6, 1, 1, 1)),
    ("damped_newton", "damped Newton", "remedy", "#56B4E9", "s", (4, 1.5)),
    ("saddle_free_newton", "saddle-free Newton", "remedy", "#0072B2", "o", (5, 1)),
    ("gauss_newton", "Gauss-Newton", "remedy", "#7A8FD6", "^", (1, 1)),
    ("levenberg_marquardt", "Levenberg-Marquardt", "remedy", "#1B2A66", "D", (3, 1, 1, 1)),
    ("truncated_newton", "truncated Newton", "remedy", "#4C7A99", "v", (2, 1)),
    ("trust_region", "trust region", "remedy", "#88CCEE", "P", (6, 1, 1, 1)),
    ("bfgs", "BFGS", "quasi_newton", "#009E73", "o", (4, 1.5)),
    ("l_bfgs", "L-BFGS", "quasi_newton", "#005F45", "s", (1, 1)),
    ("nonlinear_cg", "nonlinear CG", "quasi_newton", "#66C2A4", "^", (3, 1, 1, 1)),
    ("gradient_descent", "gradient descent", "first_order", "#CC79A7", "s", (4, 1.5)),
    ("adam", "Adam", "first_order", "#882255", "o", (2, 1)),
)

METHODS: dict[str, MethodStyle] = {
    name: MethodStyle(label, family, color, marker, dashes) for name, label, family, color, marker, dashes in _STYLES
}
"""Every method in the order of the figures; a method that is not here is drawn last, under its own name."""


def method(name: str) -> MethodStyle:
    """The look of a method; one added to the experiment but not yet to this module is grey.

    >>> method("newton").label, method("my_method").label
    ('Newton (exact)', 'my method')
    """
    return METHODS.get(name, MethodStyle(name.replace("_", " "), "other", FAMILIES["other"][1], "o", _SOLID))


def ordered(names: Iterable[str]) -> list[str]:
    """Method names, each once, in the figures' order.

    >>> ordered(["adam", "newton", "mine", "adam"])
    ['newton', 'adam', 'mine']
    """
    place = {name: number for number, name in enumerate(METHODS)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))


def family_color(name: str) -> str:
    """Colour of the family a method belongs to."""
    return FAMILIES[method(name).family][1]


# What seaborn.axes_style("ticks") and seaborn.plotting_context("paper") say where _settings() says nothing else. Written out,
# since importing seaborn takes longer than drawing most figures.
_THEME = {
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.labelcolor": ".15",
    "axes.spines.bottom": True,
    "axes.spines.left": True,
    "font.family": ["sans-serif"],
    "font.sans-serif": ["Arial", "DejaVu Sans", "Liberation Sans", "Bitstream Vera Sans", "sans-serif"],
    "grid.color": ".8",
    "grid.linestyle": "-",
    "grid.linewidth": 0.8,
    "lines.markersize": 4.8,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
    "text.color": ".15",
    "xtick.bottom": True,
    "xtick.color": ".15",
    "xtick.direction": "out",
    "xtick.top": False,
    "ytick.color": ".15",
    "ytick.direction": "out",
    "ytick.left": True,
    "ytick.right": False,
}


def _settings() -> Any:  # matplotlib types every key of it
    """Settings of the theme; looked up again while a figure is written, since ticks are made only then."""
    return {
        **_THEME,
        "font.size": 7.0,
        "axes.titlesize": 7.5,
        "axes.labelsize": 7.0,
        "axes.titlelocation": "left",
        "axes.titlepad": 4.0,
        "axes.labelpad": 2.5,
        "axes.linewidth": 0.6,
        "axes.edgecolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.labelsize": 6.5,
        "ytick.labelsize": 6.5,
        "legend.fontsize": 6.5,
        "legend.title_fontsize": 6.5,
        "legend.frameon": False,
        "legend.handlelength": 2.0,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.minor.width": 0.4,
        "ytick.minor.width": 0.4,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.minor.size": 1.5,
        "ytick.minor.size": 1.5,
        "lines.linewidth": 1.0,
        "hatch.linewidth": 0.5,
        "patch.linewidth": 0.5,
        "figure.dpi": 100.0,
        "savefig.dpi": RESOLUTION,
        "pdf.fonttype": 42,
        "figure.constrained_layout.h_pad": 0.045,
        "figure.constrained_layout.w_pad": 0.045,
    }


def themed(draw: Callable[Drawing, Figure]) -> Callable[Drawing, Figure]:
    """Decorate a function that draws a figure: the theme holds inside it and is gone afterwards."""

    @wraps(draw)
    def inside(*args: Drawing.args, **kwargs: Drawing.kwargs) -> Figure:
        with mpl.rc_context(_settings()):
            return draw(*args, **kwargs)

    return inside


def figure(height: float, width: float = DOUBLE) -> Figure:
    """An empty figure that finds its own layout; inches. Made without pyplot, which would keep it alive."""
    return Figure(figsize=(width, height), layout="constrained")


def title(axes: Axes, letter: str, text: str, *, pad: float | None = None) -> None:
    """A panel's letter and title, above its upper left corner; ``pad`` in points, the theme's if None."""
    axes.set_title(rf"$\bf{{{letter}}}$  {text}", loc="left", pad=pad)


def say(axes: Axes, text: str) -> None:
    """Say in an otherwise empty panel why it is empty."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=6.5)


def blank(text: str) -> Figure:
    """A figure without data, which says why."""
    empty = figure(1.5)
    say(empty.subplots(), text)
    return empty


def save(figure: Figure, pdf: str | Path, png: str | Path) -> None:
    """Write a figure twice and empty it; equal figures give equal bytes, since no date is written.

    Args:
        figure: from a ``draw`` function.
        pdf: file for print; its folder is made if it is missing.
        png: file for the screen and the report.

    Raises:
        StorageError: if the disk is full or may not be written.
    """
    with mpl.rc_context(_settings()):
        figure.set_dpi(RESOLUTION)  # the layout depends on it
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once for both files
        for path, metadata in ((Path(pdf), {"CreationDate": None}), (Path(png), {})):
            with storage.whole(path) as temporary:
                figure.savefig(temporary, format=path.suffix[1:], dpi=RESOLUTION, metadata=metadata)
    figure.clear()
