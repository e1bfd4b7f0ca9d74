"""Rows of a summary, as the verdicts read them."""

import math


def row(estimate, low=None, high=None, n=100, *, judged=True, **keys):
    low, high = estimate if low is None else low, estimate if high is None else high
    return {"estimate": estimate, "ci_low": low, "ci_high": high, "n": n, "judged": judged, "table": "traps", **keys}


NOTHING = row(math.nan, n=0)
