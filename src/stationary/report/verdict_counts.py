"""How many claims came to which verdict: in all, by family and by the work that makes the claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stationary.claims import works
from stationary.claims.verdict import INCONCLUSIVE, REFUTED, SUPPORTED, UNTESTED

VERDICTS = (SUPPORTED, REFUTED, INCONCLUSIVE, UNTESTED)


@dataclass(frozen=True)
class Segment:
    """A verdict's part of a bar, in percent of its length."""

    verdict: str
    count: int
    start: float
    length: float


@dataclass(frozen=True)
class Tally:
    """The verdicts of some claims.

    Attributes:
        name: family's letter or the work.
        title: in words.
        counts: in the order of :data:`VERDICTS`.
        bar: the segments that are not empty.
    """

    name: str
    title: str
    counts: tuple[int, ...]
    bar: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """All claims."""
        return sum(self.counts)

    @property
    def words(self) -> str:
        """The counts that are not zero, as a phrase."""
        return ", ".join(f"{part.count} {part.verdict}" for part in self.bar)


def tally(name: str, title: str, verdicts: Iterable[str]) -> Tally:
    """Counts and bar of some verdicts.

    >>> tally("N", "Newton", ["refuted", "supported", "supported", "supported"]).words
    '3 supported, 1 refuted'
    """
    found = Counter(verdicts)
    counts = tuple(found[verdict] for verdict in VERDICTS)
    whole = max(1, sum(counts))
    starts = [100 * sum(counts[:position]) / whole for position in range(len(counts))]
    parts = zip(VERDICTS, counts, starts, strict=True)
    return Tally(name, title, counts, tuple(Segment(word, n, at, 100 * n / whole) for word, n, at in parts if n))


def by_family(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> list[Tally]:
    """A tally per family, in the order in which they come first."""
    verdicts: dict[str, list[str]] = {}
    for row in rows:
        verdicts.setdefault(row["family"], []).append(row["verdict"])
    return [tally(letter, titles[letter], of_family) for letter, of_family in verdicts.items()]


def by_work(rows: Sequence[Mapping[str, Any]]) -> list[Tally]:
    """A tally per work, the one with most claims first; a claim that several works make counts for each."""
    verdicts: dict[str, list[str]] = {}
    for row in rows:
        for work in works.works(row["source"]):
            verdicts.setdefault(work, []).append(row["verdict"])
    return sorted((tally(work, works.title(work), of_work) for work, of_work in verdicts.items()), key=lambda one: -one.total)
