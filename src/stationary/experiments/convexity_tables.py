"""Tables of the experiment on convexity."""

from __future__ import annotations

import pyarrow as pa

from stationary.tables import Column, schema

TRIALS = schema(
    (
        Column("claim", pa.string(), "name", "Claim that the trials serve."),
        Column("case", pa.string(), "name", "Function that is tried."),
        Column(
            "test",
            pa.string(),
            "name",
            "jensen: f(mid) above the chord; concave: below it; quasi: above both ends; indefinite: eigenvalues of both signs "
            "beyond the band; negative: some below it.",
        ),
        Column("expected", pa.string(), "name", "none or some: what the mathematics of this case says of violations."),
        Column("trials", pa.int64(), "trials", "Random segments, or random points of an exact Hessian."),
        Column("violations", pa.int64(), "trials", "Trials beyond the rounding bound."),
        Column("largest", pa.float64(), "the function's", "Largest excess, or largest size of the eigenvalue that counts."),
        Column("bound", pa.float64(), "the function's", "Largest rounding bound that an excess or an eigenvalue had to pass."),
        Column("units", pa.int64(), "units", "Independent functions that the trials fall on; 1 for a single one."),
        Column("units_violated", pa.int64(), "units", "Those with at least one violation."),
        Column("share", pa.float64(), "1", "Violations over trials."),
        Column("ci_low", pa.float64(), "1", "Lower end of its 95 % Clopper-Pearson interval."),
        Column("ci_high", pa.float64(), "1", "Upper end."),
    )
)

CURVES = schema(
    (
        Column("claim", pa.string(), "name", "Claim that the curve illustrates."),
        Column("case", pa.string(), "name", "Function."),
        Column("position", pa.float64(), "1", "Place on the segment from 0 to 1, or the variable itself (A12)."),
        Column("value", pa.float64(), "the function's", "f there."),
        Column("reference", pa.float64(), "the function's", "Chord (A3), larger end (A9), derivative (A12)."),
    )
)

DESCENTS = schema(
    (
        Column("claim", pa.string(), "name", "A2 or A7."),
        Column("case", pa.string(), "name", "Function that is descended."),
        Column("start", pa.int64(), "number", "Number of the start, from 0."),
        Column("termination", pa.string(), "name", "How the descent ended."),
        Column("loss", pa.float64(), "1", "f at its end."),
        Column("gradient_norm", pa.float64(), "1", "Norm of the gradient there."),
        Column("distance", pa.float64(), "1", "From the known minimum (A7), NaN where none is known in closed form."),
    )
)
