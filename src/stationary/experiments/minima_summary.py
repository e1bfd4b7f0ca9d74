"""The statistics that claims W1 - W10 and the networks' half of S7 name. Verdicts are the ledger's business.

Intervals cluster by order group within divisions of the data; shares carry exact intervals. Runs that diverged have no loss and
are counted in a row of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.stats

from stationary import seeds, tables
from stationary.experiments import minima_summary_others
from stationary.experiments.minima_published import Published, published_rows
from stationary.experiments.minima_statistics import Within, slope
from stationary.experiments.minima_summary_rows import NARROWEST, Place, Row, cells, is_judged, row
from stationary.experiments.minima_tables import SUMMARY
from stationary.intervals import Estimate, Replicates, clustered_bootstrap, combine, share

Array = Any

BAD = 1.25
"""A bad minimum: test loss above so many times the median of its width (config/claims.yaml)."""

BEST = 0.1
"""Share of networks that claim W5 picks by training loss."""

LEAST_SPLITS = 5
"""Divisions of the data below which the decorrelation is not judged."""


@dataclass(frozen=True)
class Ensemble:
    """Statistics of the networks of one width."""

    width: int
    splits: int
    statistics: dict[str, Replicates]
    bad: dict[float, Estimate]
    diverged: Estimate


def summarise(
    runs: pa.Table,
    annealing: pa.Table,
    spectra: pa.Table,
    polished: pa.Table,
    teacher: pa.Table,
    published: Mapping[int, Published],
    seed: int,
) -> pa.Table:
    """All statistics.

    Args:
        runs: networks of all named settings, schema ``RUNS``.
        annealing: both methods of the comparison, schema ``RUNS``.
        spectra: schema ``SPECTRA``.
        polished: schema ``POLISHED``.
        teacher: schema ``TEACHER``.
        published: published moments by width, e.g. ``stationary.theory.published.LOSSES``.
        seed: root seed of the resampling.

    Returns:
        a table of the schema ``SUMMARY``.
    """
    rows: list[Row] = []
    for (dataset, setting), part in cells(runs.to_pandas(), "dataset", "setting"):
        ensembles = [ensemble(of_width, seed) for _, of_width in cells(part, "width")]
        rows += _by_width(ensembles, str(dataset), str(setting))
        rows += _over_widths([one for one in ensembles if one.width >= NARROWEST], str(dataset), str(setting))
    rows += minima_summary_others.annealing_rows(annealing.to_pandas(), seed)
    rows += minima_summary_others.spectra_rows(_narrow(spectra))
    rows += minima_summary_others.polished_rows(_narrow(polished))
    rows += minima_summary_others.teacher_rows(teacher.to_pandas(), seed)
    rows += published_rows(runs.to_pandas(), published, seed)
    columns: dict[str, object] = {name: [one[name] for one in rows] for name in SUMMARY.names}
    return tables.from_columns(columns, SUMMARY)


def ensemble(frame: pd.DataFrame, seed: int) -> Ensemble:
    """Resampled statistics of the networks of one dataset, setting and width."""
    lost = (frame["termination"] == "diverged").to_numpy()
    whole = frame[~lost]
    split = whole["split"].to_numpy()
    within = Within(split)
    train, test, even, odd = (whole[name].to_numpy() for name in ("train_loss", "test_loss", "test_loss_even", "test_loss_odd"))
    chosen: dict[str, tuple[tuple[Array, ...], Callable[..., Array]]] = {
        "mean": ((test,), lambda a: a.mean(axis=-1)),
        "train mean": ((train,), lambda a: a.mean(axis=-1)),
        "variance": ((test,), within.variance),
        "train variance": ((train,), within.variance),
        "deviation": ((test,), within.deviation),
        "relative sd": ((test,), within.relative_sd),
        "correlation": ((train, test), within.correlation),
        "corrected correlation": ((train, test, even, odd), within.corrected_correlation),
        "reliability": ((even, odd), within.reliability),
        "best tenth": ((train, test), lambda a, b: within.best_by_training(a, b, BEST) / b.mean(axis=-1)),
        "best tenth in sd": ((train, test), lambda a, b: -within.best_by_training(a, b, BEST) / np.sqrt(within.variance(b))),
    }
    width = int(frame["width"].iloc[0])
    statistics = {}
    for name, (columns, statistic) in chosen.items():
        # One stream per width, not per statistic: all of them see the same resamples.
        generator = seeds.generator(seed, "minima/bootstrap", str(frame["condition"].iloc[0]), 0)
        # Widths share the divisions of the data, so one stream of divisions serves all of them.
        divisions = seeds.generator(seed, "minima/bootstrap-divisions", str(frame["dataset"].iloc[0]), 0)
        groups = whole["order_group"].to_numpy()
        statistics[name] = clustered_bootstrap(columns, statistic, groups, split, generator, divisions)
    # A run that diverged is as bad as a minimum can be.
    bad = {
        factor: share(np.concatenate([within.above_median(test, factor), np.ones(lost.sum(), dtype=bool)]))
        for factor in (1.1, BAD, 1.5, 2.0)
    }
    return Ensemble(width, len(np.unique(split)), statistics, bad, share(lost))


def _by_width(ensembles: list[Ensemble], dataset: str, setting: str) -> Iterator[Row]:
    named = (
        ("W1", "mean test loss", "mean"),
        ("W1", "variance of the test loss", "variance"),
        ("W2", "relative sd of the test loss, every width", "relative sd"),
        ("W4", "correlation of training and test loss", "correlation"),
        ("W4", "correlation corrected for attenuation", "corrected correlation"),
        ("W4", "reliability of the test loss", "reliability"),
        ("W5", "mean test loss of the best tenth by training loss relative to all, every width", "best tenth"),
    )
    judged = is_judged(dataset, setting)
    for one in ensembles:
        place = Place(dataset, setting, one.width)
        yield row("W1", "share of runs that diverged", one.diverged, place, judged=False)
        for claim, statistic, name in named:
            yield row(claim, statistic, one.statistics[name].estimate(), place, judged=False)
        for factor, estimate in one.bad.items():
            statistic = f"share of runs above {factor:g} times the median test loss"
            yield row("W3", statistic, estimate, place, judged=judged and factor == BAD)


def _over_widths(ensembles: list[Ensemble], dataset: str, setting: str) -> Iterator[Row]:
    """Narrowest against widest; a single width has nothing to be compared with."""
    if len(ensembles) < 2:
        return
    judged, place = is_judged(dataset, setting), Place(dataset, setting)
    narrow, wide = ensembles[0].statistics, ensembles[-1].statistics
    # Percentiles of the ratio are those of its log, on which variances are compared.
    ratio = combine(np.divide, narrow["variance"], wide["variance"])
    yield row("W1", "ratio of test loss variances, narrowest to widest", ratio.estimate(), place, judged=judged)
    deviations = combine(np.divide, narrow["deviation"], wide["deviation"])
    yield row("W1", "ratio of MADs, narrowest to widest", deviations.estimate(), place, judged=False)
    widths = [one.width for one in ensembles]
    variances = [one.statistics["variance"].value for one in ensembles]
    rho = round(float(scipy.stats.spearmanr(widths, variances).statistic), 12)
    name = "Spearman rho of test loss variance with width"
    yield row("W1", name, Estimate(rho, rho, rho, len(widths)), place, judged=judged)
    yield row("W2", "relative sd of the test loss at the widest", wide["relative sd"].estimate(), place, judged=judged)
    enough = judged and min(ensembles[0].splits, ensembles[-1].splits) >= LEAST_SPLITS
    for name, statistic in (
        ("correlation", "correlation at the narrowest minus at the widest"),
        ("corrected correlation", "correlation corrected for attenuation, narrowest minus widest"),
    ):
        yield row("W4", statistic, combine(np.subtract, narrow[name], wide[name]).estimate(), place, judged=enough)
    name = "mean test loss of the best tenth by training loss relative to all, at the widest"
    yield row("W5", name, wide["best tenth"].estimate(), place, judged=judged)
    name = "gain of the best tenth in sd of the test loss, at the widest"
    yield row("W5", name, wide["best tenth in sd"].estimate(), place, judged=False)
    spread = combine(lambda *parts: slope(widths, np.stack(parts)), *(one.statistics["relative sd"] for one in ensembles))
    yield row("S7", "log-log slope of sd over mean of test loss against width", spread.estimate(), place, judged=judged)


def _narrow(table: pa.Table) -> pd.DataFrame:
    """Without list columns, which no statistic needs and pandas holds dearly."""
    frame: pd.DataFrame = table.select([field.name for field in table.schema if not pa.types.is_list(field.type)]).to_pandas()
    return frame
