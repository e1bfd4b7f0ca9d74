"""The statistics that claims N1 - N10 name, cell by cell, with their intervals. Verdicts are the ledger's business.

Shares carry Clopper-Pearson intervals, medians and paired differences percentile bootstrap intervals; a start is the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import seeds, tables
from stationary.config.newton import Method
from stationary.experiments.newton_methods import METHODS
from stationary.experiments.newton_tables import SUMMARY
from stationary.intervals import Estimate, bootstrap, share

Array = Any

EXACT = "newton"
REMEDIES = ("bfgs", "l_bfgs", "levenberg_marquardt", "saddle_free_newton")
"""The four methods that claim N5 names; the others are reported beside."""

CONDITION_LIMIT = 1e6
"""Claim N7 is about bases whose Hessian is better conditioned than this."""


@dataclass(frozen=True)
class Cell:
    """One combination over which the claims are judged."""

    problem: str
    network: str
    target: str


def summarise(runs: pa.Table, linear: pa.Table, seed: int) -> pa.Table:
    """All statistics.

    Args:
        runs: ``newton/runs.parquet``.
        linear: ``newton/linear.parquet``.
        seed: root seed of the resampling.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    narrow = [name for name in runs.column_names if not pa.types.is_list(runs.schema.field(name).type)]
    frame = runs.select(narrow).to_pandas()
    frame["network"] = frame["condition"].str.split("-").str[2].where(frame["family"] == "main", "")
    main = frame[frame["family"] == "main"]
    rows: list[dict[str, object]] = []
    for key, part in main.groupby(["problem", "network", "target"], sort=True):
        rows += _cell(Cell(*key), part, seed)
    rows += _descent(main)
    rows += _linear(linear.to_pandas())
    rows += _sweep(frame[frame["family"] == "sweep"])
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in SUMMARY.names}
    return tables.from_columns(columns, SUMMARY)


def _by_method(frame: pd.DataFrame) -> list[tuple[Method, pd.DataFrame]]:
    return [(cast(Method, method), part) for method, part in frame.groupby("method", sort=True)]


def _row(
    claim: str, statistic: str, estimate: Estimate, *, cell: Cell | None = None, method: str = "all", judged: bool = True
) -> dict[str, object]:
    where = cell or Cell("all", "all", "all")
    return {
        "claim": claim,
        "statistic": statistic,
        "problem": where.problem,
        "network": where.network,
        "target": where.target,
        "method": method,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged,
    }


def _cell(cell: Cell, part: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    """N1 - N5 and N10 in one cell; on the PINNs the same statistics serve N6."""
    regression = cell.problem == "regression"

    def claim(number: str) -> str:
        return number if regression else "N6"

    for method, of_method in _by_method(part):
        judged = method == EXACT
        failure = share(~of_method["success"])
        yield _row(claim("N1"), "share of starts without success", failure, cell=cell, method=method, judged=judged)
        if not method.startswith(EXACT):
            continue
        converged = of_method[of_method["termination"] == "converged"]
        trivial = of_method[of_method["trivial"]]
        among = share(converged["trivial"])
        overall = share(of_method["trivial"])
        yield _row(claim("N2"), "share trivial among converged", among, cell=cell, method=method, judged=judged)
        yield _row(claim("N2"), "share trivial among all starts", overall, cell=cell, method=method, judged=False)
        constant = share(converged["at_best_constant"])
        yield _row(claim("N2"), "share at best constant among converged", constant, cell=cell, method=method, judged=False)
        yield from _orthogonality(claim("N3"), cell, method, trivial, seed, judged=judged)
        for kind in ("saddle", "flat", "minimum", "undecided"):
            of_kind = share(trivial["kind"] == kind)
            name = f"share {kind} among trivial"
            yield _row(claim("N4"), name, of_kind, cell=cell, method=method, judged=judged and kind == "saddle")
    if regression:
        yield from _paired(cell, part, seed)


def _orthogonality(
    claim: str, cell: Cell, method: str, trivial: pd.DataFrame, seed: int, *, judged: bool
) -> Iterator[dict[str, object]]:
    for column, name in (
        ("cosine_end", "median largest |cos(phi_k, f)| at trivial ends"),
        ("cosine_centred", "median largest centred |cos(phi_k, f)| at trivial ends"),
        ("cosine_start", "median largest |cos(phi_k, f)| at their starts"),
        ("cosine_start_centred", "median largest centred |cos(phi_k, f)| at their starts"),
    ):
        generator = seeds.generator(seed, "newton/bootstrap", f"{claim}-{cell}-{method}-{column}", 0)
        yield _row(
            claim, name, bootstrap(trivial[column].to_numpy(), np.median, generator), cell=cell, method=method, judged=judged
        )
    saturated = share(trivial["saturated_share"] == 1.0)
    yield _row(claim, "share fully saturated among trivial", saturated, cell=cell, method=method, judged=False)


def _paired(cell: Cell, part: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    """N5 and N10: success of a method minus success of exact Newton from the same start."""
    success = part.pivot_table(index="seed", columns="method", values="success", aggfunc="first").astype(float)
    if EXACT not in success:
        return
    for method in success.columns.drop(EXACT):
        generator = seeds.generator(seed, "newton/bootstrap", f"paired-{cell}-{method}", 0)
        difference = bootstrap((success[method] - success[EXACT]).to_numpy(), np.mean, generator)
        searched = str(method).startswith("newton_loss_search")
        yield _row(
            "N10" if searched else "N5",
            "paired difference in success share to exact Newton",
            difference,
            cell=cell,
            method=str(method),
            judged=method == "newton_loss_search" or method in REMEDIES,
        )


def _descent(main: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N8: ends that look like bad minima, per descent method over the whole regression main condition."""
    regression = main[main["problem"] == "regression"]
    shares: dict[Method, Estimate] = {}
    for method, part in _by_method(regression):
        if METHODS[method].descends:
            bad = (part["termination"] == "converged") & ~part["success"] & (part["n_negative"] == 0)
            shares[method] = share(bad)
            yield _row("N8", "share of bad minima among all starts", shares[method], method=method, judged=False)
    if shares:
        worst = max(shares, key=lambda name: shares[name].value)
        yield _row("N8", "largest share of bad minima over descent methods", shares[worst], method=worst)


def _linear(linear: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N7: a largest value over what was run, without sampling: its interval is the value."""
    within = linear[linear["condition_number"] < CONDITION_LIMIT]
    worst = float(within["relative_error"].max()) if len(within) else np.nan
    yield _row("N7", "largest ||u_1 - u*|| / ||u*||", Estimate(worst, worst, worst, len(within)), method=EXACT)


def _sweep(sweep: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N9: the share of conditions in which most starts fail; the interval counts conditions by their own interval's ends."""
    for method, of_method in _by_method(sweep):
        shares = [share(~part["success"]) for _, part in of_method.groupby("condition", sort=True)]
        value, low, high = (float(np.mean([getattr(one, end) > 0.5 for one in shares])) for end in ("value", "low", "high"))
        estimate = Estimate(value, low, high, len(shares))
        name = "share of sweep conditions whose failure share exceeds 1/2"
        yield _row("N9", name, estimate, method=method, judged=method == EXACT)
