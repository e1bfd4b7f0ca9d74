"""The workflow's rules as the page tells them: what each does, reads and writes, and which others feed it.

Snakemake's own objects come in from outside; this module asks them a few questions and does not know their classes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stationary.report import places

_FILES_BY_NAME = 5
"""As many files of one rule are named one by one."""


@dataclass(frozen=True)
class RuleEntry:
    """One rule.

    Attributes:
        name: as Snakemake prints it.
        doc: its docstring.
        file: where it stands, e.g. ``workflow/rules/newton.smk``.
        line: counted from 1.
        outputs: paths with wildcards.
        inputs: what it reads, each with the rule that writes it (empty if none does); many files of one rule are their pattern.
    """

    name: str
    doc: str
    file: str
    line: int
    outputs: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, repr=False)
class RuleIndex:
    """All rules, in the order in which the workflow states them."""

    entries: tuple[RuleEntry, ...] = ()

    def __repr__(self) -> str:
        # Snakemake keeps and prints this form of a parameter, and runs a rule again when it changes.
        return f"rules {hashlib.sha256(repr(self.entries).encode()).hexdigest()}"

    def maker(self, path: str) -> RuleEntry | None:
        """The rule that writes a file; of a kept copy, e.g. results/reference/x, the rule that writes results/x."""
        for candidate in dict.fromkeys((path, path.replace("/reference/", "/", 1))):
            patterns = [(output, entry) for entry in self.entries for output in entry.outputs]
            fitting = [(output, entry) for output, entry in patterns if _pattern(output).fullmatch(candidate)]
            if fitting:
                # A file named as such is not one of those that another rule's wildcards, freed of constraints, could mean.
                return min(fitting, key=lambda one: one[0].count("{"))[1]
        return None


def collect(rules: Iterable[Any]) -> RuleIndex:
    """The index of a workflow, with the jobs that it can run walked from the rules that have no wildcards.

    Args:
        rules: Snakemake's rule objects (``workflow.rules``).
    """
    known = list(rules)
    found: dict[str, dict[tuple[str, str], set[str]]] = {rule.name: {} for rule in known}
    waiting: list[tuple[Any, dict[str, str]]] = [(rule, {}) for rule in known if not rule.wildcard_names]
    seen = {_key(rule, values) for rule, values in waiting}
    makers: dict[str, tuple[Any, str, dict[str, str]] | None] = {}
    while waiting:
        rule, wildcards = waiting.pop()
        for path in map(str, rule.expand_input(wildcards)[0]):
            if path not in makers:
                makers[path] = _maker(path, known)
            maker, pattern, values = makers[path] or (None, path, {})
            found[rule.name].setdefault((pattern, maker.name if maker else ""), set()).add(places.shown(path))
            if maker and _key(maker, values) not in seen:
                seen.add(_key(maker, values))
                waiting.append((maker, values))
    return RuleIndex(tuple(_entry(rule, found[rule.name]) for rule in known))


def _key(rule: Any, wildcards: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return rule.name, tuple(sorted(wildcards.items()))


def _maker(path: str, rules: Iterable[Any]) -> tuple[Any, str, dict[str, str]] | None:
    for rule in rules:
        for output in rule.output:
            if match := output.match(path):
                return rule, _plain(output), match.groupdict()
    return None


def _entry(rule: Any, read: Mapping[tuple[str, str], set[str]]) -> RuleEntry:
    inputs = [
        (path, maker)
        for (pattern, maker), files in read.items()
        for path in (sorted(files) if len(files) <= _FILES_BY_NAME else [pattern])
    ]
    doc = " ".join((rule.docstring or "").split())
    file = places.shown(rule.snakefile)
    # Snakemake counts the lines of what it makes of a file, and keeps which line of the file each comes from.
    line = rule.workflow.linemaps[rule.snakefile][rule.lineno]
    return RuleEntry(rule.name, doc, file, line, tuple(map(_plain, rule.output)), tuple(sorted(inputs)))


def _plain(output: object) -> str:
    """A path's pattern without the constraints on its wildcards."""
    return re.sub(r"\{(\w+),[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", r"{\1}", str(output))


def _pattern(output: str) -> re.Pattern[str]:
    return re.compile("".join(".+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", output)))
