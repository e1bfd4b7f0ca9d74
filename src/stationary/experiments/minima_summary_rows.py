"""One row of the summary of minima by width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from stationary.intervals import Estimate

Row = dict[str, object]

NARROWEST = 5
"""Claims about the fall with width start here (config/claims.yaml)."""

JUDGED = "authors_code"
"""The setting on which the claims about width are judged; the others stand beside."""

NOISE = "digits_noise"
"""Permuted labels teach nothing to be tested: their rows stand beside."""


@dataclass(frozen=True)
class Place:
    """Where a statistic holds; ``width`` is None for one over widths."""

    dataset: str = "all"
    setting: str = "all"
    width: int | None = None


def row(claim: str, statistic: str, estimate: Estimate, place: Place, *, judged: bool) -> Row:
    """A row of the schema ``SUMMARY``."""
    return {
        "claim": claim,
        "statistic": statistic,
        "dataset": place.dataset,
        "setting": place.setting,
        "width": place.width,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged,
    }


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """The rows of each combination of some columns, in sorted order."""
    return [(cast(tuple[Any, ...], key), part) for key, part in frame.groupby(list(columns), sort=True)]


def is_judged(dataset: str, setting: str) -> bool:
    """Whether the claims about width are judged on these networks."""
    return setting == JUDGED and dataset != NOISE
