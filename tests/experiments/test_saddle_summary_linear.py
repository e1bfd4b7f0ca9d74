"""Claims D2, D4 and D8 and the sampling of critical points against what is planted in runs on the linear autoencoder."""

import numpy as np
import pytest

from saddle_rows import judged, linear, network, pick, summary
from stationary.experiments.saddle_statistics import entropy
from stationary.intervals import paired_difference
from stationary.theory.baldi_hornik import critical_points

LINE = [{"loss": 5.0 + 0.01 * i, "index": 0.001 * i, "members": str(i)} for i in range(301)]
CURVE = "quadratic coefficient of index on loss, "


def curved(number=80, coefficient=0.3):
    """Ends off the line by a parabola in standardised units; every second passes the filter and is on the line at last."""
    loss = np.linspace(5.0, 8.0, number)
    centre, spread = np.mean([row["loss"] for row in LINE]), np.std([row["loss"] for row in LINE])
    index = 0.1 * (loss - 5.0)
    bent = index + coefficient * ((loss - centre) / spread) ** 2 * np.std([row["index"] for row in LINE])
    passes = np.arange(number) % 2 == 0
    return linear(number, loss=loss, index=np.where(passes, index, bent), found_loss=loss, found_index=bent, filtered=passes,
                  members=[str(i) for i in range(number)], n_negative=1)  # fmt: skip


def test_the_planted_curvature_is_found_without_the_filter_and_a_line_with_it():
    frame = summary(curved(), analytic=LINE)
    found = {which: pick(frame, "D2", CURVE + which) for which in ("unfiltered minus filtered", "filtered", "unfiltered")}
    assert [one["estimate"] for one in found.values()] == pytest.approx([0.3, 0.0, 0.3], abs=1e-9)
    assert [one["n"] for one in found.values()] == [80, 40, 80]
    assert [one["judged"] for one in found.values()] == [True, True, False]
    assert found["unfiltered"]["ci_low"] == pytest.approx(0.3)
    assert pick(frame, "D2", CURVE + "filtered, counted where the finder stopped")["estimate"] == pytest.approx(0.3)
    both = pick(frame, "D2", CURVE + "unfiltered minus filtered, both counted after polishing")
    assert 0 < both["estimate"] < 0.3


def test_losses_out_of_range_are_clipped_to_it():
    rows = curved()
    far = linear(1, start=99, trajectory=99, found_loss=1e9, loss=1e9, found_index=0.3, index=0.3, filtered=False, n_negative=1)
    clipped = [{**far[0], "found_loss": 8.0, "loss": 8.0}]
    estimates = [pick(summary(rows + more, analytic=LINE), "D2", CURVE + "unfiltered")["estimate"] for more in (far, clipped)]
    assert estimates[0] == estimates[1] != pytest.approx(0.3, abs=1e-6)


def known(number=30, **columns):
    values = {"loss": 5.0, "expected_loss": 5.0, "n_negative": 2, "expected_negative": 2, "n_null": 7, "expected_null": 7}
    return linear(number, **(values | columns))


def test_mismatches_with_the_closed_form_are_counted_but_at_the_origin():
    rows = known(
        loss=np.where(np.arange(30) < 2, 5.0 + 2e-8, 5.0 + 0.5e-8),
        n_negative=np.where(np.arange(30) == 1, 3, 2),
        n_null=np.where(np.arange(30) == 5, 8, 7),
    )
    rows[5]["undetermined"] = True
    rows += known(3, origin=True, loss=8.5, expected_loss=np.nan)
    rows += known(4, filtered=False, loss=9.0)
    frame = summary(rows, analytic=LINE)
    each = [
        pick(frame, "D4", f"critical points with a mismatch in {what}")["estimate"] for what in ("loss", "index", "nullity")
    ]
    assert each == [2, 1, 1]
    whole = pick(frame, "D4", "critical points with a mismatch in loss, index or nullity")
    assert (whole["estimate"], whole["ci_low"], whole["ci_high"], whole["n"]) == (3, 3, 3, 30)
    assert pick(frame, "D4", "mismatches whose band exceeds the median |eigenvalue|")["estimate"] == 1
    assert pick(frame, "D4", "critical points at the origin")["estimate"] == 3
    assert judged(frame, "D4") == ["linear_autoencoder"]


def test_a_point_that_the_closed_form_does_not_know_is_a_mismatch():
    rows = known(2)
    rows[0] |= {"expected_loss": np.nan, "expected_negative": None, "expected_null": None}
    frame = summary(rows, analytic=LINE)
    assert pick(frame, "D4", "critical points with a mismatch in loss, index or nullity")["estimate"] == 1


