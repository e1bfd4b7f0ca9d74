"""What a page is made from: files that the workflow left, and what only the workflow knows of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stationary.claims import ledger
from stationary.claims.ledger import Ledger
from stationary.report.rule_index import RuleIndex


@dataclass(frozen=True, repr=False)
class Experiment:
    """A chapter of the page. Another workflow adds one for an experiment of its own.

    Attributes:
        name: folder of its tables below results/, and of its jobs below results/benchmarks/.
        title: the chapter's heading.
        settings: its section of the configuration.
        figures: name of each figure (its file's stem) to its caption in reStructuredText.
        code: Python files that compute the claims' statistics; none means the package's own modules of that name.
    """

    name: str
    title: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)
    code: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # Snakemake keeps and prints this form of a parameter, and runs a rule again when it changes.
        content = (self.name, self.title, dict(self.settings), dict(self.figures), self.code)
        return f"{self.name} {hashlib.sha256(repr(content).encode()).hexdigest()}"


@dataclass(frozen=True)
class Judged:
    """A table of verdicts with the ledger that it was judged by.

    Attributes:
        table: of the schema ``CLAIMS``.
        ledger: as it is now, which need not be how it was when the claims were judged.
        files: config/claims.yaml and config/ledger.yaml, or another workflow's.
    """

    table: Path
    ledger: Ledger
    files: tuple[Path, Path]

    @property
    def families(self) -> Mapping[str, str]:
        """Letter to title of the families of its claims."""
        return self.ledger.families


@dataclass(frozen=True)
class Contents:
    """All that goes onto the page.

    Attributes:
        judged: verdicts, one table per ledger.
        experiments: the chapters, in this order.
        tables: Parquet files; each belongs to the experiment that its folder is named for.
        figures: PNG files; each belongs to the experiment that has its stem among its figures.
        benchmarks: where the jobs' times are.
        rules: of the workflow that made all this.
        run: scale, source, root seed and hash of the configuration.
        reference: verdicts that were kept from an earlier run, if there are any.
        kept: folder of the kept run that all tables are of (``source: reference``), which knows its jobs and its machine.
    """

    judged: tuple[Judged, ...]
    experiments: tuple[Experiment, ...]
    tables: tuple[Path, ...]
    figures: tuple[Path, ...]
    benchmarks: Path
    rules: RuleIndex
    run: Mapping[str, str]
    reference: Path | None = None
    kept: Path | None = None


def judged(claims: Sequence[str | Path], ledgers: Sequence[Sequence[str | Path]]) -> tuple[Judged, ...]:
    """Tables of verdicts with their ledgers.

    Args:
        claims: the tables.
        ledgers: for each of them two files, the claims in words and the rules as data.
    """
    pairs = [(Path(words), Path(rules)) for words, rules in ledgers]
    return tuple(Judged(Path(table), ledger.load(*files), files) for table, files in zip(claims, pairs, strict=True))
