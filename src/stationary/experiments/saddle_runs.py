"""The table of all searches: parts joined, and distinct critical points told apart over finders and starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import tables
from stationary.experiments import saddle_distinct

Array = Any


def join(parts: Sequence[pa.Table]) -> pa.Table:
    """All runs of the schema ``RUNS``, with a label per distinct critical point of every problem."""
    whole = tables.concat(parts)
    problem, filtered = (whole[name].to_numpy() for name in ("problem", "filtered"))
    labels: list[int | None] = [None] * whole.num_rows
    for name in np.unique(problem):
        rows = np.flatnonzero((problem == name) & filtered)
        if rows.size == 0:
            continue
        for row, label in zip(rows.tolist(), _labels(whole.take(pa.array(rows))).tolist(), strict=True):
            labels[row] = int(rows[label])
    place = whole.schema.get_field_index("distinct")
    return whole.set_column(place, whole.schema.field(place), pa.array(labels, type=pa.int64()))


def _labels(points: pa.Table) -> Array:
    """One label per distinct point of one problem, the lowest row of equal ones."""
    members = points["members"].to_numpy()
    if points["kind"][0].as_py() == "linear_autoencoder":  # orbits of one map: equal losses, other spectra
        _, first, inverse = np.unique(members, return_index=True, return_inverse=True)
        return np.asarray(first[inverse])
    eigenvalues = np.stack(points["eigenvalues"].to_numpy())
    return saddle_distinct.labels(points["loss"].to_numpy(), eigenvalues, points["gradient_norm"].to_numpy())
