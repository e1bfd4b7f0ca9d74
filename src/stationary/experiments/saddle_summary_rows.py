"""One row of the saddle experiment's summary, the runs it is made from, and their resampling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import seeds
from stationary.intervals import Estimate, Replicates, clustered_bootstrap

Array = Any
Row = dict[str, object]

LINEAR = "linear_autoencoder"
"""The kind whose critical points are known; claims about networks are judged on all others."""


def row(
    claim: str, statistic: str, estimate: Estimate, *, problem: str = "all", finder: str = "all", judged: bool = False
) -> Row:
    """A row of the schema ``SUMMARY``; what could not be estimated is not judged."""
    return {
        "claim": claim,
        "statistic": statistic,
        "problem": problem,
        "finder": finder,
        "hidden": None,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged and bool(np.isfinite(estimate.value)),
    }


def exactly(value: float, n: int) -> Estimate:
    """A count, which is as it is; NaN if there was nothing to count.

    >>> exactly(3.0, 8).high
    3.0
    """
    found = value if n else np.nan
    return Estimate(found, found, found, n)


def without_interval(value: float, n: int) -> Estimate:
    """An estimate beside, whose interval nothing rests on."""
    return Estimate(value, np.nan, np.nan, n)


def frame(table: pa.Table) -> pd.DataFrame:
    """As pandas, without list columns, which no statistic needs."""
    narrow = table.select([field.name for field in table.schema if not pa.types.is_list(field.type)])
    return cast(pd.DataFrame, narrow.to_pandas())


def cells(part: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each value of a column, in sorted order."""
    return [(str(name), rows) for name, rows in part.groupby(column, sort=True)]


def critical(runs: pd.DataFrame) -> pd.DataFrame:
    """The end points that pass the filter, with counts that are known."""
    known: pd.DataFrame = runs[runs["filtered"] & np.isfinite(runs["loss"]) & runs["n_negative"].notna()]
    return known


def one_each(points: pd.DataFrame) -> pd.DataFrame:
    """One row, the first, per distinct critical point of a problem.

    Points of the linear autoencoder are orbits of GL(p), told apart by the eigenvectors that they keep; all others by their
    label up to permutations and signs.
    """
    linear = (points["kind"] == LINEAR).to_numpy()
    label = np.where(linear, points["members"].astype(str), points["distinct"].astype(str))
    repeated = pd.DataFrame({"problem": points["problem"].to_numpy(), "label": label}).duplicated()
    return points[~repeated.to_numpy()]


def replicates(
    points: pd.DataFrame, columns: Sequence[str], statistic: Callable[..., Array], seed: int, stream: str
) -> Replicates:
    """Resample the trajectories that starts were taken from, then points inside them.

    Random starts are clusters of their own. All finders of a start are in its cluster. The problem itself is not resampled.

    Args:
        points: rows of one problem.
        columns: passed to the statistic, each [..., n].
        statistic: over the last axis.
        seed: root seed.
        stream: name of the random stream; equal names resample equal points equally.
    """
    clusters = (points["source"] + "/" + points["trajectory"].astype(str)).to_numpy(dtype=str)
    generators = (seeds.generator(seed, f"saddles/bootstrap-{part}", stream, 0) for part in ("points", "strata"))
    values = [points[name].to_numpy(dtype=np.float64) for name in columns]
    return clustered_bootstrap(values, statistic, clusters, np.zeros(len(points), dtype=int), *generators)
