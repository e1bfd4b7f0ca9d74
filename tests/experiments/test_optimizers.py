"""The experiment on polynomials and fits at toy size."""

import numpy as np
import pytest

from stationary.config.newton import NewtonSettings
from stationary.config.optimizers import OptimizerSettings
from stationary.datasets import targets
from stationary.experiments import newton_problem, optimizers, optimizers_fits, optimizers_methods, optimizers_widths
from stationary.experiments import optimizers_landscapes as plane
from stationary.experiments.optimizers_meter import Meeting, Metered, Trace
from stationary.landscapes.polynomials import BOUNDED
from stationary.methods.result import Stopping
from stationary.methods.steepest_descent import steepest_descent
from stationary.methods.truncated_newton import truncated_newton

SETTINGS = OptimizerSettings(
    starts=20,
    rate_starts=2,
    budget=60,
    grid=5,
    fit_starts=5,
    fit_rate_starts=1,
    widths=(2, 4),
    width_starts=3,
    random_targets=2,
)


def test_levels_are_those_of_the_closed_forms():
    levels = {name: (plane.known(name).lowest, plane.known(name).gap) for name in ("tilted_double_well", "plateau", "cliffs")}
    assert levels == {
        "tilted_double_well": (-32.0, 27.0),
        "plateau": pytest.approx((-32 / 15, 32 / 15)),
        "cliffs": (-16.0, 13.5),
    }
    table = plane.table().to_pandas()
    lowest = table[table["is_global"]].groupby("landscape").size().to_dict()
    assert lowest == {"himmelblau": 4, "six_hump_camel": 2, "tilted_double_well": 1, "plateau": 1, "cliffs": 1}


def test_boxes_hold_all_points_and_the_tolerance_tells_them_apart():
    for name, box in plane.BOXES.items():
        points = plane.known(name).points
        low, high = np.array(box).T
        assert ((low <= points) & (points <= high)).all()
        apart = np.linalg.norm(points[:, None] - points, axis=2) + 9 * np.eye(len(points))
        assert apart.min() > 2 * plane.TOLERANCE
        np.testing.assert_array_equal(plane.nearest(name, points + 0.05), np.arange(len(points)))
        assert (plane.nearest(name, points + 50.0) == -1).all()


@pytest.mark.parametrize("method", [steepest_descent, truncated_newton])
def test_the_meter_agrees_with_the_ledger_and_changes_nothing(method):
    function, starts = BOUNDED["himmelblau"], plane.starts("himmelblau", "start", range(6), 0)
    meeting, trace = Meeting(np.full(6, 0.1)), Trace(6)
    result, plain = (method(one, starts, Stopping(200, 300.0)) for one in (Metered(function, meeting), function))
    np.testing.assert_array_equal(result.theta, plain.theta)
    assert (meeting.cost <= result.cost).all()
    method(Metered(function, trace), starts, Stopping(200, 300.0))
    np.testing.assert_array_equal(trace.cost_to(0.1), meeting.cost)
    np.testing.assert_array_equal(trace.lowest(), function.value(result.theta))  # both search for lower values alone
    for run in range(6):  # cut off right at that cost it is there, and not much before
        budget = meeting.cost[run]
        early, again = Meeting(np.array([0.1])), Meeting(np.array([0.1]))
        method(Metered(function, early), starts[run : run + 1], Stopping(200, budget - 2.0))
        method(Metered(function, again), starts[run : run + 1], Stopping(200, budget + 2.0))
        assert again.cost == budget
        assert not early.cost < budget


@pytest.mark.tensorflow
def test_runs_share_starts_and_traps_are_ends_above_the_margin_that_never_met_the_target():
    found = optimizers.run(SETTINGS, 0)
    runs = found.runs.to_pandas()
    assert len(runs) == 10 * 5 * 20
    assert (runs.groupby(["landscape", "start"])[["x_start", "y_start"]].nunique() == 1).all(axis=None)
    assert set(runs.loc[runs["learning_rate"].isna(), "method"]) == set(optimizers_methods.WITHOUT_RATE)
    trapped = runs[runs["trapped"]]
    assert len(trapped) > 0
    assert (trapped["excess"] > plane.MARGIN).all()
    assert trapped["cost_to_target"].isna().all()
    assert runs.loc[runs["at_other_point"], "trapped"].all()
    assert (runs["cost"] <= SETTINGS.budget + 25).all()
    basins = found.basins.to_pandas()
    assert len(basins) == 3 * 2 * 25
    newton = basins[(basins["method"] == "truncated_newton") & (basins["landscape"] == "himmelblau")]
    assert newton["critical_point"].nunique() >= 4


@pytest.mark.tensorflow
def test_fits_are_those_of_the_newton_experiment():
    settings = NewtonSettings(starts=10, nodes=31, first_order_iterations=40)
    conditions = [one for name, one in settings.conditions(0).items() if name.startswith("main-regression-10-")]
    table = optimizers_fits.run(conditions, SETTINGS).to_pandas()
    assert table.groupby(["condition", "method"]).size().tolist() == [5] * 2 * 5
    cell = conditions[1]
    problem = newton_problem.landscape(cell, newton_problem.coefficients(cell, range(5)))
    alone = steepest_descent(problem, newton_problem.starts(cell, range(5)), Stopping(40, 40.0))
    mine = table[(table["condition"] == cell.name) & (table["method"] == "line_search")]
    np.testing.assert_array_equal(mine["loss"], problem.value(alone.theta))
    assert (table["loss"] < 2 * table["trivial_loss"]).all()


def test_errors_by_width_are_those_of_the_targets():
    table = optimizers_widths.run(
        SETTINGS.model_copy(update={"width_iterations": 80}), nodes=41, band_limit=3, seed=0
    ).to_pandas()
    assert len(table) == 2 * 3 * 6
    best = table.groupby(["target", "width"])["relative_error_fine"].min().unstack()
    # One unit is the steep tanh itself, tanh(20 (x - 0.4)).
    assert best.loc["steep_tanh"].max() < 1e-5
    assert best.loc["sine", 4] < best.loc["sine", 2] < 0.05
    assert np.tanh(20 * (0.5 - 0.4)) == targets.target("steep_tanh", np.array([0.5]))[0]
