"""The statistics that claim B6 names. Verdicts are the ledger's business."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import tables
from stationary.experiments.claim_rows import SUMMARY, Row, row
from stationary.intervals import Estimate, share

JUDGED = "weight_and_bias"

FAR_WORSE = 2.0
"""So many times the global minimum (config/claims.yaml)."""


def summarise(minima: pa.Table, basins: pa.Table) -> pa.Table:
    """All statistics: tables of the schemas ``MINIMA`` and ``BASINS`` to one of ``SUMMARY``."""
    points, starts = minima.to_pandas(), basins.to_pandas()
    rows = [*_constructed(points), *_random(points[points["problem"] == "random"]), *_basins(starts)]
    return tables.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY)


def _constructed(points: pd.DataFrame) -> Iterator[Row]:
    """The worst strict minimum over the global one; exact but for rounding, so the interval is a point."""
    for problem, part in points[points["problem"] != "random"].groupby("problem", sort=True):
        strict = part[(part["kind"] == "minimum") & part["ratio"].notna()]
        worst = float(strict["ratio"].max()) if len(strict) else np.nan
        name = "ratio of the worst strict local minimum to the global one"
        yield row("B6", name, Estimate(worst, worst, worst, len(strict)), case=str(problem), judged=problem == JUDGED)
        whole = float(part["complete"].all())
        name = "1 if the box holds no other critical point"
        yield row("B6", name, Estimate(whole, whole, whole, len(part)), case=str(problem), judged=False)


def _random(points: pd.DataFrame) -> Iterator[Row]:
    """Over random data sets whose list is complete and whose global minimum is known to be in it."""
    strict = points[(points["kind"] == "minimum") & points["ratio"].notna()]
    sets = strict.groupby("number")["ratio"].agg(["size", "max"])
    several = share((sets["size"] > 1).to_numpy())
    yield row("B6", "share of random data sets with more than one minimum", several, case="random", judged=False)
    worse = share((sets["max"] > FAR_WORSE).to_numpy())
    name = f"share of random data sets with a minimum above {FAR_WORSE:g} times the global one"
    yield row("B6", name, worse, case="random", judged=False)


def _basins(starts: pd.DataFrame) -> Iterator[Row]:
    """Shares of a grid, not of a random sample: no interval but the share itself."""
    for problem, part in starts.groupby("problem", sort=True):
        for name, hits in (
            ("share of starts from which descent reaches the global minimum", part["end"] == 0),
            ("share of starts from which descent reaches another minimum", part["end"] > 0),
            ("share of starts from which descent reaches none in the steps allowed", part["end"] < 0),
        ):
            value = float(hits.mean())
            found = Estimate(value, value, value, len(part))
            yield row("B6", name, found, case=str(problem), method="gradient_descent", judged=False)
