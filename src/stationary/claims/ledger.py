"""The claims as fixed before any run, and the ledger that connects each with its rows, its rules as data and its figure.

Reading and checking are cheap, so that a wrong name ends a dry run: no table is opened and no numerical library loaded.
A workflow that imports this one has a ledger of its own; its files declare the families and the tables that it adds
(docs/extending.md).
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError

from stationary.claims.rules import Bound, Difference, Each, Repeat, Rule, Selector, Strict, Verdicts, parts
from stationary.claims.selection import readable
from stationary.errors import LedgerError

KEYS: dict[str, tuple[str, ...]] = {
    "newton": ("statistic", "part", "problem", "network", "target", "method"),
    "minima": ("statistic", "dataset", "setting", "width"),
    "spin_glass": ("statistic", "p", "size", "index"),
    "saddles": ("statistic", "problem", "finder", "hidden"),
    **dict.fromkeys(("convexity", "symmetry", "conditioning", "traps", "optimizers"), ("statistic", "case", "method")),
}
"""Summary tables of this workflow, and the columns that tell their rows apart."""

FAMILIES = {
    "N": "Exact Newton (Rowan 2025)",
    "W": "Minima by width (Choromanska 2015 and the thread)",
    "S": "Spin glass (Choromanska 2015, Auffinger et al. 2013)",
    "D": "Saddle counts (Dauphin 2014, Frye 2019 and 2021, Baldi & Hornik 1989)",
    "A": "Convexity and symmetry (the thread)",
    "B": "Conditioning and local minima (Deep Learning 8.2)",
    "C": "Optimisers and traps (the article)",
}
"""Families of this workflow's claims, by the letter that their names begin with."""

FILES = ("config/claims.yaml", "config/ledger.yaml")


def _note(text: str) -> str:
    if not re.fullmatch(r"\S.*\.", text):
        raise ValueError("a note is one or more sentences on one line and ends with a full stop")
    return text


Note = Annotated[str, AfterValidator(_note)]


class Claim(Strict):
    """A claim of config/claims.yaml, in words; its name is the letter of a family and a number."""

    id: str = Field(pattern=r"^[A-Z]\d+$")
    source: str
    claim: str
    statistic: str
    supported: str
    refuted: str
    scale: Literal["paper"] | None = None


class Entry(Strict):
    """What the ledger says of one claim.

    Attributes:
        tables: summaries that carry the claim's rows.
        figure: module in ``stationary.figures`` that shows it; none for a single number.
        published: the source's own number, where there is one.
        note: a caution for who reads the verdict, or what the rule needs; it is judged by nothing and holds at every scale.
        observed: judged on observed values (the list in the head of config/claims.yaml).
        needs: smallest scale at which the rule can be judged.
        requires: without it nothing is decided.
        supported: the rule, as data.
        refuted: the rule, as data.
    """

    tables: tuple[str, ...] = ()
    figure: str | None
    published: str = ""
    note: Note = ""
    observed: bool = False
    needs: Literal["laptop", "paper"] = "laptop"
    requires: Rule | None = None
    supported: Rule
    refuted: Rule


class _Claims(Strict):
    families: dict[Annotated[str, Field(pattern=r"^[A-Z]$")], str] = Field(default_factory=dict)
    claims: tuple[Claim, ...]


class _Entries(Strict):
    tables: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    claims: dict[str, Entry]


