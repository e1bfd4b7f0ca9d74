"""A verdict on every claim, from the rows of the summary tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from stationary import tables
from stationary.claims.evaluate import Context, Outcome, evaluate
from stationary.claims.ledger import Claim, Entry, Ledger
from stationary.claims.p_values import holm
from stationary.claims.rules import Rule, Verdicts, words
from stationary.claims.selection import Row, place
from stationary.claims.tables import CLAIMS

SUPPORTED, REFUTED, INCONCLUSIVE, UNTESTED = "supported", "refuted", "inconclusive", "not tested at this scale"

LEVEL = 0.05
"""Of the families' error rate after Holm's adjustment."""

COMMANDS = {
    "laptop": "snakemake --cores all",
    "paper": "snakemake --cores all --configfile config/paper.yaml",
}


@dataclass(frozen=True)
class Judgement:
    """A verdict with what led to it.

    Attributes:
        verdict: one of the four words.
        reason: one sentence.
        outcome: of the rule of the verdict, or of the rule for supported.
        p: two-sided p-value of the nearer rule, NaN for a claim that refers to others.
    """

    verdict: str
    reason: str
    outcome: Outcome
    p: float


def judge(ledger: Ledger, summaries: Mapping[str, pa.Table], scale: str) -> pa.Table:
    """Every claim's verdict, plain and Holm-adjusted.

    Args:
        ledger: claims and rules.
        summaries: table name, as in the ledger's ``tables``, to the summary; one that is missing has no rows.
        scale: smoke, laptop or paper.

    Returns:
        a table of the schema ``CLAIMS``, a row per claim.
    """
    evidence = _evidence(summaries, ledger.tables)
    own = [claim for claim in ledger.claims if not _refers(ledger.entries[claim.id])]
    judged = {claim.id: _judge(claim.id, ledger, evidence.get(claim.id, []), {}, scale) for claim in own}
    adjusted = adjust({name: one.p for name, one in judged.items() if one.verdict != UNTESTED})
    after = {
        name: INCONCLUSIVE if one.verdict in (SUPPORTED, REFUTED) and adjusted[name] > LEVEL else one.verdict
        for name, one in judged.items()
    }
    plain = {name: one.verdict for name, one in judged.items()}
    for claim in ledger.claims:
        if claim.id not in judged:
            judged[claim.id] = _judge(claim.id, ledger, [], plain, scale)
            after[claim.id] = _judge(claim.id, ledger, [], after, scale).verdict
    rows = [
        _row(claim, ledger, judged[claim.id], adjusted.get(claim.id, math.nan), after[claim.id], scale)
        for claim in ledger.claims
    ]
    return tables.from_columns({name: [row[name] for row in rows] for name in CLAIMS.names}, CLAIMS)


def adjust(p: Mapping[str, float]) -> dict[str, float]:
    """Holm's adjustment inside each family, whose letter the names begin with.

    >>> adjust({"N1": 0.02, "N2": 0.01, "W1": 0.04})
    {'N1': 0.02, 'N2': 0.02, 'W1': 0.04}
    """
    result: dict[str, float] = {}
    for family in dict.fromkeys(name[0] for name in p):
        members = [name for name in p if name[0] == family]
        result |= dict(zip(members, holm([p[name] for name in members]), strict=True))
    return result


def _judge(name: str, ledger: Ledger, rows: Sequence[Row], verdicts: Mapping[str, str], scale: str) -> Judgement:
    entry = ledger.entries[name]

    def outcome_of(rule: Rule, side: str) -> Outcome:
        def other(which: str, part: Sequence[Row]) -> Outcome:
            rule_of_other: Rule = getattr(ledger.entries[which], side)
            return evaluate(rule_of_other, part, Context(ledger.entries[which].observed, other, {}, rule_of_other))

        return evaluate(rule, rows, Context(entry.observed, other, verdicts, entry.supported))

    supported, refuted = outcome_of(entry.supported, "supported"), outcome_of(entry.refuted, "refuted")
    p = math.nan if _refers(entry) else min(1.0, 2.0 * min(supported.p, refuted.p))
    if entry.requires is not None:
        condition = outcome_of(entry.requires, "supported")
        if not condition.holds:
            if condition.missing:
                return Judgement(UNTESTED, _untested(condition.missing, entry, scale), condition, 1.0)
            reason = f"The condition for a decision fails: {_shown(condition)}."
            return Judgement(INCONCLUSIVE, reason, condition, 1.0)
    for verdict, outcome in ((SUPPORTED, supported), (REFUTED, refuted)):
        if outcome.holds:
            own_p = p if math.isnan(p) else min(1.0, 2.0 * outcome.p)
            reason = f"The rule for {verdict} holds ({outcome.holding} of {outcome.units} units meet it): {_shown(outcome)}."
            return Judgement(verdict, reason, outcome, own_p)
    if missing := supported.missing or refuted.missing:
        return Judgement(UNTESTED, _untested(missing, entry, scale), supported, 1.0)
    why = f", where {supported.why}" if supported.why else ""
    reason = f"Neither rule holds; that for supported is met by {supported.holding} of {supported.units} units: "
    return Judgement(INCONCLUSIVE, f"{reason}{_shown(supported)}{why}.", supported, p)


def _evidence(summaries: Mapping[str, pa.Table], keys: Mapping[str, Sequence[str]]) -> dict[str, list[Row]]:
    """The rows of each claim, which carry their place: the statistic and what tells them from others of their table."""
    found: dict[str, list[Row]] = {}
    for name, table in summaries.items():
        for row in table.to_pylist():
            found.setdefault(row["claim"], []).append({**row, "place": place(row, keys[name])})
    return found


def _refers(entry: Entry) -> bool:
    return isinstance(entry.supported, Verdicts)


def _untested(missing: str, entry: Entry, scale: str) -> str:
    command = COMMANDS["laptop" if scale == "smoke" and entry.needs == "laptop" else "paper"]
    return f"The tables of this scale do not hold what the rule needs ({missing}); `{command}` tests it."


def _shown(outcome: Outcome) -> str:
    if outcome.row is None:
        return "there is no row"
    where = _place_of(outcome.row)
    value, low, high, n = (outcome.row[name] for name in ("estimate", "ci_low", "ci_high", "n"))
    if value is None or math.isnan(value):
        return f"{where} (n = {n}) against {outcome.bound}" if n else f"{where}: {outcome.bound}"
    interval = "" if low == high else f" [{low:.4g}, {high:.4g}]"
    return f"{where} is {value:.4g}{interval}, n = {n}, against {outcome.bound}"


def _place_of(row: Row) -> str:
    """A verdict of another claim stands in no table."""
    return str(row.get("place", row["statistic"]))


def _row(claim: Claim, ledger: Ledger, one: Judgement, holm_p: float, after: str, scale: str) -> dict[str, object]:
    entry, row = ledger.entries[claim.id], one.outcome.row or {}
    numbers = {name: math.nan if row.get(name) is None else row[name] for name in ("estimate", "ci_low", "ci_high")}
    return {
        **claim.model_dump(include={"id", "source", "claim", "statistic", "supported", "refuted"}),
        **numbers,
        "family": claim.id[0],
        "verdict": one.verdict,
        "reason": one.reason,
        "n": row.get("n") or 0,
        "row": _place_of(row) if row else "",
        "cells": one.outcome.units,
        "holding": one.outcome.holding,
        "p_value": math.nan if one.verdict == UNTESTED else one.p,
        "holm_p": holm_p,
        "holm_verdict": after,
        "published": entry.published,
        "figure": entry.figure or "",
        "table": ", ".join(f"{table}/summary.parquet" for table in entry.tables),
        "rule_text": f"supported: {words(entry.supported)}; refuted: {words(entry.refuted)}",
        "rule_hash": ledger.rule_hash(claim.id),
        "scale": scale,
    }
