"""Statistics of claims W6 - W8 and W10: spectra, polished points, annealing, teachers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from stationary import seeds
from stationary.experiments.minima_summary_rows import NOISE, Place, Row, cells, is_judged, row
from stationary.intervals import Estimate, bootstrap, clustered_bootstrap, quantile, share
from stationary.theory.published import ANNEALING_PROPOSALS

AT_ZERO = 1e-6
"""Relative loss below which a student has found the zero that its teacher allows (config/claims.yaml)."""


def spectra_rows(spectra: pd.DataFrame) -> Iterator[Row]:
    """W6: 95th percentile of the normalised index, width by width; points that are not finite have none."""
    for (dataset, setting, width), part in cells(spectra[spectra["index"].notna()], "dataset", "setting", "width"):
        place = Place(str(dataset), str(setting), int(width))
        for column, statistic in (
            ("index", "95th percentile of the normalised index"),
            ("index_authors", "95th percentile of the index as the authors divide"),
        ):
            # Order statistics need no law and few networks: those that are kept come from many order groups.
            found = quantile(part[column].to_numpy(), 0.95, (0.0, 1.0))
            judged = column == "index" and is_judged(str(dataset), str(setting))
            yield row("W6", statistic, found, place, judged=judged)
        without = share((part["n_below_1e-3"] == 0).to_numpy())
        yield row("W6", "share without an eigenvalue below -1e-3", without, place, judged=False)


def polished_rows(polished: pd.DataFrame) -> Iterator[Row]:
    """W7: minima among the polished points that arrived, over all widths and by width."""
    for (dataset, setting), part in cells(polished, "dataset", "setting"):
        widths = [(int(width), of_width) for (width,), of_width in cells(part, "width")]
        for width, points in [(None, part), *widths]:
            arrived = points[points["arrived"]]
            place = Place(str(dataset), str(setting), width)
            minima = share((arrived["n_negative"] == 0).to_numpy())
            # With fewer than half arrived the claim cannot be tested (config/claims.yaml).
            judged = width is None and 2 * len(arrived) >= len(points) and str(dataset) != NOISE
            yield row("W7", "share with index 0 among those that arrived", minima, place, judged=judged)
            yield row("W7", "share that arrived", share(points["arrived"].to_numpy()), place, judged=False)


def annealing_rows(runs: pd.DataFrame, seed: int) -> Iterator[Row]:
    """W8: annealing minus descent, relative to descent, over the networks that both methods brought to an end."""
    for (dataset, width), part in cells(runs, "dataset", "width"):
        whole = part[part["termination"] != "diverged"]
        losses = (
            whole.pivot_table(index=["split", "order_group", "seed"], columns="method", values="test_loss", aggfunc="first")
            .reindex(columns=["annealing", "sgd"])
            .dropna()
        )
        generator = seeds.generator(seed, "minima/bootstrap", f"W8-{dataset}-{width}", 0)
        divisions = seeds.generator(seed, "minima/bootstrap-divisions", str(dataset), 0)
        found = clustered_bootstrap(
            [losses["annealing"].to_numpy(), losses["sgd"].to_numpy()],
            lambda annealed, descended: annealed.mean(axis=-1) / descended.mean(axis=-1) - 1.0,
            losses.index.get_level_values("order_group").to_numpy(),
            losses.index.get_level_values("split").to_numpy(),
            generator,
            divisions,
        )
        place = Place(str(dataset), "annealing", int(width))
        # Annealing that was cut short loses for that reason alone: at the published length, or nothing is judged.
        whole_length = bool((whole.loc[whole["method"] == "annealing", "epochs"] >= ANNEALING_PROPOSALS).all())
        name = "relative difference of mean test loss, annealing minus SGD"
        yield row("W8", name, found.estimate(), place, judged=whole_length and str(dataset) != NOISE)
        train = whole.groupby("method")["train_loss"].mean()
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = float(np.divide(train.get("annealing", np.nan), train.get("sgd", np.nan)))
        name = "mean training loss of annealing over that of SGD"
        yield row("W8", name, Estimate(ratio, np.nan, np.nan, len(losses)), place, judged=False)


def teacher_rows(teacher: pd.DataFrame, seed: int) -> Iterator[Row]:
    """W10: the best of each problem's starts, its median over problems; judged where zero is attainable."""
    for (teacher_width, width), part in cells(teacher, "teacher_width", "width"):
        attainable = int(teacher_width) <= int(width)
        best = part.groupby("problem")["relative_loss"].min().to_numpy()
        generator = seeds.generator(seed, "minima/bootstrap", f"W10-{teacher_width}-{width}", 0)
        place = Place("teacher", f"teacher-{teacher_width}", int(width))
        found = bootstrap(best, np.median, generator)
        yield row("W10", "best found loss over the trivial loss", found, place, judged=attainable)
        at_zero = share((part["relative_loss"] < AT_ZERO).to_numpy())
        yield row("W10", "share of starts below 1e-6 of the trivial loss", at_zero, place, judged=False)
