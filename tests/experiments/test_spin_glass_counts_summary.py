"""S5 and S6 against sums made by hand on invented critical points."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stationary import tables
from stationary.experiments.spin_glass_counts_summary import rows
from stationary.experiments.spin_glass_tables import COMPLEXITY, CRITICAL_POINTS, SEARCH, SUMMARY

PRECISE = "share of counts with a standard error of at most 3 %"


def filled(records, schema):
    empty = {"double": 0.5, "int64": -1, "string": "homotopy", "bool": True}
    base = {field.name: [] if pa.types.is_list(field.type) else empty[str(field.type)] for field in schema}
    frame = pd.DataFrame([{**base, **record} for record in records], columns=schema.names)
    return tables.from_columns({name: frame[name].tolist() for name in schema.names}, schema)


def summary(counts, exact, *, p=4, size=5, complete=None, energy=lambda _, index: float(index) - 9.0):
    """counts[draw][index] critical points, all with negative energy."""
    points = [
        {"p": p, "size": size, "draw": d, "index": k, "energy": energy(d, k), "twin": False}
        for d, of_draw in enumerate(counts)
        for k, number in enumerate(of_draw)
        for _ in range(number)
    ]
    complete = complete or [True] * len(counts)
    search = [
        {"p": p, "size": size, "draw": d, "complete": ok, "real_pairs": 5, "newton_pairs": 5 - d % 2 if d < 4 else -1}
        for d, ok in enumerate(complete)
    ]
    theory = [{"p": p, "size": size, "kind": "count", "k": k, "expected_count": value} for k, value in enumerate(exact)]
    made = rows(filled(points, CRITICAL_POINTS), filled(search, SEARCH), filled(theory, COMPLEXITY), seed=0)
    table = tables.from_columns({name: [row[name] for row in made] for name in SUMMARY.names}, SUMMARY)
    return table.to_pandas()


def pick(frame, statistic, **where):
    chosen = frame["statistic"] == statistic
    for name in ("p", "size", "index"):
        chosen &= frame[name] == where[name] if name in where else frame[name].isna()
    assert chosen.sum() == 1
    return frame[chosen].iloc[0]


def test_z_is_the_mean_less_the_exact_over_the_standard_error():
    counts = [[40 + d % 2, 30, 30, 30, 30 + d % 3] for d in range(12)]
    frame = summary(counts, [40.0, 30.0, 30.0, 30.0, 30.0])
    row = pick(frame, "z of counted against exact", p=4, size=5, index=0)
    error = np.std([40, 41] * 6, ddof=1) / np.sqrt(12)
    assert row["estimate"] == pytest.approx(0.5 / error)
    assert row["judged"]
    assert row["n"] == 12
    assert pick(frame, PRECISE)["estimate"] == 1.0
    assert pick(frame, PRECISE)["judged"]


def test_a_constant_count_is_infinitely_far_from_another_mean():
    frame = summary([[40, 30, 0]] * 8, [40.0, 31.0, 0.5], size=3)
    scores = [pick(frame, "z of counted against exact", p=4, size=3, index=k)["estimate"] for k in range(3)]
    assert scores == [0.0, -np.inf, -np.inf]
    adjusted = [pick(frame, "Holm-adjusted p of z", p=4, size=3, index=k)["estimate"] for k in range(3)]
    assert adjusted == [1.0, 0.0, 0.0]


def test_incomplete_draws_are_left_out_and_counted():
    counts = [[20 + d % 2] * 5 for d in range(10)] + [[90] * 5] * 2
    frame = summary(counts, [20.0] * 5, complete=[True] * 10 + [False] * 2)
    complete = pick(frame, "share of draws that pass every completeness check")
    assert (complete["estimate"], complete["judged"]) == (pytest.approx(10 / 12), True)
    assert pick(frame, "draws left out as incomplete", p=4, size=5)["estimate"] == 2
    assert pick(frame, "counted mean", p=4, size=5, index=2)["estimate"] == pytest.approx(20.5)
    missed = pick(frame, "share of draws in which Newton from random starts missed a pair", p=4, size=5)
    assert (missed["estimate"], missed["n"]) == (0.5, 4)


def test_three_spins_are_judged_below_half_of_the_indices_only():
    counts = [[40 + d % 2] * 5 for d in range(12)]
    frame = summary(counts, [40.0] * 5, p=3)
    judged = frame[(frame["statistic"] == "z of counted against exact") & frame["judged"]]
    assert judged["index"].tolist() == [0, 1, 2]


def test_imprecise_counts_are_judged_and_said_to_be_imprecise():
    counts = [[d, 40, 40, 40, 40 + d % 2] for d in range(12)]
    frame = summary(counts, [5.5, 40.0, 40.0, 40.0, 40.0])
    assert pick(frame, "z of counted against exact", p=4, size=5, index=0)["judged"]
    assert pick(frame, PRECISE)["estimate"] == pytest.approx(4 / 5)


def test_what_was_asked_for_but_not_searched_is_named():
    points, search = filled([], CRITICAL_POINTS), filled([], SEARCH)
    theory = [{"p": 4, "size": 8, "kind": "count", "k": k, "expected_count": 9.0} for k in range(-1, 8)]
    extremes = [{"p": 3, "size": 60, "kind": "count", "k": k, "expected_count": 9.0} for k in (-1, 0, 59)]
    made = rows(points, search, filled(theory + extremes, COMPLEXITY), seed=0)
    missing = [row for row in made if row["statistic"].startswith("asked for but not searched")]
    assert [(row["p"], row["size"], row["n"], row["judged"]) for row in missing] == [(4, 8, 0, False)]
    assert np.isnan(missing[0]["estimate"])


def test_layers_are_perfect_or_reversed_where_energies_are():
    counts = [[1] * 5 for _ in range(10)]
    name = "mean over draws of Spearman rho of index with energy below 0, cells of equal weight"
    assert pick(summary(counts, [1.0] * 5), name)["estimate"] == pytest.approx(1.0)
    mixed = summary(counts, [1.0] * 5, energy=lambda d, k: (-1.0) ** d * k - 9.0)
    row = pick(mixed, name)
    assert row["estimate"] == pytest.approx(0.0)
    assert row["ci_low"] < 0 < row["ci_high"]
    assert row["judged"]
    above = summary(counts, [1.0] * 5, energy=lambda _, k: -k - 1.0 if k < 3 else 100.0 * k)
    assert pick(above, name)["estimate"] == pytest.approx(-1.0)
