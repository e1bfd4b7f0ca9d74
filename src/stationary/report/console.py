"""The verdicts as lines of a terminal: ``python -m stationary.report.console results``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from stationary.claims.markdown import estimate
from stationary.errors import UserError
from stationary.report import reference, verdict_counts

_NARROWEST = 60


def lines(claims: pa.Table, width: int) -> list[str]:
    """One line per claim: identifier, verdict, estimate with its interval, and the rule as far as it fits.

    Args:
        claims: of the schema ``CLAIMS``.
        width: of the terminal, in characters.
    """
    rows = [_cells(row) for row in claims.to_pylist()]
    cells = [("claim", "verdict", "estimate [95 %]", "supported if / refuted if"), *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    left = max(width, _NARROWEST) - sum(widths) - 2 * len(widths)
    found = [_line(row, widths, left) for row in cells]
    counts = verdict_counts.tally("all", "", claims["verdict"].to_pylist())
    return [*found, "", f"{counts.total} claims at {_scale(claims)} scale: {counts.words}."]


def main(arguments: Sequence[str]) -> None:
    """Print the verdicts of a folder of results, and where its page is.

    Raises:
        RunIncompleteError: if the folder holds no verdicts.
    """
    folder = Path(arguments[0] if arguments else "results")
    page = folder / "report" / "index.html"
    for line in lines(reference.ledger(folder), shutil.get_terminal_size((120, 24)).columns):
        print(line)
    if page.is_file():
        print(f"The page with the evidence: {page}")


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["id"], row["verdict"].replace(" at this scale", ""), estimate(row), f"{row['supported']} / {row['refuted']}"


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, _shortened(cells[3], left)]).rstrip()


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(0, width - 1)]}…"


def _scale(claims: pa.Table) -> str:
    return str(claims["scale"][0]) if claims.num_rows else "no"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as refusal:
        sys.exit(str(refusal))
