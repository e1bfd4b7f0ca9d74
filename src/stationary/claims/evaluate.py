"""Whether a rule holds: for the whole interval of what it is about, for none of it, or neither.

Unknown is a value here (Kleene's logic). Beside the truth goes a one-sided p-value of the rule against its opposite: the
larger of two rules that must both hold (intersection-union test), Bonferroni's of those of which some must; k of m take the
(m - k + 1)-fold of the k-th smallest (Y. Benjamini and R. Heller, Screening for partial conjunction hypotheses, Biometrics 64
(2008) 1215-1222).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from stationary.claims import p_values, rules
from stationary.claims.conditions import Truth, all_of, any_of, parse
from stationary.claims.rules import All, Any, Bound, Count, Difference, Each, Otherwise, Quantifier, Repeat, Rule, Verdicts
from stationary.claims.selection import Row, groups, numbers, select

LEAST_SHARE = 20
"""Denominator that a share needs (config/claims.yaml)."""


@dataclass(frozen=True)
class Outcome:
    """What came of a rule.

    Attributes:
        holds: true, false or unknown.
        p: one-sided p-value of the rule against its opposite; 1 where nothing can be said.
        row: the row that decides: of rules that must all hold the one furthest from it, else the best that is needed.
        bound: the bound that this row is held against.
        why: why it is unknown, or empty.
        units: how many were counted (rows, cells, claims).
        holding: how many of these meet the rule.
        missing: what is not in the table and would be needed, or empty.
        margin: of the deciding row inside its bound.
    """

    holds: Truth
    p: float
    row: Row | None = None
    bound: str = ""
    why: str = ""
    units: int = 1
    holding: int = 0
    missing: str = ""
    margin: float = 0.0


@dataclass(frozen=True)
class Context:
    """What a rule may refer to.

    Attributes:
        observed: judge the estimate, not the interval.
        other: the outcome of another claim's rule of the same side on some rows.
        verdicts: of the claims judged so far.
        supported: the claim's own rule for supported.
    """

    observed: bool
    other: Callable[[str, Sequence[Row]], Outcome]
    verdicts: Mapping[str, str]
    supported: Rule


def evaluate(rule: Rule, rows: Sequence[Row], context: Context) -> Outcome:
    """Apply a rule to the rows of one claim.

    Args:
        rule: what is asked.
        rows: of all tables that the claim reads, judged or not.
        context: what the rule may refer to.
    """
    match rule:
        case Bound():
            return _bound(rule, rows, context)
        case Difference():
            return _difference(rule, rows)
        case All(all=inner):
            return _joined([evaluate(one, rows, context) for one in inner], every=True)
        case Any(any=inner):
            return _joined([evaluate(one, rows, context) for one in inner], every=False)
        case Each():
            cells = groups(select(rows, rule.rows, beside=True), rule.each)
            # A cell without a judged row is one that the claim is not about.
            cells = [cell for cell in cells if any(row["judged"] for row in cell)]
            return counted([evaluate(rule.rule, cell, context) for cell in cells], rule.over, rule.least, " x ".join(rule.each))
        case Repeat():
            return _repeat(rule, rows, context)
        case Verdicts():
            return counted([_verdict(name, rule.are, context) for name in rule.verdicts], rule.over)
        case Otherwise():
            outcome = evaluate(context.supported, rows, context)
            negated = None if outcome.holds is None else not outcome.holds
            return replace(outcome, holds=negated, p=0.0 if negated else 1.0, holding=outcome.units - outcome.holding)
    raise TypeError(f"{rule!r} is no rule")


def counted(units: Sequence[Outcome], over: Quantifier, least: int = 1, what: str = "rows") -> Outcome:
    """One outcome of many units, by how many must hold.

    Args:
        units: the units' outcomes.
        over: how many must hold.
        least: number of units below which the claim was not tested, unless what there is decides.
        what: the units' name.
    """
    needed = _needed(over, len(units))
    least = max(least, over.of or 1) if isinstance(over, Count) else least
    if not units:
        return Outcome(None, 1.0, units=0, missing=f"no judged {what}")
    if over == "one":
        return _exactly_one(units)
    ranked = sorted(units, key=_rank, reverse=True)
    decisive = ranked[min(needed, len(ranked)) - 1]
    true, unknown = (sum(unit.holds is truth for unit in units) for truth in (True, None))
    holds = True if true >= needed else None if true + unknown >= needed else False
    p = min(1.0, (len(units) - needed + 1) * sorted(unit.p for unit in units)[needed - 1]) if needed <= len(units) else 1.0
    missing = next((unit.missing for unit in units if unit.missing), "") if holds is None else ""
    if len(units) < least and not (over == "some" and holds):
        holds, p, missing = None, 1.0, f"{len(units)} of at least {least} {what}"
    return replace(decisive, holds=holds, p=p, units=len(units), holding=true, missing=missing)


def _needed(over: Quantifier, number: int) -> int:
    """How many of the units must hold; a count of another number of units than it names keeps its proportion, rounded up."""
    if isinstance(over, Count):
        return max(over.at_least, math.ceil(over.at_least * number / over.of)) if over.of else over.at_least
    return {"every": number, "most": number // 2 + 1}.get(over, 1)


def _exactly_one(units: Sequence[Outcome]) -> Outcome:
    true, unknown = (sum(unit.holds is truth for unit in units) for truth in (True, None))
    holds: Truth = None if unknown else true == 1
    return replace(max(units, key=_rank), holds=holds, p=0.0 if holds else 1.0, units=len(units), holding=true)


def _rank(outcome: Outcome) -> tuple[float, float, float]:
    return ({True: 2.0, None: 1.0, False: 0.0}[outcome.holds], -outcome.p, outcome.margin)


def _joined(outcomes: Sequence[Outcome], *, every: bool) -> Outcome:
    """Conjunction or disjunction; units of all parts are counted together."""
    holds = (all_of if every else any_of)(outcome.holds for outcome in outcomes)
    decisive = (min if every else max)(outcomes, key=_rank)
    p = max(one.p for one in outcomes) if every else min(1.0, len(outcomes) * min(one.p for one in outcomes))
    missing = next((one.missing for one in outcomes if one.missing), "") if holds is None else ""
    total, met = sum(one.units for one in outcomes), sum(one.holding for one in outcomes)
    return replace(decisive, holds=holds, p=p, units=total, holding=met, missing=missing)


def _bound(rule: Bound, rows: Sequence[Row], context: Context) -> Outcome:
    statistic = rule.rows.get("statistic", "")
    for column, value in rule.needs.items():
        if not select(rows, {"statistic": statistic, column: value} if statistic else {column: value}, beside=True):
            return Outcome(None, 1.0, units=0, missing=f"no row of {rules.selected({column: value})}")
    chosen = select(rows, rule.rows, beside=rule.beside)
    condition = parse(rule.bound)
    observed = context.observed or rule.observed or condition.equality
    if rule.adjusted:
        chosen = [dict(row) for row in chosen]
        for row, z in zip(chosen, p_values.holm_z([numbers(row)[0] for row in chosen]), strict=True):
            row.update(estimate=z, ci_low=z, ci_high=z)  # type: ignore[attr-defined]  # a copy, made above
    units = [_leaf(rule, row, observed=observed) for row in chosen]
    return counted(units, rule.over, rule.least, f"rows of {rules.selected(rule.rows)}")


def _leaf(rule: Bound, row: Row, *, observed: bool) -> Outcome:
    condition = parse(rule.bound)
    value, low, high, n = numbers(row)
    if observed:
        low = high = value
    outcome = Outcome(None, 1.0, row, rule.bound)
    if rule.share and n < LEAST_SHARE:
        return replace(outcome, why=f"a share needs {LEAST_SHARE} units and this one rests on {n}")
    if math.isnan(value) or math.isnan(low) or math.isnan(high):
        return replace(outcome, why="nothing could be counted" if n == 0 else "there is no number or no interval")
    holds = condition.holds(low, high)
    p = p_values.of_condition(condition, value, low, high, n, exact=rule.share == "exact", log=rule.log)
    why = "the interval straddles the bound" if holds is None else ""
    return Outcome(holds, p, row, rule.bound, why, 1, int(holds is True), "", condition.margin(low, high))


def _difference(rule: Difference, rows: Sequence[Row]) -> Outcome:
    pair = [select(rows, {**rule.rows, **ends}) for ends in (rule.first, rule.second)]
    if any(len(part) != 1 for part in pair) or pair[0][0] is pair[1][0]:
        return Outcome(None, 1.0, units=0, missing=f"no two rows of {rules.selected(rule.rows)}")
    (one, one_low, one_high, n), (two, two_low, two_high, m) = (numbers(part[0]) for part in pair)
    row = {**pair[0][0], "estimate": one - two, "ci_low": one_low - two_high, "ci_high": one_high - two_low, "n": min(n, m)}
    return _leaf(Bound(bound=rule.bound, share=rule.share), row, observed=False)


def _repeat(rule: Repeat, rows: Sequence[Row], context: Context) -> Outcome:
    """Claim by claim: its rule must hold in every group."""
    found = []
    for name in rule.repeat:
        cells = groups([row for row in rows if row.get("part") == name], rule.each)
        cells = [cell for cell in cells if any(row["judged"] for row in cell)]
        what = f"{' x '.join(rule.each)} for {name}"
        found.append(counted([context.other(name, cell) for cell in cells], "every", rule.least, what))
    return counted(found, rule.over, what="claims")


def _verdict(name: str, wanted: str, context: Context) -> Outcome:
    verdict = context.verdicts[name]
    missing = f"{name} is not tested" if verdict.startswith("not tested") else ""
    decided = verdict in ("supported", "refuted")
    holds: Truth = verdict == wanted if decided else None
    row = {"statistic": f"verdict of {name}", "estimate": math.nan, "ci_low": math.nan, "ci_high": math.nan, "n": 0}
    return Outcome(holds, 0.0 if holds else 1.0, row, f"{name} {wanted}", f"{name} is {verdict}", 1, int(bool(holds)), missing)
