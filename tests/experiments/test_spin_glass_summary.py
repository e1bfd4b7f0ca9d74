"""The statistics against numbers made by hand on invented descents."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.stats

from stationary import tables
from stationary.experiments.spin_glass_summary import descent_rows, summarise
from stationary.experiments.spin_glass_tables import COMPLEXITY, CRITICAL_POINTS, DESCENTS, SEARCH, SUMMARY

E_INF = 1.632993161855452


def descents(rows):
    """A table of descents in which only what is said differs from a converged minimum."""
    frame = pd.DataFrame(
        [{**{field.name: default(field.type) for field in DESCENTS}, "termination": "converged", **row} for row in rows]
    )
    return tables.from_columns({name: frame[name].tolist() for name in DESCENTS.names}, DESCENTS)


def default(kind):
    return [] if pa.types.is_list(kind) else {"double": 0.5, "int64": 0, "string": ""}[str(kind)]


def invented(sizes=(25, 100, 400), draws=8, *, spread=1.0):
    """Two starts per draw, at the draw's mean +- 1 / size; means -E_inf + size^{-1/2} + (a known scatter) / size."""
    scatter = spread * np.linspace(-1.0, 1.0, draws)
    return [
        {"size": size, "draw": draw, "start": start, "energy": -E_INF + size**-0.5 + (scatter[draw] + (-1) ** start) / size}
        for size in sizes
        for draw in range(draws)
        for start in range(2)
    ]


def statistic(rows, claim, name, size=None):
    (found,) = [row for row in rows if (row["claim"], row["statistic"], row["size"]) == (claim, name, size)]
    return found


@pytest.fixture(scope="module")
def rows():
    return list(descent_rows(descents(invented())))


@pytest.mark.parametrize("claim", ["S2", "S7"])
def test_the_spread_within_draws_falls_as_it_was_made_to(claim, rows):
    """The spread is sqrt(2) / size in every draw, so that the slope is -1 without any of them."""
    found = statistic(rows, claim, "slope of log pooled within-draw sd of the energy against log size")
    assert [found[key] for key in ("estimate", "ci_low", "ci_high")] == pytest.approx([-1.0] * 3)
    assert (found["n"], found["judged"]) == (8, True)


def test_the_approach_to_the_threshold_has_its_t_interval_and_its_slope(rows):
    mean = statistic(rows, "S3", "mean energy + E_inf", 100)
    half = scipy.stats.t.ppf(0.975, 7) * np.linspace(-1, 1, 8).std(ddof=1) / 100 / np.sqrt(8)
    assert mean["estimate"] == pytest.approx(0.1)
    assert [mean["ci_low"], mean["ci_high"]] == pytest.approx([0.1 - half, 0.1 + half])
    slope = statistic(rows, "S3", "slope of log (mean energy + E_inf) against log size")
    assert slope["estimate"] == pytest.approx(-0.5)
    assert -0.6 < slope["ci_low"] < -0.5 < slope["ci_high"] < -0.4


def test_the_distance_from_the_published_energy_is_in_sds_of_a_new_draw(rows):
    found = statistic(rows, "S1", "distance of the mean energy from the published one, in sds of a new draw", 100)
    scale = np.linspace(-1, 1, 8).std(ddof=1) / 100 * np.sqrt(1 + 1 / 8)
    assert found["estimate"] == pytest.approx((-E_INF + 0.1 + 1.5505) / scale)
    assert found["ci_high"] - found["estimate"] == pytest.approx(scipy.stats.t.ppf(0.975, 7) / 3)
    assert found["judged"]


def test_a_published_energy_from_another_draw_is_as_far_as_student_says():
    """The statistic's own law, by simulation: a new draw lies beyond the 95 % point of t in 5 % of all cases."""
    generator, draws = np.random.default_rng(0), 8
    ours, theirs = generator.normal(size=(20_000, draws)), generator.normal(size=20_000)
    distance = (ours.mean(axis=1) - theirs) / (ours.std(axis=1, ddof=1) * np.sqrt(1 + 1 / draws))
    assert np.mean(np.abs(distance) > scipy.stats.t.ppf(0.975, draws - 1)) == pytest.approx(0.05, abs=0.005)


def test_fewer_than_eight_draws_are_not_judged_against_the_published():
    few = list(descent_rows(descents(invented(draws=3))))
    name = "distance of the mean energy from the published one, in sds of a new draw"
    assert not statistic(few, "S1", name, 25)["judged"]


@pytest.mark.parametrize(("draws", "judged"), [(7, False), (8, True)])
def test_slopes_are_judged_from_eight_draws_at_every_size(draws, judged):
    made = invented(draws=10) + [{**row, "size": 250} for row in invented(sizes=(100,), draws=draws)]
    slopes = [row for row in descent_rows(descents(made)) if row["statistic"].startswith("slope")]
    assert [row["claim"] for row in slopes] == ["S2", "S7", "S3"]
    assert [row["judged"] for row in slopes] == [judged] * 3


def test_the_variance_between_draws_is_freed_from_that_of_their_starts(rows):
    """Two starts at +- 1 / size: variance 2 / size^2, that of their mean 1 / size^2."""
    found = statistic(rows, "S1", "variance component of the energy between draws", 100)
    assert found["estimate"] == pytest.approx(max(0.0, np.linspace(-1, 1, 8).var(ddof=1) - 1.0) / 100**2)
    wide = list(descent_rows(descents(invented(spread=3.0))))
    found = statistic(wide, "S1", "variance component of the energy between draws", 100)
    assert found["estimate"] == pytest.approx((9.0 * np.linspace(-1, 1, 8).var(ddof=1) - 1.0) / 100**2)
    assert not found["judged"]


def test_minima_are_counted_over_all_ends():
    made = invented()
    for row in made[:3]:
        row["n_negative"] = 1
    made[5]["termination"] = "max_iterations"
    found = list(descent_rows(descents(made)))
    share = statistic(found, "S4", "share of end points without a negative eigenvalue")
    assert (share["estimate"], share["n"], share["judged"]) == (pytest.approx(45 / 48), 48, True)
    by_draw = statistic(found, "S4", "share of end points without a negative eigenvalue, mean over draws")
    assert (by_draw["estimate"], by_draw["n"], by_draw["judged"]) == (pytest.approx(45 / 48), 24, False)
    unfinished = statistic(found, "S4", "end points that have not converged", 25)
    assert (unfinished["estimate"], unfinished["n"], unfinished["judged"]) == (1.0, 16, False)


def test_a_mean_below_the_threshold_has_no_slope():
    made = [{**row, "energy": row["energy"] - 0.2} for row in invented()]
    slope = statistic(list(descent_rows(descents(made))), "S3", "slope of log (mean energy + E_inf) against log size")
    assert np.isnan(slope["estimate"])


def test_one_size_or_nothing_gives_no_slope_and_the_schema_holds():
    others = [tables.empty(schema) for schema in (CRITICAL_POINTS, SEARCH, COMPLEXITY)]
    table = summarise(descents(invented(sizes=(25,))), *others, seed=0)
    assert table.schema.equals(SUMMARY)
    assert np.isnan(
        statistic(table.to_pylist(), "S2", "slope of log pooled within-draw sd of the energy against log size")["estimate"]
    )
    without = summarise(tables.empty(DESCENTS), *others, seed=0).to_pylist()
    assert {"S1", "S2", "S3", "S4", "S7"}.isdisjoint(row["claim"] for row in without)
