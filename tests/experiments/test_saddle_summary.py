"""Claims D1, D3, D5 and D7 against numbers planted in invented runs."""

import numpy as np
import pytest
import scipy.stats

from saddle_rows import judged, linear, network, pick, summary
from stationary.intervals import share

RHO, RHO_ENDS = (
    f"Spearman rho of loss and index, {which}" for which in ("critical points", "all end points without the filter")
)
TENTH = "Spearman rho of loss and mean of the lowest tenth"


def planted(number=60, seed=0, **columns):
    """Critical points whose index rises with the loss, with noise; the unpolished ends have it the other way round."""
    loss, noise = np.random.default_rng(seed).normal(size=(2, number))
    index = loss + 0.5 * noise
    values = {"loss": loss, "index": index, "found_loss": loss, "found_index": -loss, "lowest_tenth": -index} | columns
    return network(number, n_negative=1, **values)


@pytest.fixture(scope="module")
def one():
    return planted(), summary(planted())


def test_rho_is_that_of_scipy_and_needs_the_filter(one):
    rows, frame = one
    found = pick(frame, "D1", RHO)
    expected = scipy.stats.spearmanr([row["loss"] for row in rows], [row["index"] for row in rows]).statistic
    assert (found["estimate"], found["n"]) == (pytest.approx(expected), 60)
    assert 0 < found["ci_low"] < found["estimate"] < found["ci_high"] < 1
    assert pick(frame, "D1", RHO_ENDS)["estimate"] == -1.0
    assert judged(frame, "D1") == ["classifier"]
    assert pick(frame, "D1", RHO)["judged"]


def test_a_point_found_twice_counts_once():
    rows = planted(30)
    twice = [{**row, "finder": "damped_newton", "loss": row["loss"] + 1e-13} for row in rows[:20]]
    frame = summary(rows + twice)
    assert pick(frame, "D1", RHO)["estimate"] == pick(summary(rows), "D1", RHO)["estimate"]
    assert pick(frame, "D1", RHO)["n"] == 30
    assert pick(frame, "D1", RHO, finder="damped_newton")["n"] == 20
    assert pick(frame, "D1", "Spearman rho of loss and index, critical points as often as found")["n"] == 50


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (planted(19), []),
        (planted(20), ["classifier"]),
        (planted(40, distinct=np.arange(40) % 19), []),
        (planted(40, loss=np.arange(40) % 2 + 1e-9 * np.arange(40)), []),
        (planted(40, loss=np.arange(40) % 3), ["classifier"]),
        (planted(40, filtered=np.arange(40) < 19), []),
        (planted(40, problem="linear_autoencoder", kind="linear_autoencoder", members=[str(i) for i in range(40)]), []),
    ],
)
def test_twenty_distinct_points_and_three_losses_of_networks_are_judged(rows, problems):
    assert judged(summary(rows), "D1") == problems


def test_points_without_an_index_do_not_enter_the_judged_correlation():
    index = np.where(np.arange(30) < 5, 0.0, np.arange(30.0))
    rows = network(30, loss=np.arange(30.0), index=index, undetermined=np.arange(30) < 5, distinct=np.arange(30))
    rows[0]["loss"] = 99.0  # an undetermined point far up with no negative eigenvalue counted
    frame = summary(rows)
    assert pick(frame, "D1", RHO)["estimate"] == pytest.approx(1.0)
    beside = pick(frame, "D1", "Spearman rho of loss and index, critical points with undetermined counts too")
    assert beside["estimate"] < 0.99


def test_what_starts_share_widens_the_interval():
    """Six trajectories with ten points each, against sixty random starts with the same points."""
    common = np.repeat(np.random.default_rng(2).normal(size=(2, 6)), 10, axis=1)
    noise = 0.1 * np.random.default_rng(3).normal(size=(2, 60))
    loss, index = common + noise
    widths = []
    for labels in ({}, {"source": "sgd", "trajectory": np.repeat(np.arange(6), 10)}):
        found = pick(summary(planted(loss=loss, index=index, **labels)), "D1", RHO)
        widths.append(found["ci_high"] - found["ci_low"])
    assert widths[1] > 1.5 * widths[0]


def test_trajectories_of_two_sources_are_two():
    number = np.repeat(np.arange(10), 6)
    apart = planted(source=np.where(np.arange(60) % 2, "sgd", "saddle_free"), trajectory=number)
    together = planted(source="sgd", trajectory=number)
    low = [pick(summary(rows), "D1", RHO)["ci_low"] for rows in (apart, together)]
    assert low[0] != low[1]


def test_the_power_of_the_index_is_found():
    loss = 0.3 + np.linspace(0, 2, 40)
    noise = 1e-3 * np.random.default_rng(0).normal(size=40)
    rows = planted(40, loss=loss, index=0.1 * (loss - 0.3) ** 1.5 + noise)
    found = pick(summary(rows), "D1", "power of index in loss above the lowest critical loss")
    assert found["estimate"] == pytest.approx(1.5, abs=0.05)
    assert found["ci_low"] < 1.5 < found["ci_high"]
    assert not found["judged"]


