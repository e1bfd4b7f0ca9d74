"""The statistics that claims C1, C2, C3, C5 and C6 name. Verdicts are the ledger's business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds, tables
from stationary.experiments.claim_rows import SUMMARY, Row, row
from stationary.experiments.minima_statistics import slope
from stationary.experiments.minima_summary_rows import JUDGED, cells, is_judged
from stationary.experiments.optimizers_landscapes import UNBOUNDED
from stationary.intervals import Estimate, Replicates, clustered_bootstrap, combine, share

Array = Any

LISTED = {
    "adam",
    "adagrad",
    "adadelta",
    "nesterov",
    "rmsprop",
    "gradient_descent",
    "l_bfgs",
    "line_search",
    "nonlinear_cg",
    "truncated_newton",
}
"""The optimisers that the article lists; others stand beside."""

UNIQUE = ("six_hump_camel", "tilted_double_well", "plateau", "cliffs")
"""Landscapes with one global minimum, the camel's pair being each other's image under its symmetry."""

EXPECTED_POINTS: dict[str, dict[str, int]] = {
    "himmelblau": {"minimum": 4, "saddle": 4, "maximum": 1},
    "six_hump_camel": {"minimum": 6, "saddle": 7, "maximum": 2},
}
"""As config/claims.yaml has them; kinds that a landscape lacks have a row of zero."""

RESAMPLES = 2_000


def summarise(
    *,
    runs: pa.Table,
    critical_points: pa.Table,
    fits: pa.Table,
    digits: pa.Table,
    widths: pa.Table,
    newton: pa.Table,
    minima: pa.Table,
    seed: int,
) -> pa.Table:
    """All statistics.

    Args:
        runs: schema ``RUNS`` of this experiment.
        critical_points: schema ``CRITICAL_POINTS``.
        fits: schema ``FITS``.
        digits: schema ``DIGITS``.
        widths: schema ``WIDTHS``.
        newton: runs of the Newton experiment.
        minima: runs of the experiment on minima by width.
        seed: root seed of the resampling.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    rows = [
        *success_rows(newton, fits),
        *trap_rows(runs.to_pandas()),
        *digits_rows(digits),
        *kind_rows(critical_points.to_pandas()),
        *width_rows(widths.to_pandas(), seed),
        *gap_rows(minima.to_pandas(), seed),
    ]
    columns: dict[str, object] = {name: [one[name] for one in rows] for name in SUMMARY.names}
    return tables.from_columns(columns, SUMMARY)


def success_rows(newton: pa.Table, fits: pa.Table) -> Iterator[Row]:
    """C1: success on the main regression conditions, pooled over them and each beside."""
    names = ["condition", "method", "success"]
    there = newton.select([*names, "family", "problem"]).to_pandas()
    there = there[(there["family"] == "main") & (there["problem"] == "regression")]
    both = pd.concat([there[names], fits.select(names).to_pandas()])
    # Methods that form a Hessian are the Newton claims' own.
    chosen = both[both["method"].isin(LISTED | {"bfgs"})]
    statistic = "success share on the main condition"
    for (method,), part in cells(chosen, "method"):
        judged = method in LISTED
        yield row("C1", statistic, share(part["success"]), method=str(method), judged=judged)
        for (condition,), here in cells(part, "condition"):
            yield row("C1", statistic, share(here["success"]), case=str(condition), method=str(method), judged=False)


def trap_rows(runs: pd.DataFrame) -> Iterator[Row]:
    """C2: trap rates pooled over the landscapes with one global minimum; each landscape, stricter readings and costs beside."""
    unique = runs[runs["landscape"].isin(UNIQUE)]
    for (method,), part in cells(unique, "method"):
        name = str(method)
        yield row("C2", "trap rate", share(part["trapped"]), method=name)
        strict = share(part["at_other_point"])
        yield row("C2", "share trapped at another critical point", strict, method=name, judged=False)
        without = share(part.loc[part["landscape"] != "six_hump_camel", "trapped"])
        yield row("C2", "trap rate without the camel", without, method=name, judged=False)
    for (landscape, method), part in cells(runs, "landscape", "method"):
        median = _median_cost(part["cost_to_target"].to_numpy())
        for statistic, estimate in (
            ("trap rate on one landscape", share(part["trapped"])),
            ("median cost to the target, gradients", median),
        ):
            yield row("C2", statistic, estimate, case=str(landscape), method=str(method), judged=False)


def digits_rows(digits: pa.Table) -> Iterator[Row]:
    """C1 and C2 beside: no rule is about digits, where the best known loss stands for the global minimum."""
    names = ["method", "cost_to_target", "trapped", "at_small_gradient"]
    for (method,), part in cells(digits.select(names).to_pandas(), "method"):
        arrived = share(part["cost_to_target"].notna())
        for claim, statistic, estimate in (
            ("C1", "share of runs that meet the target", arrived),
            ("C2", "trap rate on one landscape", share(part["trapped"])),
            ("C2", "share trapped where the gradient is small", share(part["at_small_gradient"])),
            ("C2", "median cost to the target, gradients", _median_cost(part["cost_to_target"].to_numpy())),
        ):
            yield row(claim, statistic, estimate, case="digits", method=str(method), judged=False)


