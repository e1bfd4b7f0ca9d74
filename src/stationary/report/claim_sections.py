"""What the page says of a claim: the verdict with its evidence, and where each part of it comes from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stationary import tables
from stationary.claims import changes
from stationary.claims.markdown import estimate
from stationary.claims.rules import words
from stationary.claims.selection import place
from stationary.report import places
from stationary.report.contents import Contents, Judged
from stationary.report.places import Place
from stationary.report.rule_index import RuleEntry

MOST_ROWS = 40
"""Judged rows of one table that are listed; of more the page says where they are."""


@dataclass(frozen=True)
class JudgedRow:
    """A row of a summary that a claim's rule is about: which it is, its estimate with the interval, and its n."""

    place: str
    number: str
    n: int


@dataclass(frozen=True)
class TableLink:
    """A table that a claim rests on, the rule that made it, and the claim's judged rows in it."""

    path: Path
    rule: RuleEntry | None
    judged: tuple[JudgedRow, ...]

    @property
    def name(self) -> str:
        """Below results."""
        return f"{self.path.parent.name}/{self.path.name}"


@dataclass(frozen=True)
class ClaimSection:
    """A claim as the page shows it.

    Attributes:
        row: of claims.parquet.
        number: its estimate and interval in words.
        applied: supported, refuted and requires to the rule as the ledger has it now, or empty.
        change: what has changed about its rule, or empty.
        note: the ledger's, or empty.
        tables: what it rests on.
        figure_rule: the rule that draws its figure.
        lines: of the claim, of its rules, and of the functions that compute its statistics.
    """

    row: Mapping[str, Any]
    number: str
    applied: Mapping[str, str]
    change: str
    note: str
    tables: tuple[TableLink, ...]
    figure_rule: RuleEntry | None
    lines: tuple[Place, ...]

    @property
    def n_judged(self) -> int:
        """Number of rows that the rule is about."""
        return sum(len(table.judged) for table in self.tables)


def sections(contents: Contents) -> list[ClaimSection]:
    """One per claim, ledger by ledger, in the order of its claims."""
    reference = None if contents.reference is None else tables.read(contents.reference)
    found = []
    for judged in contents.judged:
        claims = tables.read(judged.table)
        changed = changes.of_rules(claims, ledger=judged.ledger, reference=reference)
        found += [_section(row, judged, contents, changed.get(row["id"], "")) for row in claims.to_pylist()]
    return found


def _section(row: Mapping[str, Any], judged: Judged, contents: Contents, change: str) -> ClaimSection:
    entry = judged.ledger.entries.get(row["id"])
    sides = ("supported", "refuted", "requires")
    return ClaimSection(
        row,
        estimate(row),
        {side: words(rule) if (rule := getattr(entry, side, None)) else "" for side in sides},
        change,
        entry.note if entry else "",
        tuple(_table(name.strip(), row["id"], judged, contents) for name in row["table"].split(",") if name.strip()),
        _figure_rule(row["figure"], contents),
        _lines(row, judged, contents),
    )


def _table(name: str, claim: str, judged: Judged, contents: Contents) -> TableLink:
    path = next((path for path in contents.tables if path.as_posix().endswith(f"/{name}")), None)
    found = () if path is None else _judged_rows(path, claim, judged.ledger.tables.get(path.parent.name, ()))
    shown = path or Path(name)
    return TableLink(shown, contents.rules.maker(os.fspath(shown)), found)


def _judged_rows(path: Path, claim: str, keys: Sequence[str]) -> tuple[JudgedRow, ...]:
    rows = tables.read(path).to_pylist()
    own = [row for row in rows if row["claim"] == claim and row["judged"]]
    return tuple(JudgedRow(place(row, keys), estimate(row), row["n"] or 0) for row in own)


def _figure_rule(figure: str, contents: Contents) -> RuleEntry | None:
    path = next((path for path in contents.figures if path.stem == figure), None)
    return None if path is None else contents.rules.maker(os.fspath(path))


def _lines(row: Mapping[str, Any], judged: Judged, contents: Contents) -> tuple[Place, ...]:
    stated = [places.of_claim(row["id"], file) for file in judged.files]
    return (*(place for place in stated if place), *places.of_statistic(row["id"], _code(row["table"], contents)))


def _code(table: str, contents: Contents) -> Sequence[Path]:
    names = [part.strip().split("/")[0] for part in table.split(",") if part.strip()]
    own = {experiment.name: [Path(file) for file in experiment.code] for experiment in contents.experiments}
    return [file for name in names for file in own.get(name) or places.modules_of(name)]