class Ledger(Strict):
    """Claims with their entries, in the order of config/claims.yaml.

    Attributes:
        claims: in words.
        entries: by name of the claim.
        families: letter to title.
        tables: name of a summary table to the columns that tell its rows apart.
    """

    claims: tuple[Claim, ...]
    entries: dict[str, Entry]
    families: dict[str, str]
    tables: dict[str, tuple[str, ...]]

    def rule_hash(self, name: str) -> str:
        """SHA-256 of a claim's text and of everything that its entry judges by, 64 hex digits."""
        claim = next(claim for claim in self.claims if claim.id == name)
        judged = self.entries[name].model_dump(mode="json", exclude={"figure", "published", "note"})
        return _sha256([claim.model_dump(mode="json"), judged])

    def notes(self) -> dict[str, str]:
        """Claim to its note, for the claims that have one."""
        return {name: entry.note for name, entry in self.entries.items() if entry.note}

    def digest(self) -> str:
        """SHA-256 of all claims and entries, 64 hex digits."""
        return _sha256(self.model_dump(mode="json"))


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load(claims: str | Path, entries: str | Path) -> Ledger:
    """The ledger of two files, config/claims.yaml and config/ledger.yaml or those of a workflow that adds to this one.

    Raises:
        LedgerError: see :func:`of`, or if a file is missing or no YAML.
    """
    contents = []
    for path in (claims, entries):
        try:
            contents.append(yaml.load(Path(path).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        except (OSError, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            raise LedgerError(f"{path} cannot be read ({reason}). Restore it from the repository.") from None
    return of(*contents, files=(named(claims), named(entries)))


def named(file: str | Path) -> str:
    """A file's name with its folder's, which is the same wherever the project lies.

    >>> named("/home/me/stationary/config/claims.yaml")
    'config/claims.yaml'
    """
    return "/".join(Path(file).parts[-2:])


def of(claims: object, entries: object, *, files: tuple[str, str] = FILES) -> Ledger:
    """The ledger of what both files hold, every name in it known.

    Args:
        claims: contents of config/claims.yaml. Where it declares ``families`` (letter to title), its claims are of these.
        entries: contents of config/ledger.yaml. ``tables`` (name to key columns) come beside this workflow's own.
        files: what refusals call the two.

    Raises:
        LedgerError: naming the first entry that does not fit.
    """
    of_claims, of_entries = files
    words, rules = _validated(_Claims, claims, of_claims), _validated(_Entries, entries, of_entries)
    _check_declared(of_claims, "families", words.families, FAMILIES)
    _check_declared(of_entries, "tables", rules.tables, KEYS)
    families, tables = words.families or FAMILIES, KEYS | rules.tables
    ledger = Ledger(claims=words.claims, entries=rules.claims, families=families, tables=tables)
    names = [claim.id for claim in ledger.claims]
    for name in names:
        if names.count(name) > 1:
            raise LedgerError(f"{of_claims}: {name} stands there twice. Leave one out.")
        if name[0] not in families:
            raise LedgerError(f"{of_claims}: {name}: {name[0]} is no family. Use one of: {', '.join(families)}.")
        if name not in ledger.entries:
            raise LedgerError(f"{of_entries}: {name} of {of_claims} has no entry. Add one.")
    for name in ledger.entries:
        if name not in names:
            raise LedgerError(f"{of_entries}: {name} is no claim of {of_claims}. Use one of its ids.")
        _check_entry(name, ledger, of_entries)
    return ledger


def check_figures(ledger: Ledger, figures: Collection[str], *, file: str = FILES[1]) -> None:
    """Refuse an entry whose figure is not drawn.

    Args:
        ledger: the entries.
        figures: the names of those that are drawn.
        file: what the refusal calls the file of the entries.

    Raises:
        LedgerError: naming the first such entry.
    """
    for name, entry in ledger.entries.items():
        if entry.figure is not None and entry.figure not in figures:
            raise LedgerError(_refusal(file, name, f"figure {entry.figure!r} is not drawn", sorted(figures)))


def _check_declared(file: str, what: str, own: Mapping[str, object], taken: Mapping[str, object]) -> None:
    """A workflow that adds to this one shows its claims beside these, so no name may stand for two things."""
    for name in own:
        if name in taken:
            raise LedgerError(f"{file}: {what}: {name} is taken ({', '.join(taken)} are). Choose another name.")


def _check_entry(name: str, ledger: Ledger, file: str) -> None:
    entry, entries, keys = ledger.entries[name], ledger.entries, ledger.tables
    for table in entry.tables:
        if table not in keys:
            raise LedgerError(_refusal(file, name, f"table {table!r} does not exist", sorted(keys)))
    known = sorted({column for table in entry.tables for column in keys[table]})
    sides = (entry.supported, entry.refuted, *([entry.requires] if entry.requires else []))
    for side in sides:
        for rule in parts(side):
            for column, value in _columns(rule):
                if column not in known:
                    raise LedgerError(_refusal(file, name, f"column {column!r} is not in its tables", known))
                if value is not None and not readable(column, value):
                    raise LedgerError(
                        _refusal(file, name, f"{column}: {value!r} selects nothing", ["a number", "<= 10", "10..100", "widest"])
                    )
            for other in _references(rule):
                if other not in entries:
                    raise LedgerError(_refusal(file, name, f"claim {other!r} does not exist", sorted(entries)))
                if any(_references(part) for part in (entries[other].supported, entries[other].refuted)):
                    raise LedgerError(
                        _refusal(file, name, f"claim {other!r} refers to others itself", ["a claim with rows of its own"])
                    )


def _columns(rule: Rule) -> list[tuple[str, Selector | None]]:
    found: list[tuple[str, Selector | None]] = []
    if isinstance(rule, Bound | Difference | Each):
        found += rule.rows.items()
    if isinstance(rule, Bound):
        found += rule.needs.items()
    if isinstance(rule, Difference):
        found += [*rule.first.items(), *rule.second.items()]
    if isinstance(rule, Each | Repeat):
        found += [(column, None) for column in rule.each]
    return found


def _references(rule: Rule) -> tuple[str, ...]:
    match rule:
        case Repeat(repeat=names) | Verdicts(verdicts=names):
            return names
    return ()


def _refusal(file: str, name: str, what: str, allowed: list[str]) -> str:
    meant = difflib.get_close_matches(what.split("'")[1], allowed, n=1) if "'" in what else []
    hint = f" (did you mean {meant[0]!r}?)" if meant else ""
    return f"{file}: {name}: {what}. Use one of: {', '.join(allowed)}{hint}."


def _validated(model: Any, values: object, file: str) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "the file"
        reason = problem["msg"].removeprefix("Value error, ").rstrip(".")
        raise LedgerError(f"{file}: {place}: {reason}. See the other entries of the file.") from None
