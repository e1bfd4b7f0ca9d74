"""The summary table of the experiments on single claims, and one row of it."""

from __future__ import annotations

import pyarrow as pa

from stationary.intervals import Estimate
from stationary.tables import Column, schema

Row = dict[str, object]

SUMMARY = schema(
    (
        Column("claim", pa.string(), "name", "Claim that the statistic serves, as in config/claims.yaml."),
        Column("statistic", pa.string(), "name", "What is estimated."),
        Column("case", pa.string(), "name", "Architecture, block, landscape or training run it is about, or all."),
        Column("method", pa.string(), "name", "Optimiser, or all."),
        Column("estimate", pa.float64(), "see statistic", "Value of the statistic; NaN if nothing could be counted."),
        Column("ci_low", pa.float64(), "see statistic", "Lower end of the 95 % interval."),
        Column("ci_high", pa.float64(), "see statistic", "Upper end."),
        Column("n", pa.int64(), "units", "Units that the statistic rests on."),
        Column("judged", pa.bool_(), "yes or no", "Whether the claim's rule is judged on this row, or it stands beside."),
    )
)


def row(claim: str, statistic: str, estimate: Estimate, *, case: str = "all", method: str = "all", judged: bool = True) -> Row:
    """A row of the schema ``SUMMARY``."""
    return {
        "claim": claim,
        "statistic": statistic,
        "case": case,
        "method": method,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged,
    }
