"""What the figures about saddle counts share: readings of the table of runs, and how problems, finders and ends look.

Words: an end point is critical if its squared gradient norm is below 1e-10 (the filter), flat if it is not and the gradient
is invisible to the Hessian, else unconverged. Filtered points are the critical ones after two more Newton steps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stationary.figures import style

Array = Any

LINEAR = "linear_autoencoder"
"""Kind of the one problem with a closed form."""


@dataclass(frozen=True)
class Look:
    """How a kind of end, a finder or a source of starts appears in every figure about saddle counts."""

    label: str
    color: str
    marker: str
    dashes: tuple[float, ...] = ()


ENDS = {
    "critical": Look("critical, ‖g‖² < 10⁻¹⁰", "#0072B2", "o"),
    "flat": Look("gradient-flat", "#D55E00", "^"),
    "unconverged": Look("neither", "#999999", "x"),
}
FINDERS = {
    "newton_mr": Look("Newton-MR", "#009E73", "o"),
    "damped_newton": Look("damped Newton", "#AA4499", "s", (4, 1.5)),
    "gradient_norm": Look("gradient norm", "#E69F00", "^", (1, 1)),
}
SOURCES = {
    "random": Look("random", "#0072B2", "o"),
    "sgd": Look("along SGD", "#D55E00", "s"),
    "saddle_free": Look("along saddle-free Newton", "#009E73", "D"),
}

_KINDS = {
    LINEAR: "linear autoencoder",
    "classifier": "classifier",
    "autoencoder": "autoencoder",
    "random_labels": "random labels",
}
_NAMED = ("problem", "start", "kind", "finder", "activation", "layout", "n_parameters", "end", "filtered")


def frame(table: pa.Table, columns: Iterable[str]) -> pd.DataFrame:
    """Some columns of the table of runs, beside those that name a run; the long ones stay out unless asked for."""
    found: pd.DataFrame = table.select(list(dict.fromkeys([*_NAMED, *columns]))).to_pandas()
    return found


def problems(runs: pd.DataFrame) -> list[str]:
    """Problems in the table's order, which is the configuration's: the linear autoencoder first."""
    return [str(name) for name in runs["problem"].unique()]


def finders(runs: pd.DataFrame) -> list[str]:
    """Finders present in the figures' order; those that this module does not know come last."""
    present = set(runs["finder"])
    return [name for name in FINDERS if name in present] + sorted(present - set(FINDERS))


def finder(name: str) -> Look:
    """The look of a finder; an unknown one is grey.

    >>> finder("newton_mr").label, finder("my_finder").label
    ('Newton-MR', 'my finder')
    """
    return FINDERS.get(name, Look(name.replace("_", " "), style.MUTED, "v"))


def title(runs: pd.DataFrame, between: str = " ") -> str:
    """A problem in the field's words, from its rows: kind, units per layer, activation.

    Args:
        runs: of one problem.
        between: kind and units; a line break where there is little room.

    >>> layout = json.dumps([["hidden_1", [10, 17], 0], ["output", [10, 11], 170]])
    >>> row = {"kind": "classifier", "layout": layout, "activation": "tanh", "problem": "classifier-4x4-10"}
    >>> title(pd.DataFrame([row]))
    'classifier 16-10-10, tanh'
    """
    row = runs.iloc[0]
    units = layers(str(row["layout"]), biases=row["kind"] != LINEAR)
    if not units:
        return str(row["problem"]).replace("_", " ")  # what is not known is not made up
    activation = "" if row["activation"] == "identity" else f", {row['activation']}"
    return f"{_KINDS.get(row['kind'], row['kind'])}{between}{'-'.join(map(str, units))}{activation}"


def layers(layout: str, *, biases: bool) -> list[int]:
    """Units per layer, inputs first, from the blocks of theta; none if they are not told.

    >>> layers('[["hidden_1", [4, 16], 0], ["output", [16, 4], 64]]', biases=False)
    [16, 4, 16]
    """
    shapes = [block[1] for block in json.loads(layout or "[]")]
    return [shapes[0][1] - int(biases), *(shape[0] for shape in shapes)] if shapes else []


def filtered(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs whose end point is critical, with a finite loss and index at the refined point."""
    known = np.isfinite(runs[["loss", "index"]].to_numpy(dtype=float)).all(axis=1)
    kept: pd.DataFrame = runs[runs["filtered"].to_numpy(dtype=bool) & known]
    return kept


def distinct(points: pd.DataFrame) -> pd.DataFrame:
    """One row per critical point up to permutations and signs of units; ``points`` are filtered."""
    return points.drop_duplicates(["problem", "distinct"])


def known_members(points: pd.DataFrame) -> pd.DataFrame:
    """Filtered points of the linear autoencoder without hits of the origin, which is counted apart."""
    return points[(points["kind"] == LINEAR) & ~points["origin"].to_numpy(dtype=bool)]


def grid(count: int, columns: int) -> tuple[int, int]:
    """Lines and columns of small multiples.

    >>> grid(5, 4), grid(3, 4)
    ((2, 4), (1, 3))
    """
    across = min(columns, count)
    return -(-count // across), across


def mark(look: Look, label: str | None = None, *, bar: bool = False, hollow: bool = False) -> Line2D:
    """Legend entry of a look; ``bar`` for one that is drawn with an interval or a line."""
    handle = Line2D([], [], color=look.color, marker=look.marker, linewidth=0.9 if bar else 0, label=label or look.label)
    handle.set(markersize=3.4, markeredgewidth=0.8, markerfacecolor="white" if hollow else look.color)
    return handle


def dots(axes: Axes, x: Array, y: Array, look: Look, *, size: float = 2.8, alpha: float = 0.6, zorder: float = 2.0) -> None:
    """One mark per end point, rasterised: there can be thousands; a cross is drawn with its edge."""
    edge = 0.6 if look.marker == "x" else 0.0
    axes.plot(
        x, y, look.marker, color=look.color, markersize=size, markeredgewidth=edge, alpha=alpha, zorder=zorder, rasterized=True
    )


def legend(figure: Figure, handles: Sequence[Any], columns: int) -> None:
    """Legend below the panels."""
    figure.legend(handles=list(handles), loc="outside lower center", ncols=columns, columnspacing=1.5, handletextpad=0.6)
