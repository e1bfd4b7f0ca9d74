"""The statistics that the claims on symmetries name. Verdicts are the ledger's business."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import tables
from stationary.experiments.claim_rows import SUMMARY, Row, row
from stationary.experiments.symmetry_minima import distinct_values
from stationary.experiments.symmetry_tables import BARRIERS, ORBITS, TANGENTS
from stationary.intervals import Estimate, share

BARRIER = 0.01
"""Of the trivial loss (config/claims.yaml)."""

LEAST_PAIRS = 20
"""Pairs below which a network's share of barriers is not judged (config/claims.yaml)."""

CRITICAL = 1e-10
"""Gradient norm below which a point counts as critical: ||g||^2 < 1e-20."""


def summarise(minima: pa.Table, orbits: pa.Table, barriers: pa.Table, arrangements: pa.Table, tangents: pa.Table) -> pa.Table:
    """All statistics.

    Args:
        minima: schema ``MINIMA``.
        orbits: schema ``ORBITS``.
        barriers: schema ``BARRIERS``.
        arrangements: schema ``ARRANGEMENTS``.
        tangents: schema ``TANGENTS``.

    Returns:
        a table of the schema ``SUMMARY`` of the experiments on single claims.
    """
    rows = [
        *_barrier_rows(_frame(barriers, BARRIERS)),
        *_minima_rows(minima.drop_columns(["theta"]).to_pandas()),
        *_arrangement_rows(arrangements.to_pandas()),
        *_orbit_rows(_frame(orbits, ORBITS)),
        *_tangent_rows(_frame(tangents, TANGENTS)),
    ]
    return tables.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY)


def _barrier_rows(barriers: pd.DataFrame) -> Iterator[Row]:
    """A4; only the permuted twins of minima, as they stand, are judged."""
    for (network, pair, _), here in barriers.groupby(["network", "pair", "matched"], sort=False):
        matched = bool(here["matched"].all())
        judged, words = (
            bool(here["arrived"].all()) and len(here) >= LEAST_PAIRS,
            "after matching" if matched else "as they stand",
        )
        name = "permuted twins" if pair == "twin" else "minima of two starts"
        if pair == "twin" and not matched:
            statistic = "largest loss difference of permuted twins over the trivial loss"
            yield row("A4", statistic, _most(here["difference"]), case=str(network), judged=judged)
        found = share(here["barrier"] > BARRIER)
        statistic = f"share of pairs with a barrier above 1 % of the trivial loss, {name}, {words}"
        yield row("A4", statistic, found, case=str(network), judged=judged and pair == "twin" and not matched)


def _minima_rows(minima: pd.DataFrame) -> Iterator[Row]:
    """A5."""
    for network, ends in minima.groupby("network", sort=False):
        here = ends[ends["arrived"]]
        yield row("A5", "share of starts that arrive at a minimum", share(ends["arrived"]), case=str(network), judged=False)
        points = here.drop_duplicates("label")
        values = distinct_values(points["loss"].to_numpy(), points["reach"].to_numpy())
        yield row(
            "A5",
            "distinct values among minima modulo symmetry",
            _exact(values, len(here)),
            case=str(network),
            judged=len(here) > 0,
        )
        yield row("A5", "minima modulo symmetry", _exact(len(points), len(here)), case=str(network), judged=False)
        span = float(np.ptp(points["relative_loss"])) if len(points) else np.nan
        found = _exact(span, len(points))
        yield row("A5", "range of their losses over the trivial loss", found, case=str(network), judged=False)


def _arrangement_rows(arrangements: pd.DataFrame) -> Iterator[Row]:
    """B3."""
    for one in arrangements.to_dict("records"):
        case = f"{one['activation']}, n = {one['units']}, m = {one['layers']}"
        number = int(one["arrangements"])
        yield row("B3", "distinct points of equal loss over (n!)^m", _exact(one["distinct"] / number, number), case=case)
        yield row("B3", "spread of their losses over the trivial loss", _exact(one["spread"], number), case=case, judged=False)


def _orbit_rows(orbits: pd.DataFrame) -> Iterator[Row]:
    """B5 on all orbits of minima; B4 on rescalings without weight decay, with it beside."""
    for (network, symmetry, _), here in orbits.groupby(["network", "symmetry", "l2"], sort=False):
        if symmetry == "rescaling":
            plain = bool((here["l2"] == 0).all())
            words = "without weight decay" if plain else "with weight decay"
            statistic = f"largest change along rescaling orbits over the trivial loss, {words}"
            yield row("B4", statistic, _most(here["spread"]), case=str(network), judged=plain)
        else:
            case, minimum = f"{network}, {symmetry}", bool((here["point"] == "minimum").all())
            statistic = f"largest spread over orbits of {'minima' if minimum else 'ends of descents'}, over the trivial loss"
            yield row("B5", statistic, _most(here["spread"]), case=case, judged=minimum)


def _tangent_rows(tangents: pd.DataFrame) -> Iterator[Row]:
    """B4: null scale tangents per hidden unit, the mean over teachers with the lowest and highest of them as its interval.

    With weight decay a point counts if its gradient is zero and its Hessian positive definite beyond the band: polish may end
    at a kink, where the Hessian is that of one side.
    """
    for (network, point), every in tangents.groupby(["network", "point"], sort=False):
        critical = (every["termination"] == "converged") & (every["gradient_norm"] < CRITICAL)
        here = every[critical & ((point == "zero_loss") | (every["lowest_eigenvalue"] > every["null_band"]))]
        per_unit = (here["null"] / here["units"]).to_numpy(dtype=float)
        words = "at the teacher's minimum of loss zero" if point == "zero_loss" else "at the minimum with weight decay"
        mean, low, high = (per_unit.mean(), per_unit.min(), per_unit.max()) if len(here) else (np.nan, np.nan, np.nan)
        statistic = f"null scale tangents per hidden unit {words}"
        found = Estimate(float(mean), float(low), float(high), len(here))
        yield row("B4", statistic, found, case=str(network), judged=len(here) > 0)
        arrivals = share(every.index.isin(here.index))
        yield row("B4", f"share of teachers that count, {words}", arrivals, case=str(network), judged=False)


def _most(values: pd.Series) -> Estimate:
    return _exact(float(values.max()) if len(values) else np.nan, len(values))


def _exact(value: float, number: int) -> Estimate:
    """A number without an interval: counted or computed, not estimated."""
    return Estimate(float(value), float(value), float(value), number)


def _frame(table: pa.Table, schema: pa.Schema) -> pd.DataFrame:
    """Without list columns."""
    frame: pd.DataFrame = table.select([field.name for field in schema if not pa.types.is_list(field.type)]).to_pandas()
    return frame
