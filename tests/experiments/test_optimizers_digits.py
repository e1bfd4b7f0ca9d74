"""The ten optimisers on digits at toy size."""

import json

import jax
import numpy as np
import pytest
from scipy.optimize import minimize

import classifier_oracles
from stationary.config.optimizers import DigitsSettings
from stationary.experiments import optimizers_digits, saddle_problem
from stationary.experiments.optimizers_methods import METHODS, RATES, WITH_RATE
from stationary.landscapes.network import Block

pytestmark = pytest.mark.tensorflow

SETTINGS = DigitsSettings(samples=40, hidden=3, starts=4, rate_starts=1, budget=45)


@pytest.fixture(scope="module")
def ends():
    return optimizers_digits.run(SETTINGS, 0)


@pytest.fixture(scope="module")
def frame(ends):
    return ends.drop_columns(["theta", "layout"]).to_pandas()


@pytest.fixture(scope="module")
def loss(ends):
    """The classifier written once more, from the table's layout and the problem's samples."""
    landscape = saddle_problem.loss(optimizers_digits.problem(SETTINGS, 0)).whole
    layout = [Block(name, tuple(shape), offset) for name, shape, offset in json.loads(ends["layout"][0].as_py())]
    return classifier_oracles.loss(layout, landscape.x, landscape.loss.labels, activation="tanh", l2=1e-3)


def test_stored_points_have_the_tabled_loss_and_slope(ends, loss):
    for row in ends.to_pylist()[::3]:
        value, slope = jax.value_and_grad(loss)(np.array(row["theta"]))
        assert row["loss"] == pytest.approx(float(value), rel=1e-10)
        assert row["gradient_norm"] == pytest.approx(float(np.linalg.norm(slope)), rel=1e-8)


def test_all_ten_share_starts_and_budget(frame):
    assert frame.groupby("method").size().to_dict() == dict.fromkeys(METHODS, 4)
    assert (frame.groupby("start")["start_gradient_norm"].nunique() == 1).all()
    assert frame.groupby("start")["start_gradient_norm"].first().nunique() == 4
    # Within the budget but for the last iteration's evaluations.
    assert (frame["cost"] <= SETTINGS.budget + 25).all()
    assert set(frame.loc[frame["learning_rate"].isna(), "method"]) == set(METHODS) - set(WITH_RATE)
    assert set(frame["learning_rate"].dropna()) <= set(RATES)


def test_the_best_known_loss_is_one_that_was_seen_and_traps_never_met_the_target(frame):
    assert frame["lowest_loss"].min() == frame["best_loss"].iloc[0]
    assert frame["trivial_loss"].to_numpy() == pytest.approx(np.log(10))
    gap = frame["trivial_loss"] - frame["best_loss"]
    met = frame["lowest_loss"] <= frame["best_loss"] + 0.01 * gap
    assert met.any()
    assert not met.all()
    np.testing.assert_array_equal(frame["cost_to_target"].notna(), met)
    np.testing.assert_array_equal(frame["trapped"], ~met)


def test_the_cost_of_l_bfgs_is_what_scipy_spends(frame, loss):
    """SciPy alone, in JAX's arithmetic: the evaluation at which the target is first met."""
    slope, spent = jax.jit(jax.value_and_grad(loss)), []
    here = optimizers_digits.problem(SETTINGS, 0)
    landscape = saddle_problem.loss(here).whole
    start = saddle_problem.random_starts(here, landscape.layout, "optimizers_start", range(4))
    rows = frame[(frame["method"] == "l_bfgs") & frame["cost_to_target"].notna()]
    row = rows.iloc[0]

    def counted(theta):
        value, gradient = slope(theta)
        spent.append(float(value))
        return float(value), np.asarray(gradient)

    options = {"gtol": 0.0, "ftol": 0.0, "maxiter": SETTINGS.budget}
    minimize(counted, start[row["start"]], jac=True, method="L-BFGS-B", options=options)
    target = row["best_loss"] + 0.01 * (row["trivial_loss"] - row["best_loss"])
    assert row["cost_to_target"] == 1 + int(np.argmax(np.array(spent) <= target))


def test_a_run_does_not_depend_on_how_many_there_are(frame, monkeypatch):
    monkeypatch.setattr(optimizers_digits.ten, "METHODS", ("nesterov", "truncated_newton"))
    fewer = optimizers_digits.run(SETTINGS.model_copy(update={"starts": 2}), 0).to_pandas()
    chosen = (frame["start"] < 2) & frame["method"].isin(fewer["method"])
    same = frame[chosen].reset_index(drop=True)
    for column in ("learning_rate", "loss", "lowest_loss", "gradient_norm", "train_error", "test_error"):
        np.testing.assert_array_equal(fewer[column], same[column])