def test_finders_are_compared_start_by_start_on_the_linear_autoencoder():
    ours, theirs = np.arange(40) < 32, np.arange(40) % 2 == 0
    rows = known(40, filtered=ours) + known(40, finder="gradient_norm", filtered=theirs)[::-1]
    rows += known(5, finder="newton_mr", start=np.arange(40, 45))  # no partner
    frame = summary(rows + network(9, filtered=np.arange(9) < 3), analytic=LINE)
    name = "paired difference in share of runs that pass the filter, newton_mr minus gradient_norm"
    found, expected = pick(frame, "D8", name), paired_difference(ours, theirs)
    assert [found["estimate"], found["ci_low"], found["ci_high"]] == [expected.value, expected.low, expected.high]
    assert (found["n"], judged(frame, "D8")) == (40, ["linear_autoencoder"])
    beside = pick(frame, "D8", "share of runs that pass the filter", finder="newton_mr", problem="classifier")
    assert beside["estimate"] == 3 / 9
    published = pick(frame, "D8", "published share of runs that pass the filter", finder="gradient_norm")
    assert (published["estimate"], published["n"], published["judged"]) == (0.35, 60, False)


def test_without_a_second_finder_there_is_no_difference():
    frame = summary(known(40), analytic=LINE)
    assert judged(frame, "D8") == []


@pytest.mark.parametrize(("spread", "inside"), [(200, True), (10, False)])
def test_sets_found_too_rarely_stand_out_against_uniform_draws(spread, inside):
    """Sixty draws from all of two hundred sets of rank 1, and from ten of them; half as many from the only set of rank 0."""
    analytic = [{"members": str(i), "rank": 1, "loss": 5.0 + i, "index": 0.1 * i} for i in range(200)]
    analytic += [{"members": "", "rank": 0, "loss": 300.0, "index": 30.0}]
    chosen = np.random.default_rng(4).integers(spread, size=60).astype(str).tolist() + [""] * 30
    rows = known(90, source="sgd", members=chosen)
    frame = summary(rows, analytic=analytic)
    name = "entropy of eigenvector sets given their rank, starts from sgd"
    ours, drawn, most = (
        pick(frame, "D4", name + end, finder="newton_mr") for end in ("", ": as many uniform draws", ": maximum")
    )
    assert (drawn["ci_low"] < ours["estimate"] < drawn["ci_high"]) == inside
    assert most["estimate"] == pytest.approx(2 / 3 * np.log(200))
    assert ours["estimate"] < drawn["ci_high"] < most["estimate"]


def test_entropy_counts_kinds_row_by_row():
    labels = np.random.default_rng(0).integers(7, size=(5, 40))
    for row, value in zip(labels, entropy(labels), strict=True):
        p = np.unique(row, return_counts=True)[1] / 40
        assert value == pytest.approx(-(p * np.log(p)).sum())


def test_points_of_one_orbit_are_one_critical_point():
    rows = linear(40, distinct=np.arange(40), members=(np.arange(40) % 25).astype(str).tolist(), n_negative=1)
    frame = summary(rows, analytic=LINE)
    assert pick(frame, "D1", "Spearman rho of loss and index, critical points")["n"] == 25


def test_the_truth_beside_is_that_of_the_closed_form():
    """Frye et al.'s population: the coefficient over all critical points, and over those that runs found."""
    s = np.diag(np.arange(1.0, 17.0))
    theory = critical_points(s, s, s, hidden=4, weight=1 / 16)
    sets = theory.sets()
    loss, negative = theory.loss(sets), theory.n_negative(sets)
    analytic = [{"loss": a, "index": b / 128} for a, b in zip(loss, negative, strict=True)]
    rows = linear(60, n_parameters=128, expected_loss=loss[::42], expected_negative=negative[::42],
                  filtered=np.arange(60) % 3 > 0, n_negative=1, members=[str(i) for i in range(60)])  # fmt: skip
    for one in rows[::3]:
        one |= {"expected_loss": np.nan, "expected_negative": None}
    frame = summary(rows, analytic=analytic)
    x, y = ((values - values.mean()) / values.std() for values in (loss, negative))
    assert pick(frame, "D2", CURVE + "analytic points")["estimate"] == pytest.approx(np.polyfit(x, y, 2)[0])
    found = np.arange(60) % 3 > 0
    expected = np.polyfit(x[::42][found], y[::42][found], 2)[0]
    assert pick(frame, "D2", CURVE + "filtered, closed form")["estimate"] == pytest.approx(expected)