def test_saddles_are_counted_once_each_and_judged_on_networks():
    rows = network(50, n_negative=np.arange(50) % 5, distinct=np.minimum(np.arange(50), 39), undetermined=np.arange(50) < 4)
    rows += linear(5, n_negative=3, members="1")
    frame = summary(rows)
    found = pick(frame, "D5", "share of saddles among distinct critical points", problem="classifier")
    expected = share(np.arange(4, 40) % 5 > 0)
    assert (found["estimate"], found["ci_low"], found["ci_high"]) == (expected.value, expected.low, expected.high)
    assert found["n"] == 36
    every = pick(frame, "D5", "share of saddles among distinct critical points or undetermined", problem="classifier")
    assert (every["estimate"], every["n"]) == (32 / 40, 40)
    assert judged(frame, "D5") == ["classifier"]
    unknown = "share of critical points whose band exceeds the median |eigenvalue|"
    assert pick(frame, "D1", unknown, problem="classifier")["estimate"] == 4 / 40


def test_the_spectrum_is_judged_within_problems():
    """Within each problem rho = -1; levels of loss rise with those of the spectrum, which pooled ranks would see."""
    rows = []
    for number, (size, level) in enumerate(((30, 0.0), (20, 10.0), (1, 50.0))):
        own = np.arange(size)
        rows += network(size, problem=f"p{number}", loss=level + own, lowest_tenth=10 * level - own, n_negative=1)
    rows += linear(4, loss=np.arange(4), lowest_tenth=np.arange(4), members=list("abcd"), n_negative=1)
    frame = summary(rows)
    pooled = pick(frame, "D7", f"{TENTH}, within problems")
    assert (pooled["estimate"], pooled["ci_high"], pooled["n"]) == (pytest.approx(-1), pytest.approx(-1), 50)
    assert judged(frame, "D7") == ["all"]
    assert pick(frame, "D7", TENTH, problem="p1")["estimate"] == -1
    assert pick(frame, "D7", TENTH, problem="linear_autoencoder")["estimate"] == 1
    assert np.isnan(pick(frame, "D7", TENTH, problem="p2")["estimate"])


def test_points_without_an_index_do_not_enter_the_judged_spectrum():
    rows = network(20, loss=np.arange(20), lowest_tenth=-np.arange(20), n_negative=1, undetermined=np.arange(20) < 3)
    for row in rows[:3]:
        row["loss"] = 99.0
    frame = summary(rows)
    assert pick(frame, "D7", f"{TENTH}, within problems")["estimate"] == pytest.approx(-1)
    assert pick(frame, "D7", f"{TENTH}, points with undetermined counts too", problem="classifier")["estimate"] > -0.9


def test_the_pooled_rank_correlation_weighs_problems_by_their_points():
    rows = network(30, problem="p0", loss=np.arange(30), lowest_tenth=np.arange(30), n_negative=1)
    rows += network(10, problem="p1", loss=np.arange(10), lowest_tenth=-np.arange(10), n_negative=1)
    assert pick(summary(rows), "D7", f"{TENTH}, within problems")["estimate"] == pytest.approx(0.5)


def test_flat_runs_are_counted_in_every_problem_and_beside():
    rows = network(40, flat_iterates=np.arange(40) % 4, measured=10, filtered=np.arange(40) < 10,
                   flat_iterates_lifted=np.arange(40) % 2, flat=np.arange(40) == 3)  # fmt: skip
    rows += network(40, finder="gradient_norm", measured=5, filtered=False)
    frame = summary(rows + linear(20, flat_iterates=1, measured=1, members="1"))
    name = "share of runs gradient-flat at some iterate"
    found, beside = (pick(frame, "D3", name, problem="classifier", finder=one) for one in ("all", "newton_mr"))
    expected = share(np.arange(80) < 30)
    assert (found["estimate"], found["ci_low"], found["ci_high"]) == (expected.value, expected.low, expected.high)
    assert (beside["estimate"], beside["judged"]) == (0.75, False)
    assert judged(frame, "D3") == ["classifier"]
    shares = {"share of runs gradient-flat where they stopped": 1 / 80,
              "share of runs that passed gradient-flat iterates and ended critical": 7 / 80,
              "share of runs gradient-flat at some iterate, by the shortest step": 20 / 80,
              "share of gradient-flat iterates among those measured": 60 / 600}  # fmt: skip
    for statistic, value in shares.items():
        assert pick(frame, "D3", statistic, problem="classifier")["estimate"] == pytest.approx(value), statistic


def test_nothing_gives_nothing_and_nothing_filtered_is_not_judged():
    assert summary().empty
    blank = {"filtered": False, "distinct": None, "n_negative": None, "loss": np.nan, "index": np.nan, "found_index": np.nan}
    rows = [row for make in (network, linear) for row in make(25, **blank)]
    frame = summary(rows)
    assert set(frame[frame["judged"]]["claim"]) == {"D3"}
    assert frame[frame["claim"].isin(["D1", "D2", "D4", "D5", "D7"])]["estimate"].isna().all()


def test_rows_of_other_claims_come_last_and_a_repetition_gives_the_same(one):
    rows, frame = one
    extra = {"claim": "D6", "statistic": "s", "problem": "all", "finder": "sgd", "hidden": 5, "estimate": 1.0,
             "ci_low": 0.0, "ci_high": 2.0, "n": 9, "judged": True}  # fmt: skip
    again = summary(rows, extra=[extra])
    assert again.iloc[-1].to_dict() == extra
    assert again.iloc[:-1].drop(columns="hidden").equals(frame.drop(columns="hidden"))
