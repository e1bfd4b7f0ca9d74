"""Claims D2, D4 and D8, and which critical points are found: what the linear autoencoder tells, whose points are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from stationary import seeds
from stationary.experiments.saddle_statistics import Array, entropy, quadratic_coefficient
from stationary.experiments.saddle_summary_rows import LINEAR, Row, cells, critical, exactly, replicates, row, without_interval
from stationary.intervals import CLUSTERED_RESAMPLES, CONFIDENCE, Estimate, paired_difference, share
from stationary.termination import Termination
from stationary.theory.published import SUCCESS

LOSS_ERROR = 1e-8
"""What rounding and the gradient left after polishing may do to a loss (claim D4)."""

FIRST, SECOND = "newton_mr", "gradient_norm"
"""The finders that claim D8 compares."""

LEAST_ITERATIONS = 50_000
"""Of the second at a run that its cap stops, for the comparison to be judged: ours, for want of the published budget."""


def rows(runs: pd.DataFrame, analytic: pd.DataFrame, seed: int) -> Iterator[Row]:
    """All statistics of the linear autoencoder.

    Args:
        runs: of all problems; others than the linear autoencoder are left out, but for shares of success.
        analytic: its critical points.
        seed: root seed of the resampling.
    """
    for problem, part in cells(runs, "problem"):
        for finder, of_finder in cells(part, "finder"):
            yield row("D8", "share of runs that pass the filter", share(of_finder["filtered"]), problem=problem, finder=finder)
        if not (part["kind"] == LINEAR).any():
            continue
        found = critical(part)
        yield from _curvature(problem, part, analytic, seed)
        yield from _mismatches(problem, found)
        yield from _success(problem, part)
        for finder, of_finder in cells(found, "finder"):
            for source, points in cells(of_finder, "source"):
                yield from _sampling(problem, finder, source, points, analytic, seed)


def _curvature(problem: str, part: pd.DataFrame, analytic: pd.DataFrame, seed: int) -> Iterator[Row]:
    """D2: without the filter loss and index are those where a finder stopped, with it those after two more Newton steps.

    Counting before those steps takes null eigenvalues for negative ones, also at points that pass the filter. So that the
    filter's part can be told from the counts', rows beside have the same counts on both sides, and the filtered points as they
    were found; the truth is the closed form at the filtered points, and at all critical points (0.011 in Frye et al.'s case).
    """
    finite = np.isfinite(part[["found_loss", "found_index", "loss", "index"]]).all(axis=1)
    ends = part[finite].assign(filtered=part["filtered"].astype(float), everything=1.0)
    ends["expected_index"] = ends["expected_negative"] / ends["n_parameters"]
    scale = {name: (analytic[name].mean(), analytic[name].std(ddof=0)) for name in ("loss", "index")}
    bounds = (analytic["loss"].min(), analytic["loss"].max())
    for name, (centre, spread) in scale.items():
        for column in (name, f"found_{name}", f"expected_{name}"):
            values = ends[column].clip(*bounds) if name == "loss" else ends[column]
            ends[column] = (values - centre) / spread
    expected = ["expected_loss", "expected_index"]
    ends[expected] = ends[expected].where(np.isfinite(ends[expected]), 0.0)  # of no weight, but it must be a number

    def difference(*columns: Array) -> Array:
        return quadratic_coefficient(*columns[:3]) - quadratic_coefficient(*columns[3:])

    stopped, polished = ("found_loss", "found_index"), ("loss", "index")
    for statistic, columns, judged in (
        ("unfiltered minus filtered", (*stopped, "everything", *polished, "filtered"), True),
        ("filtered", (*polished, "filtered"), True),
        ("unfiltered", (*stopped, "everything"), False),
        ("unfiltered minus filtered, both counted after polishing", (*polished, "everything", *polished, "filtered"), False),
        ("unfiltered, counted after polishing", (*polished, "everything"), False),
        ("filtered, counted where the finder stopped", (*stopped, "filtered"), False),
        ("filtered, closed form", (*expected, "filtered"), False),
    ):
        function = difference if len(columns) == 6 else quadratic_coefficient
        found = replicates(ends, columns, function, seed, f"{problem}/ends")
        if statistic.startswith("filtered"):
            found = replace(found, n=int(ends["filtered"].sum()))
        name = f"quadratic coefficient of index on loss, {statistic}"
        yield row("D2", name, found.estimate(), problem=problem, judged=judged)
    loss, index = ((analytic[name].to_numpy() - centre) / spread for name, (centre, spread) in scale.items())
    truth = float(quadratic_coefficient(loss, index, np.ones(len(analytic)))) if len(analytic) else np.nan
    yield row("D2", "quadratic coefficient of index on loss, analytic points", exactly(truth, len(analytic)), problem=problem)


def _mismatches(problem: str, found: pd.DataFrame) -> Iterator[Row]:
    """D4: a count that the closed form does not give (a missing one) is a mismatch too."""
    points = found[~found["origin"]]
    loss = ~((points["loss"] - points["expected_loss"]).abs() <= LOSS_ERROR)
    negative = points["n_negative"] != points["expected_negative"]
    null = points["n_null"] != points["expected_null"]
    for statistic, wrong, judged in (
        ("critical points with a mismatch in loss, index or nullity", loss | negative | null, True),
        ("critical points with a mismatch in loss", loss, False),
        ("critical points with a mismatch in index", negative, False),
        ("critical points with a mismatch in nullity", null, False),
        ("mismatches whose band exceeds the median |eigenvalue|", (loss | negative | null) & points["undetermined"], False),
    ):
        yield row("D4", statistic, exactly(float(wrong.sum()), len(points)), problem=problem, judged=judged)
    yield row("D4", "critical points at the origin", exactly(float(found["origin"].sum()), len(found)), problem=problem)


def _success(problem: str, part: pd.DataFrame) -> Iterator[Row]:
    """D8, and the published shares with the intervals of their counts."""
    success = part.pivot_table(index="start", columns="finder", values="filtered", aggfunc="first").astype(float)
    if FIRST in success and SECOND in success:
        pairs = success[[FIRST, SECOND]].dropna()
        difference = paired_difference(pairs[FIRST] > 0, pairs[SECOND] > 0)
        name = f"paired difference in share of runs that pass the filter, {FIRST} minus {SECOND}"
        # Published budgets are not known; a run that a shorter cap stopped might have arrived.
        stopped = part[(part["finder"] == SECOND) & (part["termination"] == Termination.MAX_ITERATIONS)]
        long_enough = not (stopped["iterations"] < LEAST_ITERATIONS).any()
        yield row("D8", name, difference, problem=problem, judged=long_enough)
        away = ~part["origin"] & part["filtered"]
        for finder, of_finder in cells(part.assign(away=away), "finder"):
            yield row(
                "D8",
                "share of runs that pass it away from the origin",
                share(of_finder["away"]),
                problem=problem,
                finder=finder,
            )
    for finder, one in SUCCESS.items():
        hits = np.arange(one.runs) < round(one.share * one.runs)
        yield row("D8", "published share of runs that pass the filter", share(hits), problem=problem, finder=finder)


def _sampling(problem: str, finder: str, source: str, points: pd.DataFrame, analytic: pd.DataFrame, seed: int) -> Iterator[Row]:
    """Which eigenvector sets of a rank are found, against sets drawn uniformly; only sets of the closed form count.

    The plug-in entropy of a few draws is far below that of what they are drawn from, so it is compared with as many uniform
    draws within each rank: their mean, and the central 95 % of them. The maximum is for infinitely many.
    """
    numbers = {members: number for number, members in enumerate(analytic["members"])}
    ranks = analytic["rank"].to_numpy()
    found = np.array([numbers[members] for members in points["members"] if members in numbers], dtype=int)
    if found.size == 0:
        return
    stream = seeds.generator(seed, "saddles/uniform-sets", f"{problem}/{finder}/{source}", 0)
    observed, most, uniform = 0.0, 0.0, np.zeros(CLUSTERED_RESAMPLES)
    for rank, number in zip(*np.unique(ranks[found], return_counts=True), strict=True):
        weight, kinds = number / found.size, int((ranks == rank).sum())
        observed += weight * float(entropy(found[ranks[found] == rank]))
        most += weight * float(np.log(kinds))
        uniform += weight * entropy(stream.integers(kinds, size=(CLUSTERED_RESAMPLES, number)))
    tail = 0.5 * (1.0 - CONFIDENCE)
    low, high = np.quantile(uniform, [tail, 1.0 - tail])
    drawn = Estimate(float(uniform.mean()), float(low), float(high), found.size)
    of = partial(row, "D4", problem=problem, finder=finder)
    name = f"entropy of eigenvector sets given their rank, starts from {source}"
    yield of(name, without_interval(observed, found.size))
    yield of(f"{name}: as many uniform draws", drawn)
    yield of(f"{name}: maximum", exactly(most, found.size))
