"""The schema of results/claims.parquet."""

from __future__ import annotations

import pyarrow as pa

from stationary.tables import Column, schema

_NAME, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()

CLAIMS = schema(
    (
        Column("id", _NAME, "name", "The claim, as in config/claims.yaml."),
        Column("family", _NAME, "name", "Its letter; Holm's adjustment is over the claims of one family."),
        Column("source", _NAME, "name", "Who claims it, and where."),
        Column("claim", _NAME, "name", "The claim in our words."),
        Column("statistic", _NAME, "name", "What it is judged by."),
        Column("supported", _NAME, "name", "Rule for supported, as fixed before any run."),
        Column("refuted", _NAME, "name", "Rule for refuted, as fixed before any run."),
        Column("verdict", _NAME, "name", "supported, refuted, inconclusive, or not tested at this scale."),
        Column("reason", _NAME, "name", "What decided, in one sentence; for what was not tested the command that tests it."),
        Column("estimate", _NUMBER, "see statistic", "Of the row that decided; NaN if there is none."),
        Column("ci_low", _NUMBER, "see statistic", "Lower end of its 95 % interval."),
        Column("ci_high", _NUMBER, "see statistic", "Upper end."),
        Column("n", _COUNT, "units", "Units that it rests on."),
        Column("row", _NAME, "name", "Which row of the table that is: its statistic and keys."),
        Column(
            "cells", _COUNT, "units", "Rows, cells or claims that the rule of the verdict counts (else that for supported)."
        ),
        Column("holding", _COUNT, "units", "How many of them meet it."),
        Column("p_value", _NUMBER, "1", "Two-sided p-value of the nearer rule; NaN for claims that refer to others."),
        Column("holm_p", _NUMBER, "1", "The same after Holm's adjustment over the family."),
        Column("holm_verdict", _NAME, "name", "The verdict after the adjustment."),
        Column("published", _NAME, "name", "The source's own number, where there is one."),
        Column("figure", _NAME, "name", "The figure that shows it, in results/figures; empty where there is none."),
        Column("table", _NAME, "name", "Tables that its rows are in, below results."),
        Column("rule_text", _NAME, "name", "The rules as they were applied, in words."),
        Column("rule_hash", _NAME, "sha256", "Of the claim's text and its rules as data."),
        Column("scale", _NAME, "name", "smoke, laptop or paper."),
    )
)
