"""One Newton step on linear discretizations: how far from the solution it ends (Rowan 2025, claim N7; settings ours)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from stationary.figures import style

LOOKS = {"fourier": ("#0072B2", "o"), "hat": ("#E69F00", "s"), "polynomial": ("#009E73", "^")}
BOUNDS = {1e-9: "supported below", 1e-6: "refuted above"}
"""Of claim N7, for Hessians with a condition number below :data:`CONDITION`."""

CONDITION = 1e6
FLOOR = 1e-17
"""Errors of exactly zero are drawn here."""


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Relative error after one step against the condition number of the Hessian, a mark per basis, size and target.

    Args:
        tables: ``linear``.
    """
    frame = tables["linear"].to_pandas()
    if frame.empty:
        return style.blank("no linear discretization")
    figure = style.figure(2.3, style.SINGLE)
    axes = figure.subplots()
    for basis, part in frame.groupby("basis", sort=True):
        color, marker = LOOKS.get(str(basis), (style.MUTED, "D"))
        error = part["relative_error"].clip(lower=FLOOR)
        axes.plot(part["condition_number"], error, marker, color=color, markersize=4, alpha=0.75, label=str(basis))
    for bound, word in BOUNDS.items():
        axes.axhline(bound, color=style.INK, linestyle=":", linewidth=0.8)
        axes.annotate(word, (0.01, bound), xycoords=("axes fraction", "data"), va="bottom", fontsize=6, color=style.MUTED)
    eps = float(np.finfo(float).eps)
    axes.axhline(eps, color=style.FAINT, linewidth=0.8)
    axes.annotate("rounding, 2.2e-16", (0.01, eps), xycoords=("axes fraction", "data"), va="top", fontsize=6, color=style.MUTED)
    axes.set(xscale="log", yscale="log", xlabel="condition number of the Hessian")
    axes.set_ylim(FLOOR / 2, max(1e-5, 2.0 * float(frame["relative_error"].max())))
    axes.set_xlim(1.0, max(CONDITION, 2.0 * float(frame["condition_number"].max())))
    axes.axvline(CONDITION, color=style.INK, linestyle=":", linewidth=0.8)
    axes.set_ylabel("||u₁ - u*|| / ||u*||")
    figure.legend(loc="outside lower center", ncols=3)
    return figure