def kind_rows(points: pd.DataFrame) -> Iterator[Row]:
    """C3: critical points by kind. A proof has no sampling error; the interval is the number."""
    for (landscape,), part in cells(points, "landscape"):
        found = part["kind"].value_counts()
        kinds = [*EXPECTED_POINTS[str(landscape)], "degenerate"] if landscape in EXPECTED_POINTS else sorted(found.index)
        judged = landscape in EXPECTED_POINTS
        for kind in kinds:
            count = float(found.get(kind, 0))
            exact = Estimate(count, count, count, len(part))
            yield row("C3", f"critical points: {kind}", exact, case=str(landscape), judged=judged)
        whole = Estimate(float(len(part)), float(len(part)), float(len(part)), len(part))
        yield row("C3", "critical points", whole, case=str(landscape), judged=judged or landscape in UNBOUNDED)


def width_rows(frame: pd.DataFrame, seed: int) -> Iterator[Row]:
    """C5: slope of the best error against width by target; the best error that was reached is a fact, without an interval."""
    for (target,), part in cells(frame, "target"):
        for column, judged in (("relative_error_fine", True), ("relative_error", False)):
            which = "" if judged else ", on the nodes"
            best, by_width = _best_errors(part, column, seed)
            law = combine(lambda *parts, widths=list(by_width): slope(widths, np.stack(parts)), *by_width.values())
            statistic = f"log-log slope of the best relative error against width{which}"
            yield row("C5", statistic, law.estimate(), case=str(target), judged=judged)
            reached = Estimate(best, best, best, len(part))
            yield row("C5", f"best relative error{which}", reached, case=str(target), judged=judged)


def gap_rows(frame: pd.DataFrame, seed: int) -> Iterator[Row]:
    """C6: rank correlation of width with the mean of test minus train loss; that over single networks beside."""
    chosen = frame[(frame["setting"] == JUDGED) & (frame["termination"] != "diverged")]
    for (dataset,), part in cells(chosen, "dataset"):
        judged, case = is_judged(str(dataset), JUDGED), str(dataset)
        means = {int(width): _mean_gap(here, seed) for (width,), here in cells(part, "width")}
        for width, mean in means.items():
            yield row("C6", f"mean test minus train loss at width {width}", mean.estimate(), case=case, judged=False)
        if len(means) < 2:
            continue
        widths = list(means)
        rho = combine(lambda *parts, widths=widths: _spearman(np.array(widths), np.stack(parts)), *means.values())
        name = "Spearman rho of width with mean test minus train loss"
        yield row("C6", name, rho.estimate(), case=case, judged=judged)
        single = float(scipy.stats.spearmanr(part["width"], part["test_loss"] - part["train_loss"]).statistic)
        whole = Estimate(single, np.nan, np.nan, len(part))
        yield row("C6", "the same over single networks", whole, case=case, judged=False)


def _median_cost(costs: Array) -> Estimate:
    """Median over all starts, those that never arrive counted as infinite, with its order-statistics interval."""
    ordered = np.sort(np.where(np.isnan(costs), np.inf, costs))
    if ordered.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    low, high = (int(k) for k in scipy.stats.binom.ppf([0.025, 0.975], ordered.size, 0.5))
    ends = ordered[[max(low - 1, 0), min(high, ordered.size - 1)]]
    middle = ordered[[(ordered.size - 1) // 2, ordered.size // 2]].mean()
    return Estimate(float(middle), float(ends[0]), float(ends[1]), ordered.size)


def _best_errors(part: pd.DataFrame, column: str, seed: int) -> tuple[float, dict[int, Replicates]]:
    """The lowest error of all, and by width the lowest with resamples over starts; a run that was lost has no error."""
    found: dict[int, Replicates] = {}
    for (width,), here in cells(part, "width"):
        errors = here[column].where(np.isfinite(here[column]), np.inf).to_numpy()
        # Targets share the starts of a width, hence the same resamples; widths do not.
        generator = seeds.generator(seed, "optimizers/bootstrap", f"widths {width}", 0)
        drawn = errors[generator.integers(errors.size, size=(RESAMPLES, errors.size))]
        found[int(width)] = Replicates(float(errors.min()), drawn.min(axis=1), errors.size)
    return min(one.value for one in found.values()), found


def _mean_gap(here: pd.DataFrame, seed: int) -> Replicates:
    """As the rows on minima: order groups inside divisions of the data, whose draws all widths share."""
    generator = seeds.generator(seed, "optimizers/bootstrap", str(here["condition"].iloc[0]), 0)
    divisions = seeds.generator(seed, "optimizers/bootstrap-divisions", str(here["dataset"].iloc[0]), 0)
    gap = (here["test_loss"] - here["train_loss"]).to_numpy()
    groups, split = here["order_group"].to_numpy(), here["split"].to_numpy()
    return clustered_bootstrap((gap,), lambda a: a.mean(axis=-1), groups, split, generator, divisions)


def _spearman(widths: Array, values: Array) -> Array:
    """Rank correlation with the widths: [K], [K, ...] -> [...]."""
    ranks = scipy.stats.rankdata(values, axis=0)
    x, y = scipy.stats.rankdata(widths), ranks - ranks.mean(axis=0)
    x = x - x.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        # Rounded: a perfect order is 1, not 1 - 1e-16.
        return np.round(np.tensordot(x, y, axes=(0, 0)) / np.sqrt((x @ x) * (y * y).sum(axis=0)), 12)
