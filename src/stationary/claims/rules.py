"""Decision rules as data: bounds on rows of a summary table, counted over units, joined by and and or.

A rule is a small tree. Its leaves select rows and state a bound (:class:`Bound`, :class:`Difference`), or ask for the verdict
of other claims (:class:`Verdicts`); its nodes join rules (:class:`All`, :class:`Any`), repeat one in every group of rows
(:class:`Each`), or repeat other claims' rules on parts of the rows (:class:`Repeat`). Here is only what a rule says;
``evaluate`` says whether it holds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from stationary.claims.conditions import parse

Selector = str | int | tuple[str, ...] | tuple[int, ...]


class Strict(BaseModel):
    """Frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _bound(text: str) -> str:
    parse(text)
    return text


BoundText = Annotated[str, AfterValidator(_bound)]


class Count(Strict):
    """At least so many units; ``of``, where given, is the number that must be there."""

    at_least: int = Field(ge=1)
    of: int | None = Field(None, ge=1)


Quantifier = Literal["every", "some", "most", "one"] | Count


class Bound(Strict):
    """A bound on the rows selected, each of which is a unit.

    Attributes:
        bound: see :data:`stationary.claims.conditions.GRAMMAR`.
        rows: column to value, values or, for numbers, ``"<= 10"``, ``"10..100"``, ``"narrowest"``, ``"widest"``.
        over: how many of the units must meet it; ``one`` means exactly one.
        least: units below which the claim has not been tested.
        share: of a share, which needs a denominator of at least twenty: exact if its interval is Clopper and Pearson's, other
            for differences of shares and for shares that carry another interval.
        log: whether its errors are symmetric on the log (ratios); matters for p-values only.
        observed: judged on the estimate, not on the interval.
        beside: rows that are not judged count, too.
        adjusted: z values are replaced by those of their Holm-adjusted p-values.
        needs: selections of further rows that must be in the table, judged or not.
    """

    bound: BoundText
    rows: dict[str, Selector] = {}
    over: Quantifier = "every"
    least: int = Field(1, ge=1)
    share: Literal["exact", "other"] | None = None
    log: bool = False
    observed: bool = False
    beside: bool = False
    adjusted: bool = False
    needs: dict[str, Selector] = {}


class Difference(Strict):
    """A bound on the first row minus the second; its interval is made of the outer ends of both."""

    bound: BoundText
    rows: dict[str, Selector] = {}
    first: dict[str, Selector]
    second: dict[str, Selector]
    share: Literal["exact", "other"] | None = None


class All(Strict):
    """Every rule holds."""

    all: tuple[Rule, ...] = Field(min_length=1)


class Any(Strict):
    """Some rule holds."""

    any: tuple[Rule, ...] = Field(min_length=1)


class Each(Strict):
    """A rule inside every group of rows that agree in some columns; each group is a unit."""

    each: tuple[str, ...] = Field(min_length=1)
    rule: Rule
    rows: dict[str, Selector] = {}
    over: Quantifier = "every"
    least: int = Field(1, ge=1)


class Repeat(Strict):
    """The same rule of other claims, on the rows that carry their name in ``part``, group by group of ``each``."""

    repeat: tuple[str, ...] = Field(min_length=1)
    each: tuple[str, ...] = Field(min_length=1)
    over: Quantifier = "every"
    least: int = Field(1, ge=1)


class Verdicts(Strict):
    """Other claims' verdicts."""

    verdicts: tuple[str, ...] = Field(min_length=1)
    are: Literal["supported", "refuted"]
    over: Quantifier = "every"


class Otherwise(Strict):
    """The rule for supported does not hold."""

    otherwise: Literal["supported"]


_KINDS = ("first", "bound", "all", "any", "repeat", "each", "verdicts", "otherwise")


def _kind(values: object) -> str | None:
    """The key that tells a rule's kind; ``repeat`` before ``each``, which it shares, and ``first`` before ``bound``."""
    keys = values if isinstance(values, dict) else type(values).model_fields if isinstance(values, Strict) else {}
    return next((kind for kind in _KINDS if kind in keys), None)


Rule = Annotated[
    Annotated[Bound, Tag("bound")]
    | Annotated[Difference, Tag("first")]
    | Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Each, Tag("each")]
    | Annotated[Repeat, Tag("repeat")]
    | Annotated[Verdicts, Tag("verdicts")]
    | Annotated[Otherwise, Tag("otherwise")],
    Discriminator(
        _kind,
        custom_error_type="rule_kind",
        custom_error_message=f"no kind of rule: give one of {', '.join(_KINDS)}",
    ),
]

for _model in (All, Any, Each):
    _model.model_rebuild()


def parts(rule: Rule) -> list[Rule]:
    """The rule and every rule inside it."""
    match rule:
        case All(all=inner) | Any(any=inner):
            return [rule, *(part for one in inner for part in parts(one))]
        case Each(rule=one):
            return [rule, *parts(one)]
    return [rule]


def words(rule: Rule) -> str:
    """The rule as a phrase.

    >>> words(Bound(bound="> 0.9", rows={"statistic": "share"}))
    'share > 0.9'
    """
    match rule:
        case Bound():
            adjusted = " after Holm's adjustment" if rule.adjusted else ""
            return f"{selected(rule.rows)} {rule.bound}{adjusted}{_over(rule.over, 'rows')}"
        case Difference():
            return f"{selected(rule.rows)}: {selected(rule.first)} minus {selected(rule.second)} {rule.bound}"
        case All(all=inner):
            return " and ".join(_nested(one) for one in inner)
        case Any(any=inner):
            return " or ".join(_nested(one) for one in inner)
        case Each():
            return f"in {_number(rule.over)} {' x '.join(rule.each)}: {words(rule.rule)}"
        case Repeat():
            return f"the rules of {', '.join(rule.repeat)} in every {' x '.join(rule.each)}{_over(rule.over, 'claims')}"
        case Verdicts():
            return f"{', '.join(rule.verdicts)} {rule.are}{_over(rule.over, 'claims')}"
    return "otherwise"


def _nested(rule: Rule) -> str:
    return f"({words(rule)})" if isinstance(rule, All | Any) else words(rule)


def selected(rows: dict[str, Selector]) -> str:
    """What rows of a rule are, as a phrase.

    >>> selected({"statistic": ("mean", "sd"), "width": "<= 10"})
    'statistic mean / sd, width <= 10'
    """
    parts = [str(rows["statistic"])] if isinstance(rows.get("statistic"), str) else []
    parts += [f"{column} {_choice(value)}" for column, value in rows.items() if column != "statistic" or not parts]
    return ", ".join(parts) or "the statistic"


def _choice(value: Selector) -> str:
    return " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _number(over: Quantifier) -> str:
    if isinstance(over, Count):
        return f"at least {over.at_least}" + (f" of {over.of}" if over.of else "")
    return {"one": "exactly one"}.get(over, over)


def _over(over: Quantifier, units: str) -> str:
    return "" if over == "every" else f" in {_number(over)} of the {units}"
