"""The statistics that claims B1, B2 and B7 name. Verdicts are the ledger's business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import seeds, tables
from stationary.experiments.claim_rows import SUMMARY, Row, row
from stationary.intervals import Estimate, bootstrap, clustered_bootstrap, share
from stationary.termination import AWAY

Array = Any

TENTH = 0.1

RATIOS = {
    "gradient_norm": "last over first tenth of training: ||g||",
    "curvature": "last over first tenth of training: |g'Hg|",
    "validation_error": "last over first tenth of training: validation error",
}
"""Judged, on the step's own minibatch, as the book's figure shows individual gradient evaluations."""

BESIDE = {
    "train_gradient_norm": "last over first tenth of training: ||g|| of the whole training part",
    "train_curvature": "last over first tenth of training: |g'Hg| of the whole training part",
    "train_loss": "last over first tenth of training: training loss",
}

FIRST_ORDER = ("gradient_descent", "sgd", "adam", "nesterov", "adagrad", "rmsprop", "adadelta", "line_search")
"""Methods that step along gradients of their own point, scaled at most by the past of each coordinate."""


def summarise(
    *,
    training: pa.Table,
    trajectories: pa.Table,
    optimisers: pa.Table,
    minima: pa.Table,
    annealing: pa.Table,
    fits: pa.Table,
    digits: pa.Table,
    seed: int,
) -> pa.Table:
    """All statistics.

    Args:
        training: schema ``TRAINING``, both networks.
        trajectories: of the Newton experiment, for its first-order runs.
        optimisers: near saddles, for the same.
        minima: trained networks of the experiment on minima by width.
        annealing: of the same experiment, for the descents beside annealing.
        fits: of the experiment on optimisers, of the Newton experiment's targets.
        digits: of the same experiment, a classifier.
        seed: root seed of the resampling.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    steps = training.to_pandas()
    ended = {"minima": minima, "annealing": annealing, "fits": fits, "digits": digits}
    runs = pd.concat([norms(steps, trajectories, optimisers), *(end_norms(*one) for one in ended.items())], ignore_index=True)
    rows = [*_prediction_rows(steps, seed), *_ratio_rows(steps, seed), *_away_rows(runs)]
    return tables.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY)


def _cases(steps: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, bool]]:
    """Both networks together, on which a claim is judged, and each alone."""
    yield "all", steps, True
    for name, part in steps.groupby("network", sort=True):
        yield str(name), part, False


