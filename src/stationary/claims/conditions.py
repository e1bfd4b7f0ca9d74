"""A bound on a number, read from text, and whether an interval meets it with certainty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Operator = Literal["<", "<=", ">", ">=", "="]
Truth = bool | None
"""True, false, or unknown (None): Kleene's logic, in which a rule that an interval straddles is neither."""

_NUMBER = r"(?P<{0}>[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|zero|one)"
_SIMPLE = re.compile(rf"(?P<absolute>\|\.\| )?(?P<operator><=|>=|<|>|=) {_NUMBER.format('number')}(?P<percent> %)?")
_WITHIN = re.compile(rf"within {_NUMBER.format('number')}(?P<percent> %)? of {_NUMBER.format('centre')}")
GRAMMAR = "'> 0.9', '|.| < 2', '< -5 %', 'within 0.05 of 0' or, with numbers in words, '= one'"


@dataclass(frozen=True)
class Side:
    """A one-sided bound: ``x operator number``."""

    operator: Operator
    number: float

    def holds(self, low: float, high: float) -> Truth:
        """For all of [low, high], for none of it, or for some; unknown where an end is NaN.

        >>> Side(">", 0.9).holds(0.95, 1.0), Side(">", 0.9).holds(0.5, 0.8), Side(">", 0.9).holds(0.8, 1.0)
        (True, False, None)
        """
        if not (low <= high):
            return None
        first, last = self._meets(low), self._meets(high)
        if self.operator == "=":
            return True if first and last else None if low <= self.number <= high else False
        return first if first == last else None

    def margin(self, low: float, high: float) -> float:
        """How far the worse end lies inside the bound; negative outside, zero for an equality that holds."""
        if self.operator == "=":
            return -max(abs(low - self.number), abs(high - self.number))
        return low - self.number if self.operator in (">", ">=") else self.number - high

    def _meets(self, value: float) -> bool:
        match self.operator:
            case "<":
                return value < self.number
            case "<=":
                return value <= self.number
            case ">":
                return value > self.number
            case ">=":
                return value >= self.number
        return value == self.number


@dataclass(frozen=True)
class Condition:
    """A bound as the ledger writes it: one side, both of a band, or either outside of one.

    Attributes:
        text: as written.
        sides: one or two.
        either: whether one of two sides is enough.
    """

    text: str
    sides: tuple[Side, ...]
    either: bool = False

    @property
    def equality(self) -> bool:
        """Whether it asks for one number; such a rule is judged on the observed value."""
        return any(side.operator == "=" for side in self.sides)

    def holds(self, low: float, high: float) -> Truth:
        """Whether all of the interval meets it, none, or neither is certain."""
        return (any_of if self.either else all_of)(side.holds(low, high) for side in self.sides)

    def margin(self, low: float, high: float) -> float:
        """Of the side that decides."""
        return (max if self.either else min)(side.margin(low, high) for side in self.sides)


def parse(text: str) -> Condition:
    """Read a bound.

    Raises:
        ValueError: if it does not follow the grammar.

    >>> parse("|.| < 2").holds(-1.5, 1.0)
    True
    >>> parse("within 1 % of one").sides
    (Side(operator='<=', number=1.01), Side(operator='>=', number=0.99))
    """
    if found := _WITHIN.fullmatch(text):
        centre, reach = _value(found["centre"]), _value(found["number"], found["percent"])
        return Condition(text, (Side("<=", centre + reach), Side(">=", centre - reach)))
    if not (found := _SIMPLE.fullmatch(text)):
        raise ValueError(f"{text!r} is no bound. Write one like {GRAMMAR}.")
    operator, number = found["operator"], _value(found["number"], found["percent"])
    if not found["absolute"]:
        return Condition(text, (Side(operator, number),))  # type: ignore[arg-type]  # the pattern admits operators only
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}[operator]
    sides = (Side(operator, number), Side(mirrored, -number))  # type: ignore[arg-type]
    return Condition(text, sides, either=operator in (">", ">=", "="))


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction; true of nothing."""
    known = list(truths)
    return False if False in known else None if None in known else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction; false of nothing."""
    known = list(truths)
    return True if True in known else None if None in known else False


def _value(number: str, percent: str | None = None) -> float:
    value = {"zero": 0.0, "one": 1.0}.get(number)
    if value is None:
        value = float(number)
    # Divided, not multiplied: 3 / 100 is the number nearest to 0.03, 3 * 0.01 need not be.
    return value / 100 if percent else value
