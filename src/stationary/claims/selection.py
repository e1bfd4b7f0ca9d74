"""Which rows of a summary table a rule is about."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from stationary.claims.rules import Selector

Row = Mapping[str, Any]
"""A row of a summary table, column to value."""

NUMBERS = frozenset({"width", "size", "index", "hidden", "p"})
"""Key columns that hold numbers; the others hold names."""

_AT_MOST = re.compile(r"<= (\d+)")
_RANGE = re.compile(r"(\d+)\.\.(\d+)")


def readable(column: str, value: Selector) -> bool:
    """Whether a selector of this column says something."""
    if not isinstance(value, str):
        return column in NUMBERS or isinstance(value, tuple)
    return (
        column not in NUMBERS or value in ("narrowest", "widest") or bool(_AT_MOST.fullmatch(value) or _RANGE.fullmatch(value))
    )


def select(rows: Sequence[Row], selectors: Mapping[str, Selector], *, beside: bool = False) -> list[Row]:
    """The rows that meet all selectors; only judged ones unless those that stand beside are wanted, too.

    >>> rows = [{"width": 2, "judged": True}, {"width": 5, "judged": True}, {"width": 9, "judged": False}]
    >>> select(rows, {"width": "widest"})
    [{'width': 5, 'judged': True}]
    """
    chosen = [row for row in rows if beside or row["judged"]]
    # An extreme is that of the rows which the other selectors leave.
    for column, value in sorted(selectors.items(), key=lambda item: item[1] in ("narrowest", "widest")):
        chosen = _meeting(chosen, column, value)
    return chosen


def groups(rows: Sequence[Row], columns: Sequence[str]) -> list[list[Row]]:
    """The rows split by the values of some columns, in order of first appearance."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row.get(column) for column in columns), []).append(row)
    return list(found.values())


def numbers(row: Row) -> tuple[float, float, float, int]:
    """Estimate, both ends of its interval, and n; NaN where there is none."""
    value, low, high = (math.nan if row[name] is None else float(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    return value, low, high, int(row["n"] or 0)


def place(row: Row, keys: Sequence[str]) -> str:
    """Which row of its table that is: the statistic, and the keys that say something.

    >>> place({"statistic": "share", "method": "bfgs", "width": 5, "case": "all"}, ("statistic", "method", "width", "case"))
    'share, method bfgs, width 5'
    """
    told = [column for column in keys if column not in ("statistic", "part")]
    values = [f"{column} {row[column]}" for column in told if row.get(column) not in (None, "all", "")]
    return ", ".join([str(row["statistic"]), *values])


def _meeting(rows: list[Row], column: str, value: Selector) -> list[Row]:
    if column not in NUMBERS or not isinstance(value, str):
        wanted = value if isinstance(value, tuple) else (value,)
        return [row for row in rows if row.get(column) in wanted]
    with_number = [row for row in rows if row.get(column) is not None]
    if value in ("narrowest", "widest"):
        extreme = (min if value == "narrowest" else max)((row[column] for row in with_number), default=None)
        return [row for row in with_number if row[column] == extreme]
    if found := _AT_MOST.fullmatch(value):
        return [row for row in with_number if row[column] <= int(found[1])]
    low, high = map(int, _RANGE.fullmatch(value).groups())  # type: ignore[union-attr]  # the ledger refuses other texts
    return [row for row in with_number if low <= row[column] <= high]
