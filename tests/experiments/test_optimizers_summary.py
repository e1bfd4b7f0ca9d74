import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.stats

from stationary.experiments import optimizers_landscapes as plane
from stationary.experiments import optimizers_summary as summary


def estimates(rows, statistic, **where):
    chosen = [row for row in rows if row["statistic"] == statistic and all(row[key] == value for key, value in where.items())]
    return [(row["estimate"], row["ci_low"], row["ci_high"], row["n"], row["judged"]) for row in chosen]


def test_success_is_pooled_over_main_regression_cells_and_both_tables():
    newton = pa.table(
        {
            "condition": ["a"] * 4 + ["b"] * 4 + ["sweep", "pinn"],
            "method": (["adam"] * 3 + ["bfgs"]) * 2 + ["adam"] * 2,
            "success": [True, True, False, True] * 2 + [False] * 2,
            "family": ["main"] * 8 + ["sweep", "main"],
            "problem": ["regression"] * 9 + ["poisson"],
        }
    )
    fits = pa.table({"condition": ["a"] * 2, "method": ["line_search"] * 2, "success": [True, False]})
    rows = list(summary.success_rows(newton, fits))
    name = "success share on the main condition"
    (adam,) = estimates(rows, name, case="all", method="adam")
    interval = scipy.stats.binomtest(4, 6).proportion_ci(method="exact")
    assert adam == pytest.approx((4 / 6, interval.low, interval.high, 6, True))
    assert estimates(rows, name, case="all", method="bfgs")[0][-1] is False
    assert estimates(rows, name, case="a", method="line_search")[0][3:] == (2, False)


def test_himmelblau_is_not_judged_for_traps():
    runs = pd.DataFrame(
        {
            "landscape": ["himmelblau"] * 10 + ["cliffs"] * 10 + ["six_hump_camel"] * 10,
            "method": "adam",
            "trapped": [True] * 10 + [False] * 8 + [True] * 2 + [True] * 10,
            "at_other_point": False,
            "cost_to_target": [np.nan] * 10 + list(range(8)) + [np.nan] * 12,
        }
    )
    rows = list(summary.trap_rows(runs))
    assert estimates(rows, "trap rate")[0][0] == 0.6
    assert estimates(rows, "trap rate without the camel")[0][0] == 0.2
    assert estimates(rows, "trap rate on one landscape", case="himmelblau")[0][0] == 1.0
    assert sum(row["judged"] for row in rows) == 1
    assert estimates(rows, "median cost to the target, gradients", case="cliffs")[0][0] == 4.5
    assert estimates(rows, "median cost to the target, gradients", case="himmelblau")[0][0] == np.inf


def test_digits_stand_beside_and_a_run_that_never_arrives_costs_more_than_any():
    digits = pa.table(
        {
            "method": ["adam"] * 5,
            "cost_to_target": [3.0, np.nan, 5.0, np.nan, np.nan],
            "trapped": [False, True, False, True, False],  # the last one diverged
            "at_small_gradient": [False, True, False, False, False],
        }
    )
    rows = list(summary.digits_rows(digits))
    assert not any(row["judged"] for row in rows)
    found = {(row["claim"], row["statistic"]): row["estimate"] for row in rows}
    assert found == {
        ("C1", "share of runs that meet the target"): 0.4,
        ("C2", "trap rate on one landscape"): 0.4,
        ("C2", "share trapped where the gradient is small"): 0.2,
        ("C2", "median cost to the target, gradients"): np.inf,
    }


def test_counts_of_critical_points_say_what_the_claim_names():
    rows = list(summary.kind_rows(plane.table().to_pandas()))
    judged = {(row["case"], row["statistic"]): row["estimate"] for row in rows if row["judged"]}
    assert judged["himmelblau", "critical points: minimum"] == 4
    assert judged["himmelblau", "critical points: degenerate"] == 0
    assert judged["six_hump_camel", "critical points: saddle"] == 7
    assert judged["monkey_saddle", "critical points"] == judged["5x^2 - y^2", "critical points"] == 1
    assert not {case for case, _ in judged} & {"plateau", "cliffs", "tilted_double_well"}


def test_the_slope_of_an_exact_power_law_and_a_lost_run():
    widths = np.repeat([2, 4, 8], 5)
    error = 0.5 * widths**-3.0 * np.tile([1.0, 1.0, 2.0, 3.0, np.nan], 3)
    frame = pd.DataFrame({"target": "sine", "width": widths, "relative_error": error, "relative_error_fine": error})
    rows = list(summary.width_rows(frame, 0))
    ((slope, low, high, _, judged),) = estimates(rows, "log-log slope of the best relative error against width")
    assert slope == pytest.approx(-3.0)
    assert low <= slope <= high
    assert judged
    assert estimates(rows, "best relative error")[0][:3] == pytest.approx((0.5 / 512,) * 3)


@pytest.mark.parametrize(("sign", "rho"), [(1.0, 1.0), (-1.0, -1.0)])
def test_a_gap_that_follows_the_width_has_rank_correlation_one(sign, rho):
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        [
            (f"c{width}", dataset, "authors_code", width, group, group % 2, "max_iterations")
            for dataset in ("digits", "digits_noise")
            for width in (2, 5, 10, 25)
            for group in range(8)
        ],
        columns=["condition", "dataset", "setting", "width", "order_group", "split", "termination"],
    )
    frame["train_loss"] = generator.uniform(0.1, 0.2, size=len(frame))
    frame["test_loss"] = frame["train_loss"] + sign * 0.1 * frame["width"] + generator.normal(scale=1e-3, size=len(frame))
    name = "Spearman rho of width with mean test minus train loss"
    (found,) = estimates(list(summary.gap_rows(frame, 0)), name, case="digits")
    assert found[:3] == (rho, rho, rho)
    assert found[-1]
    assert not estimates(list(summary.gap_rows(frame, 0)), name, case="digits_noise")[0][-1]
