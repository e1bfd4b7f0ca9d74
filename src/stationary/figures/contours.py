"""Level lines of a polynomial of two variables with its critical points named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from stationary.figures import style
from stationary.landscapes.polynomials import Polynomial

Array = Any
Window = tuple[tuple[float, float], tuple[float, float]]

KINDS = {"minimum": ("o", "#0072B2"), "saddle": ("X", "#D55E00"), "maximum": ("^", "#E69F00"), "degenerate": ("s", "#222222")}
"""Marker and colour of a critical point, by kind."""

_NEAR = 0.2
"""Distance of two points, in sides of the window, at which their names could meet."""

_LETTERS = {"minimum": "m", "saddle": "s", "maximum": "M", "degenerate": "d"}


def level_lines(axes: Axes, function: Polynomial, window: Window, *, color: str = style.MUTED, lines: int = 18) -> None:
    """Lines at evenly spread quantiles of the value over the window."""
    (left, right), (bottom, top) = window
    x, y = np.meshgrid(np.linspace(left, right, 161), np.linspace(bottom, top, 161))
    height = function.value(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    levels = np.unique(np.quantile(height, np.linspace(0.01, 0.97, lines)))
    axes.contour(x, y, height, levels=levels, colors=color, linewidths=0.35, linestyles="solid", zorder=1.5)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_xlabel("x")
    axes.set_ylabel("y", rotation=0)


def name_points(axes: Axes, points: pd.DataFrame, *, size: float = 4.5) -> None:
    """Mark critical points by kind and name each, e.g. m2 for the second minimum by x, away from its nearest neighbour."""
    spans = [np.ptp(limits) for limits in (axes.get_xlim(), axes.get_ylim())]
    places = points[["x", "y"]].to_numpy() / spans
    for kind, part in points.sort_values("number").groupby("kind", sort=True):
        marker, color = KINDS[str(kind)]
        axes.plot(
            part["x"], part["y"], marker, color=color, markersize=size, markeredgecolor="white", markeredgewidth=0.5, zorder=4
        )
        single = len(part) == 1
        for number, place in enumerate(part[["x", "y"]].to_numpy(), start=1):
            name = _LETTERS[str(kind)] + ("" if single else f"$_{{{number}}}$")
            right, up = _free_side(place / spans, places)
            axes.annotate(
                name,
                tuple(place),
                (3 if right else -3, 2 if up else -2),
                textcoords="offset points",
                fontsize=5.5,
                ha="left" if right else "right",
                va="bottom" if up else "top",
                zorder=5,
                path_effects=[withStroke(linewidth=1.2, foreground="white")],
            )


def _free_side(place: Array, places: Array) -> tuple[bool, bool]:
    """Whether a name should stand to the right of a place, and above it: away from the other places, near ones most."""
    away = places - place
    distance = np.linalg.norm(away, axis=1)
    near = (distance > 0.0) & (distance < _NEAR)
    if not near.any():
        return True, True
    right, up = -(away[near] / distance[near, None] ** 2).sum(axis=0)
    return bool(right >= 0.0), bool(up >= 0.0)


def handles(kinds: set[str]) -> list[Line2D]:
    """Legend of the kinds that occur."""
    return [
        Line2D([], [], color=color, marker=marker, linewidth=0, markersize=4.5, markeredgecolor="white", label=kind)
        for kind, (marker, color) in KINDS.items()
        if kind in kinds
    ]
