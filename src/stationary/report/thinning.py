"""What of a run's tables is kept as a reference: all that figures and verdicts read, and a sample of what is long.

Rows and columns go where no figure reads them; entries of long columns go row by row, the column stays. The sample lets a
third party recompute a few rows (docs/numerics.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from stationary.figures.newton_trajectories import REMEDIES
from stationary.figures.runs import EXACT

Array = Any


@dataclass(frozen=True)
class Rows:
    """Which rows of a table, and how one says so.

    Attributes:
        words: completes "kept for ...".
        columns: that the choice needs.
        chosen: from these columns, each [n], to [n] booleans.
    """

    words: str
    columns: tuple[str, ...]
    chosen: Callable[..., Array]

    def of(self, table: pa.Table) -> pa.Array:
        """The choice for each row of a table, as Arrow booleans."""
        columns = [table.column(name).to_numpy() for name in self.columns]
        return pa.array(np.asarray(self.chosen(*columns), dtype=bool))


@dataclass(frozen=True)
class Thinning:
    """How one table is made small.

    Attributes:
        rows: that are kept; None keeps all.
        without: columns that are left out.
        entries: column to the rows in which its entry is kept; it is missing in the others.
    """

    rows: Rows | None = None
    without: tuple[str, ...] = ()
    entries: Mapping[str, Rows] = field(default_factory=dict)

    def __call__(self, table: pa.Table) -> pa.Table:
        """The small table; units, meanings and metadata stay."""
        kept = table.filter(self.rows.of(table)) if self.rows else table
        for name, rows in self.entries.items():
            place, column = kept.schema.get_field_index(name), kept.column(name).combine_chunks()
            # Taking at a missing place gives a missing entry, for lists as for numbers.
            places = pa.array(np.arange(len(column)), mask=~rows.of(kept).to_numpy(zero_copy_only=False))
            kept = kept.set_column(place, kept.schema.field(name), column.take(places))
        return kept.drop_columns(list(self.without))

    def words(self) -> str:
        """What was left out, for the table's metadata.

        >>> Thinning(without=("loss",), entries={"theta": start_0}).words()
        'columns left out: loss; theta kept for start 0'
        """
        said = [f"rows kept for {self.rows.words}"] if self.rows else []
        said += [f"columns left out: {', '.join(self.without)}"] if self.without else []
        said += [f"{name} kept for {rows.words}" for name, rows in self.entries.items()]
        return "; ".join(said) or "complete"


def _first(column: str) -> Rows:
    return Rows(f"{column} 0", (column,), lambda number: number == 0)


def _or(*several: Rows) -> Rows:
    columns = tuple(dict.fromkeys(name for rows in several for name in rows.columns))

    def chosen(*values: Array) -> Array:
        named = dict(zip(columns, values, strict=True))
        return np.any([rows.chosen(*(named[name] for name in rows.columns)) for rows in several], axis=0)

    return Rows(" and for ".join(rows.words for rows in several), columns, chosen)


start_0, seed_0, draw_0 = _first("start"), _first("seed"), _first("draw")

_TRIVIAL_ENDS = Rows(
    "exact Newton's trivial ends in main conditions",
    ("family", "method", "trivial"),
    lambda family, method, trivial: (family == "main") & (method == EXACT) & trivial.astype(bool),
)
_DRAWN_SPECTRA = Rows(
    "exact Newton's converged and Adam's ends in main conditions of regression",
    ("family", "problem", "method", "termination"),
    lambda family, problem, method, termination: (
        (family == "main")
        & (problem == "regression")
        & ((method == "adam") | ((method == EXACT) & (termination == "converged")))
    ),
)
_DRAWN_PATHS = Rows(
    "exact Newton and, in regression, the remedies that are drawn beside it",
    ("family", "problem", "method"),
    lambda family, problem, method: (
        (family == "main") & ((method == EXACT) | ((problem == "regression") & np.isin(method, REMEDIES)))
    ),
)
_EXACT = Rows("exact Newton", ("method",), lambda method: method == EXACT)
_REGRESSION = Rows("regression", ("problem",), lambda problem: problem == "regression")
_FILTERED = Rows("filtered points", ("filtered",), lambda filtered: filtered.astype(bool))

THINNED: dict[str, Thinning] = {
    "newton/runs": Thinning(entries={"theta": _or(_TRIVIAL_ENDS, seed_0), "eigenvalues": _or(_DRAWN_SPECTRA, seed_0)}),
    "newton/trajectories": Thinning(
        rows=_DRAWN_PATHS,
        without=("loss", "step_norm"),
        entries={
            "relative_loss": _REGRESSION,
            "gradient_norm": _REGRESSION,
            "n_negative": _REGRESSION,
            "output_norm": _EXACT,
            "max_basis_target_product": _EXACT,
        },
    ),
    "minima/points": Thinning(entries={"theta": seed_0}),
    "minima/polished": Thinning(entries={"theta": seed_0}),
    "minima/spectra": Thinning(entries={"eigenvalues": seed_0}),
    "spin_glass/critical_points": Thinning(
        without=("gradient_norm", "lowest_magnitude", "alpha", "beta"), entries={"point": draw_0}
    ),
    "saddles/starts": Thinning(entries={"theta": start_0}),
    "saddles/runs": Thinning(entries={"theta": start_0, "eigenvalues": _FILTERED}),
}
"""Tables that are not kept whole."""
