"""The statistics that claims D1 - D5, D7 and D8 name. Verdicts are the ledger's business.

Critical points are the end points that pass the filter, ||g||^2 < 1e-10; of points found several times one counts. Intervals of
correlations and coefficients resample the trajectories that starts come from; shares carry Clopper-Pearson intervals. Fewer
than twenty units in a share are for the ledger to see, from ``n``; here a row is judged unless its claim's own conditions fail
or nothing could be estimated.

Readings that the claims leave open, and ours:

D1, D5, D7: points whose band exceeds the median |eigenvalue| have no index: they are left out where a claim is judged
    (their share is a row) and counted beside.
D1  Loss and index after the two Newton steps of the filtered points. Beside stand what one would see without the filter (loss
    and index where every finder stopped), every end point counted, and the linear autoencoder.
D7  The claim gives one bound, not one "in every problem": judged is one number over all filtered points of the non-linear
    problems, the mean of the problems' rank correlations weighted by their points (the correlation of ranks taken within
    problems, but for ties). Ranks across problems would compare losses of different data. Each problem stands beside.
D8  Success is passing the filter; the pairs are starts.

The exponent of the index (statistic "power ...", not judged) takes the loss where the index vanishes to be the lowest critical
loss found in the problem, in every resample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from stationary import tables
from stationary.experiments import saddle_summary_flat, saddle_summary_linear
from stationary.experiments.saddle_statistics import Array, distinct_values, spearman
from stationary.experiments.saddle_summary_rows import LINEAR, Row, cells, critical, frame, one_each, replicates, row
from stationary.experiments.saddle_tables import SUMMARY
from stationary.intervals import Replicates, combine, share
from stationary.theory.random_matrix import fit_power

LEAST_POINTS, LEAST_LOSSES = 20, 3
"""Distinct critical points and distinct losses from which claim D1 is judged (config/claims.yaml)."""


def run(runs: pa.Table, analytic: pa.Table, *, seed: int, extra: Iterable[Row] = ()) -> pa.Table:
    """All statistics.

    Args:
        runs: schema ``RUNS``.
        analytic: schema ``ANALYTIC``.
        seed: root seed of the resampling.
        extra: further rows, of claims whose statistics are made elsewhere; they come last.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    ended = frame(runs)
    rows: list[Row] = []
    spectra: list[Replicates] = []
    for problem, part in cells(ended, "problem"):
        networks = not (part["kind"] == LINEAR).any()
        found = critical(part)
        rows += _index_against_loss(problem, part, found, seed, networks=networks)
        if networks:
            rows += _saddles(problem, found)
        every, name = one_each(found), "Spearman rho of loss and mean of the lowest tenth"
        shift = replicates(every[~every["undetermined"]], ("loss", "lowest_tenth"), spearman, seed, f"{problem}/distinct")
        rows.append(row("D7", name, shift.estimate(), problem=problem))
        loose = replicates(every, ("loss", "lowest_tenth"), spearman, seed, f"{problem}/every").estimate()
        rows.append(row("D7", f"{name}, points with undetermined counts too", loose, problem=problem))
        spectra += [shift] if networks else []
    rows += _pooled(spectra)
    rows += saddle_summary_flat.rows(ended, seed)
    rows += saddle_summary_linear.rows(ended, frame(analytic), seed)
    rows += extra
    columns: dict[str, object] = {name: [one[name] for one in rows] for name in SUMMARY.names}
    return tables.from_columns(columns, SUMMARY)


def _index_against_loss(problem: str, part: pd.DataFrame, found: pd.DataFrame, seed: int, *, networks: bool) -> Iterator[Row]:
    """D1 in one problem."""
    name, every = "Spearman rho of loss and index", one_each(found)
    points = every[~every["undetermined"]]
    enough = len(points) >= LEAST_POINTS and distinct_values(points["loss"]) >= LEAST_LOSSES
    rho = replicates(points, ("loss", "index"), spearman, seed, f"{problem}/distinct").estimate()
    yield row("D1", f"{name}, critical points", rho, problem=problem, judged=networks and enough)
    rho = replicates(every, ("loss", "index"), spearman, seed, f"{problem}/every").estimate()
    yield row("D1", f"{name}, critical points with undetermined counts too", rho, problem=problem)
    rho = replicates(found, ("loss", "index"), spearman, seed, f"{problem}/critical").estimate()
    yield row("D1", f"{name}, critical points as often as found", rho, problem=problem)
    finite = part[np.isfinite(part["found_loss"]) & np.isfinite(part["found_index"])]
    rho = replicates(finite, ("found_loss", "found_index"), spearman, seed, f"{problem}/ends").estimate()
    yield row("D1", f"{name}, all end points without the filter", rho, problem=problem)
    for finder, of_finder in cells(found, "finder"):
        rho = replicates(one_each(of_finder), ("loss", "index"), spearman, seed, f"{problem}/{finder}").estimate()
        yield row("D1", f"{name}, critical points", rho, problem=problem, finder=finder)
    unknown = share(every["undetermined"])
    yield row("D1", "share of critical points whose band exceeds the median |eigenvalue|", unknown, problem=problem)
    lowest = float(points["loss"].min())  # NaN of nothing

    def power(loss: Array, index: Array) -> Array:
        return fit_power(np.maximum(loss - lowest, 0.0), index).exponent

    exponent = replicates(points, ("loss", "index"), power, seed, f"{problem}/distinct").estimate()
    yield row("D1", "power of index in loss above the lowest critical loss", exponent, problem=problem)


def _saddles(problem: str, found: pd.DataFrame) -> Iterator[Row]:
    """D5 in one network problem."""
    every, name = one_each(found), "share of saddles among distinct critical points"
    known = every[~every["undetermined"]]
    yield row("D5", name, share(known["n_negative"] > 0), problem=problem, judged=True)
    yield row("D5", f"{name} or undetermined", share(every["n_negative"] > 0), problem=problem)
    yield row("D5", "share of saddles among critical points as often as found", share(found["n_negative"] > 0), problem=problem)
    for finder, of_finder in cells(found, "finder"):
        yield row("D5", name, share(one_each(of_finder)["n_negative"] > 0), problem=problem, finder=finder)
    for source, of_source in cells(found, "source"):
        saddles = share(one_each(of_source)["n_negative"] > 0)
        yield row("D5", f"{name}, starts from {source}", saddles, problem=problem)


def _pooled(problems: list[Replicates]) -> Iterator[Row]:
    """D7 over all problems whose points have ranks."""
    known = [one for one in problems if np.isfinite(one.value)]
    if not known:
        return
    weights = np.array([one.n for one in known], dtype=np.float64)

    def mean(*rho: Array) -> Array:
        values = np.stack(rho)
        here = np.isfinite(values) * weights.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray((here * np.nan_to_num(values)).sum(axis=0) / here.sum(axis=0))

    pooled = replace(combine(mean, *known), n=int(weights.sum()))
    yield row("D7", "Spearman rho of loss and mean of the lowest tenth, within problems", pooled.estimate(), judged=True)
