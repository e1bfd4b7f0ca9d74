"""The statistics that claims N1 - N10 name, cell by cell, with their intervals. Verdicts are the ledger's business.

Shares and paired differences carry exact intervals, medians percentile bootstrap intervals; a start is the unit.
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
from stationary.intervals import Estimate, bootstrap, paired_difference, share

Array = Any

EXACT = "newton"
REMEDIES = ("bfgs", "l_bfgs", "levenberg_marquardt", "saddle_free_newton")
"""The four methods that claim N5 names; the others are reported beside."""

TRIVIAL = 1e-3
"""Relative output norm below which an output is trivial (config/claims.yaml)."""

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
        "claim": claim.partition("/")[0],
        "part": claim.rpartition("/")[2],
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
    """N1 - N5 and N10 in one cell; on the PINNs the same statistics are the parts of N6."""
    regression = cell.problem == "regression"

    def claim(number: str) -> str:
        return number if regression else f"N6/{number}"

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
        drifted = of_method["trivial"] | (of_method["termination"].eq("at_infinity") & (of_method["output_norm"] < TRIVIAL))
        yield _row(claim("N2"), "share trivial among converged", among, cell=cell, method=method, judged=judged)
        yield _row(claim("N2"), "share trivial among all starts", overall, cell=cell, method=method, judged=False)
        name = "share trivial, converged or at infinity, among all starts"
        yield _row(claim("N2"), name, share(drifted), cell=cell, method=method, judged=False)
        constant = share(converged["at_best_constant"])
        yield _row(claim("N2"), "share at best constant among converged", constant, cell=cell, method=method, judged=False)
        yield from _orthogonality(claim("N3"), cell, method, trivial, seed, judged=judged)
        for kind in ("saddle", "flat", "minimum", "undecided"):
            of_kind = share(trivial["kind"] == kind)
            name = f"share {kind} among trivial"
            yield _row(claim("N4"), name, of_kind, cell=cell, method=method, judged=judged and kind == "saddle")
    if regression:
        yield from _paired(cell, part)


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
    without = share(trivial["cosine_centred"].isna())
    yield _row(
        claim, "share of trivial ends whose units are all exact constants", without, cell=cell, method=method, judged=False
    )
    saturated = share(trivial["saturated_share"] == 1.0)
    yield _row(claim, "share fully saturated among trivial", saturated, cell=cell, method=method, judged=False)


def _paired(cell: Cell, part: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N5 and N10: success of a method minus success of exact Newton from the same start."""
    success = part.pivot_table(index="seed", columns="method", values="success", aggfunc="first").astype(float)
    if EXACT not in success:
        return
    for method in success.columns.drop(EXACT):
        pairs = success[[method, EXACT]].dropna()
        difference = paired_difference(pairs[method] > 0, pairs[EXACT] > 0)
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
    """N8: ends that look like bad minima, per descent method and regression cell; cells share starts and are not pooled."""
    worst: tuple[float, dict[str, object]] | None = None
    regression = main[main["problem"] == "regression"]
    for key, cell_runs in regression.groupby(["problem", "network", "target"], sort=True):
        for method, part in _by_method(cell_runs):
            if not METHODS[method].descends:
                continue
            converged = part["termination"] == "converged"
            bad = share(converged & ~part["success"] & (part["n_negative"] == 0) & (part["kind"] != "undecided"))
            cell, ended = Cell(*map(str, key)), share(converged)
            yield _row("N8", "share of bad minima among all starts", bad, cell=cell, method=method, judged=False)
            yield _row("N8", "share of converged runs among all starts", ended, cell=cell, method=method, judged=False)
            if worst is None or bad.value > worst[0]:
                name = "largest share of bad minima over methods and cells"
                worst = (bad.value, _row("N8", name, bad, cell=cell, method=method))
    if worst is not None:
        yield worst[1]


def _linear(linear: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N7: a largest value over what was run, without sampling: its interval is the value."""
    within = linear[linear["condition_number"] < CONDITION_LIMIT]
    worst = float(within["relative_error"].max()) if len(within) else np.nan
    yield _row("N7", "largest ||u_1 - u*|| / ||u*||", Estimate(worst, worst, worst, len(within)), method=EXACT)


def _sweep(sweep: pd.DataFrame) -> Iterator[dict[str, object]]:
    """N9: the share of conditions in which most starts fail, by each one's own interval; bases change no factor."""
    for method, of_method in _by_method(sweep[~sweep["condition"].str.endswith("-base")]):
        shares = [share(~part["success"]) for _, part in of_method.groupby("condition", sort=True)]
        value, low, high = (float(np.mean([getattr(one, end) > 0.5 for one in shares])) for end in ("value", "low", "high"))
        estimate = Estimate(value, low, high, len(shares))
        name = "share of sweep conditions whose failure share exceeds 1/2"
        yield _row("N9", name, estimate, method=method, judged=method == EXACT)
