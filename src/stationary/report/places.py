"""Where things stand: files by their place in the project, and the lines that a claim comes from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]


@dataclass(frozen=True)
class Place:
    """A line of a file.

    Attributes:
        path: the file.
        line: counted from 1.
        what: what stands there, e.g. the name of a function.
    """

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}"


def shown(path: str | Path) -> str:
    """A path below the project from there; any other as it is, or only its end if it is absolute: machines differ."""
    given = Path(path)
    if given.is_absolute() and given.resolve().is_relative_to(PROJECT):
        return given.resolve().relative_to(PROJECT).as_posix()
    return "/".join(given.parts[-2:]) if given.is_absolute() else given.as_posix()


def of_claim(name: str, file: Path) -> Place | None:
    """The line on which a claim stands in a file like config/claims.yaml or config/ledger.yaml."""
    pattern = re.compile(rf"^\s*(?:-\s*\{{\s*id:\s*{name}\b|-\s*id:\s*{name}\b|{name}:)")
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if pattern.match(line):
            return Place(file, number, file.name)
    return None


def of_statistic(name: str, files: Iterable[Path]) -> list[Place]:
    """The functions that name a claim, where they do so first: in summaries if there, else in the other files."""
    found = [Place(file, line, function) for file in files for line, function in _mentions(file).get(name, ())]
    return [place for place in found if "summary" in place.path.stem] or found


def modules_of(experiment: str) -> list[Path]:
    """The package's modules of an experiment, whose names begin with its own."""
    # "saddles" owns saddle_runs, saddle_summary, ...
    stem = experiment.removesuffix("s")
    return sorted(path for path in (PACKAGE / "experiments").glob(f"{stem}*.py"))


@cache
def _mentions(file: Path) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for text, line, function in _texts(ast.parse(file.read_text(encoding="utf-8")), file.stem):
        lines = found.setdefault(text, [])
        if function not in [name for _, name in lines]:
            lines.append((line, function))
    return found


def _texts(node: ast.AST, function: str) -> Iterator[tuple[str, int, str]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value, child.lineno, inside
        yield from _texts(child, inside)
