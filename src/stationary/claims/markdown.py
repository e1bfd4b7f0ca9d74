"""The verdicts as a page of Markdown: a table per family, verdict first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from stationary.claims import works
from stationary.claims.ledger import FAMILIES, FILES
from stationary.claims.selection import numbers

_HEAD = ("verdict", "claim", "what is claimed", "supported if", "refuted if", "estimate [95 %]", "n", "after Holm", "figure")
_NOTHING: Mapping[str, str] = MappingProxyType({})


def page(
    claims: pa.Table,
    changed: Mapping[str, str] = _NOTHING,
    families: Mapping[str, str] = FAMILIES,
    *,
    notes: Mapping[str, str] = _NOTHING,
    source: str = FILES[0],
) -> str:
    """The page.

    Args:
        claims: of the schema ``CLAIMS``.
        changed: from :func:`stationary.claims.changes.of_rules`.
        families: letter to title, in the order of the page.
        notes: claim to the ledger's note.
        source: the file of the claims, as the page names it.
    """
    rows = claims.to_pylist()
    lines = _head(rows, source)
    for family, title in families.items():
        members = [row for row in rows if row["family"] == family]
        if not members:
            continue
        lines += [f"## {family}: {title}", "", _line(_HEAD), _line(["---"] * len(_HEAD))]
        lines += [_line(_cells(row, notes)) for row in members]
        lines += ["", *(_reason(row, changed, notes) for row in members), ""]
    return "\n".join(lines).rstrip() + "\n"


def _head(rows: Sequence[Mapping[str, Any]], source: str) -> list[str]:
    """Title, counts, and what the page's words and columns mean."""
    scale = rows[0]["scale"] if rows else "no"
    turned = [row["id"] for row in rows if row["holm_verdict"] != row["verdict"]]
    named = {work: None for row in rows for work in works.works(row["source"]) if work in works.TITLES}
    title = f"# Verdicts on {len(rows)} {'claim' if len(rows) == 1 else 'claims'} at {scale} scale"
    adjusted = (
        f"After Holm's adjustment: {_counts(row['holm_verdict'] for row in rows)}. The column *after Holm* is the verdict when "
        "the chance of any wrong decision in a family is held at 5 %; decisions that do not survive it are inconclusive there "
        f"({', '.join(turned) or 'here all survive'})."
    )
    reading = (
        f"The rules were fixed before any run (`{source}`). `docs/claims.md` says how they are applied, and where in the "
        "tables each statistic stands. *n* is the number of units (runs, pairs, networks, draws, points) behind the row that "
        "decided, for a share its denominator; *What n counts* in the same file says which, claim by claim."
    )
    titles = [works.title(work) for work in named]
    listed = "\n".join(f"- {one[0].upper()}{one[1:]}." for one in titles)
    # Line 3 is the plain counts, which `make figures` prints.
    paragraphs = [title, f"{_counts(row['verdict'] for row in rows)}.", adjusted, reading, *filter(None, [listed])]
    return [line for paragraph in paragraphs for line in (paragraph, "")]


def _counts(verdicts: Iterable[str]) -> str:
    return ", ".join(f"{number} {verdict}" for verdict, number in sorted(Counter(verdicts).items()))


def _cells(row: Mapping[str, Any], notes: Mapping[str, str]) -> list[str]:
    figure = f"[{row['figure']}](figures/{row['figure']}.png)" if row["figure"] else ""
    what = f"{row['claim']} ({row['source']})"
    verdict = f"**{row['verdict']}**" + (" (see its note)" if row["id"] in notes else "")
    texts = [verdict, row["id"], what, row["supported"], row["refuted"], estimate(row), str(row["n"] or "")]
    return [_escaped(text) for text in texts] + [row["holm_verdict"], figure]


def estimate(row: Mapping[str, Any]) -> str:
    """A claim's or a row's estimate with its interval; empty if there is none."""
    value, low, high, _ = numbers(row)
    if value != value:
        return ""
    return f"{value:.4g}" if low == high or low != low else f"{value:.4g} [{low:.4g}, {high:.4g}]"


def _reason(row: Mapping[str, Any], changed: Mapping[str, str], notes: Mapping[str, str]) -> str:
    note = f" *Note:* {_escaped(notes[row['id']])}" if row["id"] in notes else ""
    change = f" **{changed[row['id']]}**" if row["id"] in changed else ""
    return f"- {row['id']}: {_escaped(row['reason'])}{note}{change}"


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
