"""The statistics that claim D6 names: saddle-free Newton against the better of damped Newton and SGD, pair by pair.

Pairs are common starts. Means of fewer than eight have a t interval, others a bootstrap's; two sizes have no start in common,
so their difference has Welch's interval. Neither Newton method takes a step that does not lower the loss, so a ratio is finite
even where SGD diverged. The rule asks nothing of the narrowest network but to be compared with the widest: its own row stands
beside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds
from stationary.intervals import CONFIDENCE, Estimate, bootstrap

Array = Any

OURS = "saddle_free_newton"
RIVALS = ("damped_newton", "sgd")
"""Of the claim; Adam stands beside."""

LEAST = 8
"""Starts below which a bootstrap is too narrow."""

_STATISTIC = "mean paired log ratio of training loss to"
_BETTER = f"{_STATISTIC} the better of damped Newton and SGD"


def rows(optimisers: pa.Table, seed: int) -> list[dict[str, Any]]:
    """Rows of the schema ``SUMMARY``, as dictionaries.

    Args:
        optimisers: of the schema ``OPTIMISERS``, all sizes.
        seed: root seed of the resampling.
    """
    frame = optimisers.to_pandas()
    found: list[dict[str, Any]] = []
    ratios: dict[int, Array] = {}
    for hidden, part in frame.groupby("hidden"):
        epochs, hidden = int(part["epoch"].max()), int(hidden)
        final, half = (_log_losses(part[part["epoch"] <= limit]) for limit in (epochs, epochs // 2))
        spent = part.loc[part["method"] == "sgd", "cost"].max()
        taken = part[(part["cost"] <= spent) & ((part["epoch"] > 0) | (part["method"] == "sgd"))]
        equal_cost = _log_losses(taken)  # without the Newton methods where SGD's budget pays for none of their iterations
        ratios[hidden] = _ratio(final, *RIVALS)
        samples = {
            f"{_BETTER}, equal epochs": ratios[hidden],
            f"{_BETTER}, half of the epochs": _ratio(half, *RIVALS),
            f"{_STATISTIC} SGD, at the cost of SGD's epochs": _ratio(equal_cost, "sgd"),
        } | {
            f"{_STATISTIC} {label}, equal epochs": _ratio(final, name)
            for name, label in (("damped_newton", "damped Newton"), ("sgd", "SGD"), ("adam", "Adam"))
        }
        for number, (statistic, sample) in enumerate(samples.items()):
            judged = number == 0 and hidden > frame["hidden"].min()
            found.append(_row(statistic, mean(sample, seed, f"optimisers-{hidden}"), hidden, judged=judged))
        price = part.loc[(part["method"] == OURS) & (part["epoch"] == 1), "cost"].min()
        exact = Estimate(float(price), float(price), float(price), len(final))
        found.append(_row("gradient-equivalents of an iteration, where an epoch of SGD costs one", exact, hidden, judged=False))
    if len(ratios) > 1:
        narrow, wide = ratios[min(ratios)], ratios[max(ratios)]
        statistic = f"{_BETTER}, equal epochs, widest minus narrowest"
        found.append(_row(statistic, difference(wide, narrow), None, judged=True))
    return found


def mean(sample: Array, seed: int, name: str) -> Estimate:
    """Mean of independent units: Student's interval below :data:`LEAST` of them, else a percentile bootstrap's.

    >>> found = mean(np.array([1.0, 2.0, 3.0]), 0, "any")
    >>> round(found.low, 4), round(found.high, 4)  # 2 -+ 4.3027 / sqrt(3)
    (-0.4841, 4.4841)
    """
    if sample.size >= LEAST:
        return bootstrap(sample, np.mean, seeds.generator(seed, "saddles/bootstrap", name, 0))
    if sample.size < 2:
        return Estimate(float(sample[0]) if sample.size else np.nan, np.nan, np.nan, sample.size)
    reach = scipy.stats.sem(sample) * scipy.stats.t.ppf(0.5 * (1.0 + CONFIDENCE), sample.size - 1)
    centre = float(sample.mean())
    return Estimate(centre, centre - float(reach), centre + float(reach), sample.size)


def difference(ours: Array, theirs: Array) -> Estimate:
    """Mean of one sample minus that of another, independent one, with Welch's interval; ``n`` is that of the smaller."""
    value, least = float(ours.mean() - theirs.mean()), min(ours.size, theirs.size)
    if least < 2 or max(np.ptp(ours), np.ptp(theirs)) == 0:
        return Estimate(value, np.nan, np.nan, least)
    interval = scipy.stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(CONFIDENCE)
    return Estimate(value, float(interval.low), float(interval.high), least)


def _log_losses(part: pd.DataFrame) -> pd.DataFrame:
    """Log of the last loss of every run, one row per start and one column per method; infinite where a run diverged."""
    last = part.sort_values("epoch").groupby(["start", "method"]).tail(1)
    last = last.assign(log=np.log(last["loss"].where(np.isfinite(last["loss"]), np.inf)))
    return last.pivot(index="start", columns="method", values="log")


def _ratio(logs: pd.DataFrame, *rivals: str) -> Array:
    """Saddle-free Newton's log loss minus the lowest of the rivals', by start; starts where that is not finite are left out."""
    if not {OURS, *rivals} <= set(logs.columns):
        return np.empty(0)
    with np.errstate(invalid="ignore"):
        ratio = logs[OURS].to_numpy() - logs[list(rivals)].min(axis=1).to_numpy()
    return ratio[np.isfinite(ratio)]


def _row(statistic: str, estimate: Estimate, hidden: int | None, *, judged: bool) -> dict[str, Any]:
    return {
        "claim": "D6",
        "statistic": statistic,
        "problem": "all" if hidden is None else f"optimisers-{hidden}",
        "finder": OURS,
        "hidden": hidden,
        "estimate": estimate.value,
        "ci_low": estimate.low,
        "ci_high": estimate.high,
        "n": estimate.n,
        "judged": judged,
    }
