"""The tables: one row per search, one row per statistic."""

from __future__ import annotations

import pyarrow as pa

from stationary.tables import Column, schema

CRITICAL_POINTS = schema(
    (
        Column("size", pa.int64(), "variables", "N."),
        Column("start", pa.int64(), "number", "Number of the start, from 0."),
        Column("termination", pa.string(), "name", "How the search ended; what follows is of its end point."),
        Column("point", pa.int64(), "number", "Equal for searches that ended at one critical point; -1 if not converged."),
        Column("kind", pa.string(), "name", "minimum, saddle, flat or undecided; empty if not converged."),
        Column("loss", pa.float64(), "1", "f."),
        Column("gradient_norm", pa.float64(), "1", "Norm of the gradient."),
        Column("n_negative", pa.int64(), "eigenvalues", "Below the null band; -1 if not converged."),
        Column("null_band", pa.float64(), "1", "Half-width of the band in which an eigenvalue counts as zero."),
        Column("theta", pa.list_(pa.float64()), "1", "The point, N numbers."),
    )
)

SUMMARY = schema(
    (
        Column("claim", pa.string(), "name", "Claim that the statistic serves."),
        Column("statistic", pa.string(), "name", "What is estimated."),
        Column("size", pa.int64(), "variables", "N."),
        Column("estimate", pa.float64(), "points", "Value of the statistic."),
        Column("ci_low", pa.float64(), "points", "Lower end of its interval; a count of what was found has none of its own."),
        Column("ci_high", pa.float64(), "points", "Upper end."),
        Column("n", pa.int64(), "searches", "Converged searches that it rests on."),
        Column("judged", pa.bool_(), "yes or no", "Whether the rule is judged on this row, or it stands beside."),
    )
)
