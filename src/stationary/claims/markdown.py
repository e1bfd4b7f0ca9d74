"""The verdicts as a page of Markdown: a table per family, verdict first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from stationary.claims.ledger import FAMILIES

_HEAD = ("verdict", "claim", "what is claimed", "supported if", "refuted if", "estimate [95 %]", "n", "after Holm", "figure")


def page(claims: pa.Table, changed: Mapping[str, str] = MappingProxyType({}), families: Mapping[str, str] = FAMILIES) -> str:
    """The page.

    Args:
        claims: of the schema ``CLAIMS``.
        changed: from :func:`stationary.claims.changes.of_rules`.
        families: letter to title, in the order of the page.
    """
    rows = claims.to_pylist()
    scale = rows[0]["scale"] if rows else "no"
    counts = Counter(row["verdict"] for row in rows)
    total = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    lines = [f"# Verdicts on {len(rows)} claims at {scale} scale", "", f"{total}.", ""]
    lines += ["The rules were fixed before any run (`claims.yaml`); how they are applied says `docs/claims.md`.", ""]
    for family, title in families.items():
        members = [row for row in rows if row["family"] == family]
        if not members:
            continue
        lines += [f"## {family}: {title}", "", _line(_HEAD), _line(["---"] * len(_HEAD))]
        lines += [_line(_cells(row)) for row in members]
        lines += ["", *(_reason(row, changed) for row in members), ""]
    return "\n".join(lines).rstrip() + "\n"


def _cells(row: Mapping[str, Any]) -> list[str]:
    figure = f"[{row['figure']}](figures/{row['figure']}.png)" if row["figure"] else ""
    what = f"{row['claim']} ({row['source']})"
    texts = [f"**{row['verdict']}**", row["id"], what, row["supported"], row["refuted"], estimate(row), str(row["n"] or "")]
    return [_escaped(text) for text in texts] + [row["holm_verdict"], figure]


def estimate(row: Mapping[str, Any]) -> str:
    """A claim's estimate with its interval; empty if there is none."""
    value, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    if value != value:
        return ""
    return f"{value:.4g}" if low == high or low != low else f"{value:.4g} [{low:.4g}, {high:.4g}]"


def _reason(row: Mapping[str, Any], changed: Mapping[str, str]) -> str:
    change = f" **{changed[row['id']]}**" if row["id"] in changed else ""
    return f"- {row['id']}: {_escaped(row['reason'])}{change}"


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
