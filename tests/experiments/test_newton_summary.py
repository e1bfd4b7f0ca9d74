"""The statistics against counts made by hand on invented runs."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stationary import tables
from stationary.experiments.newton_summary import summarise
from stationary.experiments.newton_tables import LINEAR, RUNS, SUMMARY


def _runs(rows):
    """A table of runs in which only what is said differs from a converged failure."""
    base = {field.name: _default(field.type) for field in RUNS}
    base |= {"family": "main", "problem": "regression", "condition": "main-regression-10-sine", "target": "sine"}
    base |= {"method": "newton", "termination": "converged", "kind": "saddle", "n_negative": 1}
    frame = pd.DataFrame([{**base, **row} for row in rows])
    return tables.from_columns({name: frame[name].tolist() for name in RUNS.names}, RUNS)


def _default(kind):
    if pa.types.is_list(kind):
        return []
    return {"double": 0.5, "int64": 0, "string": "", "bool": False}[str(kind)]


def _linear():
    values = {"basis": ["hat", "hat"], "size": [4, 8], "target": ["sine", "sine"]}
    values |= {"condition_number": [10.0, 1e9], "relative_error": [1e-12, 1.0]}
    return tables.from_columns(values, LINEAR)


def _statistic(table, claim, statistic, **where):
    frame = table.to_pandas()
    chosen = (frame["claim"] == claim) & (frame["statistic"] == statistic)
    for column, value in where.items():
        chosen &= frame[column] == value
    assert chosen.sum() == 1
    return frame[chosen].iloc[0]


@pytest.fixture
def summary():
    newton = [{"seed": i, "trivial": i < 12, "kind": "flat" if i < 3 else "saddle"} for i in range(20)]
    newton += [{"seed": 20 + i, "termination": "max_iterations", "success": i == 0} for i in range(5)]
    bfgs = [{"method": "bfgs", "seed": i, "success": i != 7, "termination": "max_iterations"} for i in range(25)]
    minima = [{"method": "adam", "seed": i, "kind": "minimum", "n_negative": 0} for i in range(25)]
    sweep = [
        {"family": "sweep", "condition": f"sweep-{c}", "seed": i, "success": i >= (30 if c < 3 else 14)}
        for c in range(4)
        for i in range(30)
    ]
    return summarise(_runs(newton + bfgs + minima + sweep), _linear(), seed=0)


@pytest.mark.parametrize(
    ("claim", "statistic", "value", "n"),
    [
        ("N1", "share of starts without success", 24 / 25, 25),
        ("N2", "share trivial among converged", 12 / 20, 20),
        ("N2", "share trivial among all starts", 12 / 25, 25),
        ("N4", "share saddle among trivial", 9 / 12, 12),
        ("N4", "share flat among trivial", 3 / 12, 12),
    ],
)
def test_shares_are_the_hand_counts(summary, claim, statistic, value, n):
    row = _statistic(summary, claim, statistic, method="newton")
    assert (row["estimate"], row["n"]) == (pytest.approx(value), n)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_differences_are_paired(summary):
    row = _statistic(summary, "N5", "paired difference in success share to exact Newton", method="bfgs")
    assert row["estimate"] == pytest.approx((24 - 1) / 25)
    assert row["judged"]


def test_bad_minima_are_unsuccessful_converged_ends_without_negative_curvature(summary):
    assert _statistic(summary, "N8", "share of bad minima among all starts", method="adam")["estimate"] == 1.0
    assert _statistic(summary, "N8", "share of bad minima among all starts", method="bfgs")["estimate"] == 0.0
    assert _statistic(summary, "N8", "share of converged runs among all starts", method="bfgs")["estimate"] == 0.0
    assert _statistic(summary, "N8", "largest share of bad minima over methods and cells")["method"] == "adam"


def test_the_linear_case_leaves_ill_conditioned_bases_out(summary):
    row = _statistic(summary, "N7", "largest ||u_1 - u*|| / ||u*||")
    assert (row["estimate"], row["n"]) == (1e-12, 1)


def test_the_sweep_counts_conditions_by_their_own_intervals(summary):
    """Three conditions fail wholly; the fourth fails in 14 of 30, whose interval reaches beyond one half."""
    row = _statistic(summary, "N9", "share of sweep conditions whose failure share exceeds 1/2", method="newton")
    assert (row["estimate"], row["ci_low"], row["ci_high"], row["n"]) == (0.75, 0.75, 1.0, 4)


def test_what_cannot_be_counted_is_nan_and_the_schema_holds():
    table = summarise(_runs([{"seed": i, "termination": "max_iterations"} for i in range(20)]), _linear(), seed=0)
    assert table.schema.equals(SUMMARY)
    row = _statistic(table, "N2", "share trivial among converged", method="newton")
    assert np.isnan(row["estimate"])
    assert row["n"] == 0


def test_orthogonality_is_read_at_trivial_ends_only():
    trivial = [{"seed": i, "trivial": True, "cosine_end": 1e-9 * (i + 1), "cosine_centred": 0.2} for i in range(5)]
    constant = [{"seed": 5, "trivial": True, "cosine_end": 1e-9, "cosine_centred": float("nan"), "saturated_share": 1.0}]
    others = [{"seed": 6 + i, "cosine_end": 0.9} for i in range(20)]
    table = summarise(_runs(trivial + constant + others), _linear(), seed=0)
    plain = _statistic(table, "N3", "median largest |cos(phi_k, f)| at trivial ends")
    centred = _statistic(table, "N3", "median largest centred |cos(phi_k, f)| at trivial ends")
    assert (plain["estimate"], plain["n"]) == (pytest.approx(2.5e-9), 6)
    assert (centred["estimate"], centred["n"]) == (pytest.approx(0.2), 5)
    assert _statistic(table, "N3", "share of trivial ends whose units are all exact constants")["estimate"] == 1 / 6
    assert _statistic(table, "N3", "share fully saturated among trivial")["estimate"] == 1 / 6


def test_a_pinn_serves_n6_part_by_part_and_a_loss_search_n10():
    pinn = {"problem": "poisson", "condition": "main-poisson-10-sine"}
    rows = [{**pinn, "seed": i} for i in range(20)]
    rows += [
        {"seed": i, "method": name, "success": name != "newton"} for i in range(20) for name in ("newton", "newton_loss_search")
    ]
    frame = summarise(_runs(rows), _linear(), seed=0).to_pandas()
    assert set(frame[frame["problem"] == "poisson"]["claim"]) == {"N6"}
    assert set(frame[frame["problem"] == "poisson"]["part"]) == {"N1", "N2", "N3", "N4"}
    ten = frame[frame["claim"] == "N10"].iloc[0]
    assert (ten["estimate"], ten["judged"]) == (1.0, True)
    assert 0.5 < ten["ci_low"] < 1.0
    beside = frame[(frame["claim"] == "N1") & (frame["method"] != "newton")]
    assert not beside["judged"].any()


def test_ends_at_infinity_with_no_output_stand_beside_the_trivial_ones():
    rows = [{"seed": i, "trivial": i < 4, "output_norm": 1e-9} for i in range(10)]
    rows += [{"seed": 10 + i, "termination": "at_infinity", "output_norm": 1e-9 if i < 6 else 0.5} for i in range(10)]
    table = summarise(_runs(rows), _linear(), seed=0)
    assert _statistic(table, "N2", "share trivial, converged or at infinity, among all starts")["estimate"] == 10 / 20
