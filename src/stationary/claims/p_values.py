"""One-sided p-values behind a bound, found by inverting the interval that a row reports.

A share is tested exactly (binomial tails, the test that Clopper and Pearson's interval inverts). Any other statistic is
taken to be normal on its natural scale (the log for ratios) with the standard error that the reported end on the side of the
bound implies: p is below 2.5 % exactly where the 95 % interval lies inside the bound. That is rough far from it: a percentile
bootstrap says little about tails, and the ends that combine two exact intervals are wider than a normal's. A point interval
stands for a number without sampling error: p is 0 or 1.
"""

from __future__ import annotations

import math

from scipy.special import bdtr, bdtrc, ndtr, ndtri

from stationary.claims.conditions import Condition, Side

_Z = float(ndtri(0.975))


def of_condition(condition: Condition, estimate: float, low: float, high: float, n: int, *, exact: bool, log: bool) -> float:
    """p against the bound's opposite: the larger of two sides' where both must hold, twice the smaller where either may.

    Args:
        condition: the bound.
        estimate: of the row.
        low: lower end of its 95 % interval.
        high: upper end.
        n: units that it rests on.
        exact: whether it is a share of these n units, to be tested as such.
        log: whether errors are symmetric on the log.
    """
    if not all(map(math.isfinite, (estimate, low, high))):
        return 1.0
    each = [_of_side(side, estimate, low, high, n, exact=exact, log=log) for side in condition.sides]
    return min(1.0, len(each) * min(each)) if condition.either else max(each)


def _of_side(side: Side, estimate: float, low: float, high: float, n: int, *, exact: bool, log: bool) -> float:
    if low == high or side.operator == "=":
        return 0.0 if side.holds(estimate, estimate) else 1.0
    upward = side.operator in (">", ">=")
    if exact and n > 0 and 0.0 <= estimate <= 1.0 and 0.0 <= side.number <= 1.0:
        hits = round(estimate * n)
        if abs(hits - estimate * n) < 1e-6:
            return _binomial(hits, n, side.number, upward=upward)
    if log and min(low, estimate, side.number) > 0:
        estimate, low, high = (math.log(value) for value in (estimate, low, high))
        number = math.log(side.number)
    else:
        number = side.number
    spread = estimate - low if upward else high - estimate
    distance = estimate - number if upward else number - estimate
    if spread <= 0:
        return 0.0 if distance > 0 else 1.0
    return float(ndtr(-_Z * distance / spread))


def _binomial(hits: int, n: int, number: float, *, upward: bool) -> float:
    """Chance of as many hits or more (fewer), were the share just at the bound."""
    if upward:
        return 1.0 if hits == 0 else float(bdtrc(hits - 1, n, number))
    return float(bdtr(hits, n, number))


def holm_z(values: list[float]) -> list[float]:
    """|z| of the Holm-adjusted two-sided p-values; at most the |z| itself, infinite where p underflows.

    >>> [round(z, 3) for z in holm_z([3.0, 0.5])]
    [2.782, 0.5]
    """
    adjusted = holm([2.0 * float(ndtr(-abs(value))) for value in values])
    return [float(-ndtri(0.5 * p)) if p > 0 else abs(value) for p, value in zip(adjusted, values, strict=True)]


def holm(p_values: list[float]) -> list[float]:
    """Holm's step-down adjusted p-values, in the order given.

    Source: S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979) 65-70.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, running = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = running
    return adjusted
