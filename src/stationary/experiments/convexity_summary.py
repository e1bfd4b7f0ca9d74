"""The statistics that the claims on convexity name. Verdicts are the ledger's business.

A count of violations stands as the share of its trials: zero is the same as none, and the interval's upper end says how often
violations can be and escape notice. Every share has a row beside it with the rounding bound that it carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import tables
from stationary.experiments.claim_rows import SUMMARY, Row, row
from stationary.experiments.convexity_curves import extrema
from stationary.intervals import Estimate, share

LEAST_TRIALS = 10_000
"""Below so many points or segments A1 and A2 are not judged (config/claims.yaml)."""

LEAST_SERIES = 100
"""Likewise A11."""

AT_MINIMUM = 1e-6
"""Distance within which a descent of A7 has ended at the minimum."""

WORDS = {
    "jensen": "share of segments with a Jensen violation",
    "concave": "share of segments with a violation of concavity",
    "quasi": "share of segments with f(mid) above both ends",
    "indefinite": "share of points with eigenvalues of both signs",
    "negative": "share of points with a negative eigenvalue",
}

JUDGED = {
    "A2": ("jensen", "negative"),
    "A3": ("jensen",),
    "A7": ("indefinite",),
    "A8": ("jensen",),
    "A9": ("quasi",),
    "A10": ("jensen", "concave"),
    "A11": ("jensen",),
    "A13": ("jensen",),
}
"""Tests that a claim's rule names; A1 is judged on counts of points, not on shares."""


def summarise(
    trials: pa.Table, curves: pa.Table, descents: pa.Table, origin: Mapping[str, tuple[float, float, float]]
) -> pa.Table:
    """All statistics.

    Args:
        trials: schema ``TRIALS``.
        curves: schema ``CURVES``, with A12's functions.
        descents: schema ``DESCENTS``.
        origin: gradient norm, lowest and highest eigenvalue at zero, by linear network.

    Returns:
        a table of the schema ``SUMMARY`` of the experiments on single claims.
    """
    rows: list[Row] = []
    for trial in trials.to_pylist():
        rows += _trial_rows(trial)
    rows += _blocks_row(trials)
    rows += _origin_rows(origin)
    rows += _descent_rows(descents.to_pandas())
    rows += _extrema_rows(curves.to_pandas())
    return tables.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY)


def _trial_rows(trial: dict[str, Any]) -> Iterator[Row]:
    claim, test, case, number = trial["claim"], trial["test"], trial["case"], trial["trials"]
    enough = number >= LEAST_TRIALS or claim not in ("A1", "A2")
    enough = enough and (claim != "A11" or trial["units"] >= LEAST_SERIES)
    # What A11 says of the invertible region stands beside.
    judged = enough and test in JUDGED.get(claim, ()) and "invertible" not in case
    if claim == "A1" and test == "indefinite":
        yield row(claim, "points with eigenvalues of both signs", _exact(trial["violations"], number), case=case, judged=enough)
    found = Estimate(trial["share"], trial["ci_low"], trial["ci_high"], number)
    yield row(claim, WORDS[test], found, case=case, judged=judged)
    yield row(claim, f"largest rounding bound of the {WORDS[test]}", _exact(trial["bound"], number), case=case, judged=False)
    if claim == "A11":
        hits = np.arange(trial["units"]) < trial["units_violated"]
        yield row(claim, "share of series with a Jensen violation", share(hits), case=case, judged=False)


def _blocks_row(trials: pa.Table) -> Iterator[Row]:
    """A8 in one number: blocks that are otherwise than listed, by the Jensen trials."""
    blocks = [one for one in trials.to_pylist() if one["claim"] == "A8" and one["test"] == "jensen"]
    if blocks:
        otherwise = sum((one["violations"] > 0) != (one["expected"] == "some") for one in blocks)
        yield row("A8", "blocks otherwise than listed", _exact(otherwise, len(blocks)))


def _origin_rows(origin: Mapping[str, tuple[float, float, float]]) -> Iterator[Row]:
    for case, values in origin.items():
        for statistic, value in zip(("gradient norm", "lowest eigenvalue", "highest eigenvalue"), values, strict=True):
            yield row("A3", f"{statistic} at the origin", _exact(value, 1), case=case, judged=False)


def _descent_rows(descents: pd.DataFrame) -> Iterator[Row]:
    for (claim, case), ends in descents.groupby(["claim", "case"], sort=False):
        if claim == "A7":
            yield row("A7", "share of descents that end at the minimum", share(ends["distance"] < AT_MINIMUM), case=str(case))
            continue
        arrived = ends[ends["termination"] == "converged"]
        yield row(
            "A2", "share of descents that arrive", share(ends["termination"] == "converged"), case=str(case), judged=False
        )
        spread = np.ptp(arrived["loss"]) if len(arrived) else np.nan
        yield row(
            "A2", "spread of the losses that descents arrive at", _exact(spread, len(arrived)), case=str(case), judged=False
        )


def _extrema_rows(curves: pd.DataFrame) -> Iterator[Row]:
    for case, curve in curves[curves["claim"] == "A12"].groupby("case", sort=False):
        yield row("A12", "extrema", _exact(extrema(curve["reference"].to_numpy()), len(curve)), case=str(case))


def _exact(value: float, number: int) -> Estimate:
    """A number without an interval: counted or computed, not estimated."""
    return Estimate(float(value), float(value), float(value), number)
