"""The statistics against counts and moments made by hand on invented networks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from stationary import tables
from stationary.experiments.minima_statistics import Within
from stationary.experiments.minima_summary import summarise
from stationary.experiments.minima_tables import POLISHED, RUNS, SPECTRA, SUMMARY, TEACHER


@dataclass(frozen=True)
class Losses:
    train_mean: float = 0.1
    train_sd: float = 0.01
    test_mean: float = 0.2
    test_sd: float = 0.02
    correlation: float = 0.5


def _table(schema, rows):
    """Rows in which only what is said differs from a blank."""
    blank = {field.name: {"double": 0.0, "int64": 0, "string": "", "bool": False}.get(str(field.type), []) for field in schema}
    if not rows:
        return tables.empty(schema)
    frame = pd.DataFrame([{**blank, **row} for row in rows])
    return tables.from_columns({name: frame[name].tolist() for name in schema.names}, schema)


def _networks(width, mean, sd, correlation=0.0, noise=0.0, number=160, **labels):
    """Two normal losses, at a level of its own in each of five divisions."""
    draw = np.random.default_rng(width).normal(size=(number, 4))
    train, own = draw[:, 0], correlation * draw[:, 0] + np.sqrt(1 - correlation**2) * draw[:, 1]
    even, odd = own + noise * draw[:, 2], own + noise * draw[:, 3]
    rows = []
    for i in range(number):
        split = (i // 16) % 5
        level = mean * (1 + 0.1 * split)
        loss = {"train_loss": 1 + split + 0.1 * train[i], "test_loss": level + sd * (even[i] + odd[i]) / 2}
        loss |= {"test_loss_even": level + sd * even[i], "test_loss_odd": level + sd * odd[i]}
        names = {"dataset": "digits", "setting": "authors_code", "condition": f"c{width}", "method": "sgd", "width": width}
        rows.append(
            {**names, "split": split, "order_group": i // 16, "seed": i, "termination": "max_iterations", **loss, **labels}
        )
    return rows


def _summary(runs=(), annealing=(), spectra=(), polished=(), teacher=(), published=None):
    given = zip((runs, annealing, spectra, polished, teacher), (RUNS, RUNS, SPECTRA, POLISHED, TEACHER), strict=True)
    parts = [_table(schema, list(rows)) for rows, schema in given]
    table = summarise(*parts, published or {}, seed=0)
    assert table.schema.equals(SUMMARY)
    return table.to_pandas()


def _pick(frame, claim, statistic, **where):
    chosen = (frame["claim"] == claim) & (frame["statistic"] == statistic)
    for column, value in where.items():
        chosen &= frame[column] == value
    assert chosen.sum() == 1
    return frame[chosen].iloc[0]


@pytest.fixture(scope="module")
def by_width():
    return _summary(
        _networks(2, 1.0, 0.9)
        + _networks(5, 0.5, 0.04, correlation=0.95, noise=0.1)
        + _networks(50, 0.3, 0.01, correlation=0.5, noise=0.5)
        + _networks(500, 0.2, 0.002, correlation=0.2, noise=1.0)
    )


def test_variances_start_at_width_five_and_know_nothing_of_divisions(by_width):
    """Invented variance of a test loss: sd^2 (1 + noise^2 / 2); levels of the divisions differ a hundred times as much."""
    ratio = _pick(by_width, "W1", "ratio of test loss variances, narrowest to widest")
    truth = (0.04**2 * 1.005) / (0.002**2 * 1.5)
    assert ratio["ci_low"] < truth < ratio["ci_high"]
    assert ratio["judged"]
    assert _pick(by_width, "W1", "Spearman rho of test loss variance with width")["estimate"] == -1.0
    assert not _pick(by_width, "W1", "ratio of MADs, narrowest to widest")["judged"]


def test_relative_sd_and_its_slope(by_width):
    wide = _pick(by_width, "W2", "relative sd of the test loss at the widest")
    assert wide["estimate"] == pytest.approx(0.002 * np.sqrt(1.5) / 0.24, rel=0.1)
    slope = _pick(by_width, "S7", "log-log slope of sd over mean of test loss against width")
    each = [_pick(by_width, "W2", "relative sd of the test loss, every width", width=w)["estimate"] for w in (5, 50, 500)]
    assert slope["estimate"] == pytest.approx(scipy.stats.linregress(np.log([5, 50, 500]), np.log(each)).slope)
    assert slope["ci_low"] < slope["estimate"] < slope["ci_high"] < 0


def test_correction_for_attenuation_recovers_the_correlation(by_width):
    """At noise 1 the raw correlation is 0.2 / sqrt(1.5); corrected it is 0.2 again."""
    raw = _pick(by_width, "W4", "correlation of training and test loss", width=500)
    corrected = _pick(by_width, "W4", "correlation corrected for attenuation", width=500)
    assert corrected["estimate"] == pytest.approx(raw["estimate"] * np.sqrt(1.5), rel=0.15)
    assert corrected["ci_low"] < 0.2 < corrected["ci_high"]
    difference = _pick(by_width, "W4", "correlation corrected for attenuation, narrowest minus widest")
    assert difference["ci_low"] < 0.75 < difference["ci_high"]
    assert difference["judged"]


@pytest.mark.parametrize("shared", ["order_group", "split"])
def test_what_networks_share_widens_the_interval(shared):
    """A tenth of an sd for every network of a group, or of a division, at the same total variance."""
    alone = _networks(5, 0.5, 0.0)
    draw = np.random.default_rng(1)
    common = {label: draw.normal() for label in sorted({row[shared] for row in alone})}
    widths = []
    for together in (False, True):
        rows = [{**row, "test_loss": 1.0 + 0.1 * (common[row[shared]] if together else draw.normal())} for row in alone]
        mean = _pick(_summary(rows), "W1", "mean test loss")
        widths.append(mean["ci_high"] - mean["ci_low"])
    assert widths[1] > 2 * widths[0]


def test_few_divisions_do_not_judge_decorrelation():
    rows = [{**row, "split": 0} for width in (5, 50) for row in _networks(width, 0.5, 0.01)]
    assert not _pick(_summary(rows), "W4", "correlation at the narrowest minus at the widest")["judged"]


def test_bad_minima_are_relative_to_their_division():
    rows = _networks(10, 1.0, 1e-6)
    for row in rows[:8] + rows[16:20]:
        row["test_loss"] *= 1.3
    for row in rows[:3]:
        row["test_loss"] *= 1.3
    frame = _summary(rows)
    found = [_pick(frame, "W3", f"share of runs above {f} times the median test loss") for f in ("1.1", "1.25", "1.5", "2")]
    assert [one["estimate"] * 160 for one in found] == pytest.approx([12, 12, 3, 0])
    assert [one["judged"] for one in found] == [False, True, False, False]


def test_diverged_runs_are_counted_and_left_out():
    rows = _networks(10, 1.0, 0.1)
    for row in rows[:4]:
        row |= {"termination": "diverged", "test_loss": np.nan, "train_loss": np.nan}
    frame = _summary(rows)
    assert _pick(frame, "W1", "share of runs that diverged")["estimate"] == 4 / 160
    assert _pick(frame, "W1", "mean test loss")["n"] == 156
    assert _pick(frame, "W3", "share of runs above 2 times the median test loss")["estimate"] == 4 / 160


def test_the_best_tenth_is_chosen_by_training_loss_within_divisions():
    train, test = np.arange(40.0), np.tile([1.0, 3.0], 20)
    test[[0, 20]] = 0.0
    within = Within(np.repeat([0, 1], 20))
    # Two of each twenty: test losses 0 and 3; the mean of all is (40 * 2 - 2) / 40.
    assert within.best_by_training(train, test, 0.1) == pytest.approx(1.5 - 1.95)
    np.testing.assert_allclose(within.best_by_training(np.stack([train, -train]), np.stack([test, test]), 0.1), [-0.45, 0.05])


def test_annealing_is_compared_network_by_network():
    labels = {"dataset": "digits", "setting": "annealing", "width": 3, "termination": "max_iterations", "epochs": 70_000.0}
    rows = [{**labels, "method": m, "seed": i, "order_group": i // 4, "split": i // 16, "test_loss": loss * (1 + 0.1 * (i % 3))}
            for m, loss in (("sgd", 1.0), ("annealing", 1.2)) for i in range(32)]  # fmt: skip
    rows[0]["termination"] = "diverged"
    row = _pick(_summary(annealing=rows), "W8", "relative difference of mean test loss, annealing minus SGD")
    assert (row["estimate"], row["ci_low"], row["n"]) == (pytest.approx(0.2), pytest.approx(0.2), 31)
    assert row["judged"]
    short = [{**one, "epochs": 5000.0} for one in rows]
    assert not _pick(_summary(annealing=short), "W8", "relative difference of mean test loss, annealing minus SGD")["judged"]


def test_spectra_and_polished_points():
    place = {"dataset": "digits", "width": 10}
    spectra = [{**place, "setting": "authors_code", "seed": i, "index": 0.01 * i, "n_below_1e-3": i} for i in range(21)]
    spectra.append({**place, "setting": "authors_code", "seed": 21, "index": np.nan})
    polished = [{**place, "setting": "tanh_l2", "arrived": i < 30, "n_negative": int(i in (0, 1, 35))} for i in range(40)]
    frame = _summary(spectra=spectra, polished=polished)
    index = _pick(frame, "W6", "95th percentile of the normalised index")
    assert (index["estimate"], index["ci_high"], index["n"]) == (pytest.approx(0.19), 1.0, 21)
    assert index["ci_low"] < 0.19
    assert _pick(frame, "W6", "share without an eigenvalue below -1e-3")["estimate"] == 1 / 21
    judged = frame[(frame["claim"] == "W7") & frame["judged"]].iloc[0]
    assert (judged["estimate"], judged["n"]) == (28 / 30, 30)
    assert np.isnan(judged["width"])
    few = [{**one, "arrived": one["n_negative"] == 0 and i % 3 == 0} for i, one in enumerate(polished)]
    assert not _summary(polished=few)["judged"].any()


def test_teachers_are_judged_where_zero_is_attainable():
    rows = [{"width": w, "teacher_width": 4, "problem": p, "seed": s, "relative_loss": 10.0 ** -(p + 5 * s)}
            for w in (2, 8) for p in range(3) for s in range(2)]  # fmt: skip
    frame = _summary(teacher=rows)
    narrow, wide = (_pick(frame, "W10", "best found loss over the trivial loss", width=w) for w in (2, 8))
    assert wide["estimate"] == narrow["estimate"] == 1e-6
    assert (narrow["judged"], wide["judged"]) == (False, True)
    assert _pick(frame, "W10", "share of starts below 1e-6 of the trivial loss", width=8)["estimate"] == 1 / 6


def test_the_nearer_setting_is_compared_with_the_published_table():
    mnist = {"dataset": "mnist", "split": 0, "n_inputs": 100, "n_train": 60_000, "n_test": 10_000}
    near = _networks(25, 0.2, 0.02, **mnist)
    far = _networks(25, 0.9, 0.02, **mnist, setting="paper")
    large = _networks(50, 0.2, 0.02, **{**mnist, "n_inputs": 784})  # not the published images
    frame = _summary(near + far + large, published={25: Losses(), 50: Losses()})
    rows = frame[frame["claim"] == "W9"]
    assert set(rows[rows["judged"]]["setting"]) == {"authors_code"}
    assert rows[rows["judged"]].shape[0] == 5
    mean = np.mean([row["test_loss"] for row in near])
    found = _pick(frame, "W9", "relative deviation of the mean test loss", setting="authors_code")
    assert found["estimate"] == pytest.approx(mean / 0.2 - 1)


def test_without_mnist_the_published_rows_are_nan(by_width):
    assert not (by_width["claim"] == "W9").any()
    rows = _summary(_networks(25, 0.2, 0.02), published={25: Losses(), 50: Losses()})
    rows = rows[rows["claim"] == "W9"]
    assert rows["estimate"].isna().all()
    assert (len(rows), rows["judged"].any()) == (10, False)
