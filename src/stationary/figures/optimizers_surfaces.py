"""Four simple polynomials near the origin with all their critical points (claim C3)."""

from __future__ import annotations

import pyarrow as pa
from matplotlib.figure import Figure

from stationary.figures import contours, style
from stationary.landscapes.polynomials import BOUNDED, FUNCTIONS

PANELS = {
    "5x^2 - y^2": ("$5x^2 - y^2$", ((-1.5, 1.5), (-1.5, 1.5))),
    "monkey_saddle": ("monkey saddle", ((-1.5, 1.5), (-1.5, 1.5))),
    "himmelblau": ("Himmelblau", ((-5.0, 5.0), (-5.0, 5.0))),
    "six_hump_camel": ("six-hump camel", ((-2.1, 2.1), (-1.2, 1.2))),
}
"""Landscape: its title and what is shown of it."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Level lines with the critical points named by kind and counted.

    Args:
        tables: ``critical_points``.
    """
    points = tables["critical_points"].to_pandas()
    figure = style.figure(5.6)
    for axes, letter, (name, (title, window)) in zip(figure.subplots(2, 2).flat, "abcd", PANELS.items(), strict=True):
        here = points[points["landscape"] == name]
        contours.level_lines(axes, (FUNCTIONS | BOUNDED)[name], window)
        contours.name_points(axes, here)
        counts = here["kind"].value_counts()
        plural = {"minimum": "minima", "maximum": "maxima", "saddle": "saddles", "degenerate": "degenerate"}
        words = [f"{counts[kind]} {kind if counts[kind] == 1 else plural[kind]}" for kind in plural if kind in counts]
        style.title(axes, letter, f"{title}: {', '.join(words) or 'no point'}")
    shown = set(points.loc[points["landscape"].isin(PANELS), "kind"])
    if shown:
        figure.legend(handles=contours.handles(shown), loc="outside lower center", ncols=4)
    return figure
