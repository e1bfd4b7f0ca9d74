"""When two columns of two runs are the same up to rounding, and where rounding may grow (docs/numerics.md, How results repeat).

Two runs of one commit with one set of settings differ in rounding when processor, BLAS or versions differ. Where a number
is the end of something that contracts (a minimum, a certified critical point, a closed form) the difference stays small;
where the dynamics expand, rows differ freely and only what is counted over many of them can agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stationary import tables

Array = Any

RELATIVE = 1e-6
"""Of the larger of two numbers."""

ABSOLUTE = 1e-9
"""Least difference that counts: gradients and spreads at the level of rounding are equal."""

ROWS = 0.01
"""Share of a table's rows that may differ by more in any one column."""

STATISTICS = 0.05
"""Share of a summary's rows whose estimate may lie outside the other run's 95 % interval."""

LENGTH = 0.05
"""Share by which the number of rows may differ where rounding decides how long a run is; elsewhere it is the same."""

SENSITIVE = {
    "conditioning/training": "training in float32",
    "minima/annealing": "acceptance of a step",
    "minima/points": "training in float32",
    "minima/polished": "training in float32",
    "minima/runs": "training in float32",
    "minima/spectra": "training in float32",
    "minima/teacher": "when a search stops",
    "newton/runs": "exact Newton",
    "newton/trajectories": "exact Newton",
    "optimizers/digits": "when a search stops",
    "optimizers/fits": "when a search stops",
    "optimizers/runs": "when a search stops",
    "optimizers/widths": "when a search stops",
    "saddles/optimisers": "training in float32",
    "saddles/runs": "when a search stops",
    "saddles/trajectories": "when a search stops",
    "symmetry/barriers": "when a search stops",
    "symmetry/minima": "when a search stops",
    "symmetry/orbits": "when a search stops",
    "symmetry/tangents": "when a search stops",
}
"""Tables whose rows have no limit, and what amplifies rounding there; their summaries are compared instead."""

CLOCKED = {
    "newton/runs": ("method", "trust_region"),
    "newton/trajectories": ("method", "trust_region"),
}
"""Rows, by a column and its value, that repeat to rounding alone even on one machine: the library under ``trust-krylov``
(trlib, Lenders et al. 2018) draws a start vector from a generator that it seeds with the time of day, in seconds."""

NOISE = frozenset({"largest_rise", "eigenvalue_residual"})
"""Columns that measure rounding itself."""


def differing(fresh: pa.ChunkedArray, kept: pa.ChunkedArray) -> float:
    """Share of rows in which two columns of equal length and type differ.

    Numbers differ if they are further apart than ``RELATIVE`` of the larger, ``RELATIVE`` of the column's median magnitude,
    and ``ABSOLUTE``; anything else if it is not equal; lists if their lengths or any of their entries differ. An entry that is
    missing in one column alone differs.

    >>> one, two = pa.chunked_array([[1.0, 2.0, float("nan")]]), pa.chunked_array([[1.0 + 1e-9, 2.1, float("nan")]])
    >>> round(differing(one, two), 3)
    0.333
    """
    if not len(kept):
        return 0.0
    both = pc.and_(fresh.is_valid(), kept.is_valid())
    alone = len(kept) - pc.sum(pc.or_(both, pc.and_(fresh.is_null(), kept.is_null()))).as_py()
    return float((alone + np.sum(_entries(fresh.filter(both), kept.filter(both)))) / len(kept))


def same_but_for_the_clock(name: str, fresh: pa.Table, kept: pa.Table) -> bool:
    """Whether a table is one of ``CLOCKED`` and all of its other rows are the same bytes in what is kept of them."""
    if name not in CLOCKED or fresh.num_rows != kept.num_rows:
        return False
    column, value = CLOCKED[name]
    others = [table.select(kept.column_names).filter(pc.not_equal(table.column(column), value)) for table in (fresh, kept)]
    return tables.logical_hash(others[0]) == tables.logical_hash(others[1])


def _entries(fresh: pa.ChunkedArray, kept: pa.ChunkedArray) -> Array:
    """Which entries differ, of columns that miss none."""
    if pa.types.is_list(kept.type):
        return _lists(fresh.combine_chunks(), kept.combine_chunks())
    if pa.types.is_floating(kept.type):
        return _numbers(fresh.to_numpy(), kept.to_numpy())
    return ~pc.equal(fresh, kept).to_numpy()


def _numbers(fresh: Array, kept: Array) -> Array:
    size = np.abs(kept[np.isfinite(kept)])
    floor = max(ABSOLUTE, RELATIVE * float(np.median(size))) if size.size else ABSOLUTE
    return ~np.isclose(fresh, kept, rtol=RELATIVE, atol=floor, equal_nan=True)


def _lists(fresh: pa.Array, kept: pa.Array) -> Array:
    """Row by row; entries are compared all at once where all lengths agree."""
    lengths = pc.list_value_length(kept).to_numpy()
    other = lengths != pc.list_value_length(fresh).to_numpy()
    if other.any():
        return other | np.array([not _same_list(a, b) for a, b in zip(fresh.to_pylist(), kept.to_pylist(), strict=True)])
    if not pa.types.is_floating(kept.type.value_type):
        return np.array([a != b for a, b in zip(fresh.to_pylist(), kept.to_pylist(), strict=True)])
    entries = _numbers(fresh.flatten().to_numpy(zero_copy_only=False), kept.flatten().to_numpy(zero_copy_only=False))
    row = np.repeat(np.arange(len(lengths)), lengths)
    return np.bincount(row, weights=entries, minlength=len(lengths)) > 0


def _same_list(fresh: list[Any], kept: list[Any]) -> bool:
    if len(fresh) != len(kept):
        return False
    return bool(np.allclose(fresh, kept, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)) if kept else True


def outside(fresh: pa.Table, kept: pa.Table) -> float:
    """Share of a summary's statistics that do not agree: each estimate must lie in the other run's interval, up to rounding.

    Statistics are paired by what stands before ``estimate``; one that only one of the runs has does not agree.
    """
    keys = kept.column_names[: kept.column_names.index("estimate")]
    mine, theirs = ({tuple(row[key] for key in keys): row for row in table.to_pylist()} for table in (fresh, kept))
    names = mine.keys() | theirs.keys()
    agree = sum(_agree(mine[name], theirs[name]) for name in mine.keys() & theirs.keys())
    return 1.0 - agree / len(names) if names else 0.0


def _agree(fresh: dict[str, Any], kept: dict[str, Any]) -> bool:
    values = np.array([[row[name] for name in ("estimate", "ci_low", "ci_high")] for row in (fresh, kept)], dtype=float)
    if np.isclose(values[0, 0], values[1, 0], rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True):
        return True
    (mine, my_low, my_high), (theirs, low, high) = values
    return bool(low <= mine <= high and my_low <= theirs <= my_high)