def relative_error(steps: pd.DataFrame) -> Array:
    """|predicted - actual| over |actual| change of the loss, [rows of steps]; NaN where the loss did not change."""
    actual = steps["actual_change"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.abs(steps["predicted_change"].to_numpy() - actual) / np.abs(actual)
    return np.where(actual == 0.0, np.nan, error)


def _prediction_rows(steps: pd.DataFrame, seed: int) -> Iterator[Row]:
    """B1. Steps of a run share its path: resampling takes runs, then steps."""
    for case, part, judged in _cases(steps):
        error = relative_error(part)
        known = np.isfinite(error)
        runs = (part["network"] + " " + part["run"].astype(str)).to_numpy()[known]
        found = _median_over_runs(error[known], runs, seed, f"B1 {case}")
        yield row("B1", "median relative error of the predicted loss change", found, case=case, method="sgd", judged=judged)
        ascended = part["actual_change"].to_numpy()[np.isfinite(part["actual_change"])] > 0
        yield row("B1", "share of measured steps that raised the loss", share(ascended), case=case, method="sgd", judged=False)
        square = part["rate"] * part["gradient_norm"] ** 2
        wins = (0.5 * part["rate"] ** 2 * part["curvature"] > square).to_numpy()
        name = "share of measured steps where the second-order term outweighs the first"
        yield row("B1", name, share(wins), case=case, method="sgd", judged=False)


def _median_over_runs(values: Array, runs: Array, seed: int, name: str) -> Estimate:
    if values.size == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    streams = (seeds.generator(seed, "conditioning/bootstrap", name, number) for number in range(2))
    one_stratum = np.zeros(values.size, dtype=int)
    return clustered_bootstrap([values], lambda a: np.median(a, axis=-1), runs, one_stratum, *streams).estimate()


def tenths(steps: pd.DataFrame, column: str) -> Array:
    """Mean of |column| over the last tenth of each run's training, over that of the first, one per run: [runs].

    Runs that diverged are left out; NaN where the first tenth's mean is zero.
    """
    ratios = []
    for _, one in steps[steps["termination"] != "diverged"].groupby(["network", "run"], sort=True):
        done = one["step"].to_numpy() / max(1, one["step"].max())
        values = one[column].abs().to_numpy()
        first, last = values[done <= TENTH].mean(), values[done >= 1.0 - TENTH].mean()
        ratios.append(last / first if first > 0 else np.nan)
    return np.array(ratios)


def _ratio_rows(steps: pd.DataFrame, seed: int) -> Iterator[Row]:
    """B2: medians over runs."""
    for case, part, judged in _cases(steps):
        for column, statistic in {**RATIOS, **BESIDE}.items():
            stream = seeds.generator(seed, "conditioning/bootstrap", f"B2 {case} {column}", 0)
            found = bootstrap(tenths(part, column), np.median, stream)
            yield row("B2", statistic, found, case=case, method="sgd", judged=judged and column in RATIOS)


def norms(steps: pd.DataFrame, trajectories: pa.Table, optimisers: pa.Table) -> pd.DataFrame:
    """First and last gradient norm of the training loss of first-order runs that left a path.

    Columns source, method, first, last; a row per run, norms in the unit of its loss. A run that diverged keeps its last finite
    norm: it is away from any critical point either way.
    """
    newton = trajectories.select(["condition", "method", "seed", "iteration", "gradient_norm"]).to_pandas()
    near = optimisers.select(["hidden", "method", "start", "epoch", "gradient_norm"]).to_pandas()
    sources = [
        ("newton", newton, ["condition", "method", "seed"], "iteration"),
        ("saddles", near, ["hidden", "method", "start"], "epoch"),
        (
            "conditioning",
            steps.assign(method="sgd", gradient_norm=steps["train_gradient_norm"]),
            ["network", "run", "method"],
            "step",
        ),
    ]
    parts = []
    for source, frame, run, time in sources:
        known = frame[frame["method"].isin(FIRST_ORDER) & np.isfinite(frame["gradient_norm"])]
        ends = known.sort_values(time, kind="stable").groupby(run, sort=True)["gradient_norm"].agg(["first", "last"])
        parts.append(ends.reset_index()[["method", "first", "last"]].assign(source=source))
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return joined


def end_norms(source: str, runs: pa.Table) -> pd.DataFrame:
    """The same of first-order runs whose table has a row per run; one that diverged has no last norm and is away.

    Args:
        source: what the runs are called.
        runs: with the columns ``method``, ``start_gradient_norm`` and ``gradient_norm``.
    """
    frame = runs.select(["method", "start_gradient_norm", "gradient_norm"]).to_pandas()
    frame = frame[frame["method"].isin(FIRST_ORDER) & np.isfinite(frame["start_gradient_norm"])]
    last = frame["gradient_norm"].where(np.isfinite(frame["gradient_norm"]), np.inf)
    ends: pd.DataFrame = frame[["method"]].assign(first=frame["start_gradient_norm"], last=last, source=source)
    return ends


def _away_rows(runs: pd.DataFrame) -> Iterator[Row]:
    """B7: over all first-order runs, then by experiment and method."""
    statistic = f"share of first-order runs whose gradient norm ends above {AWAY:g} of its start"
    away = (runs["last"] > AWAY * runs["first"]).to_numpy()
    yield row("B7", statistic, share(away))
    for (source, method), part in runs.groupby(["source", "method"], sort=True):
        yield row("B7", statistic, share(away[part.index]), case=str(source), method=str(method), judged=False)
    grown = (runs["last"] >= runs["first"]).to_numpy()
    yield row("B7", "share of first-order runs whose gradient norm does not shrink at all", share(grown), judged=False)
