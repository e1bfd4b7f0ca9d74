import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.config.conditioning import ConditioningSettings
from stationary.datasets import images
from stationary.experiments import conditioning

SETTINGS = ConditioningSettings(runs=2, epochs=1, measured=20, hidden=4)


@pytest.fixture(scope="module")
def data():
    return images.load("digits", side=4)


@pytest.fixture(scope="module")
def steps(data):
    return conditioning.run(conditioning.perceptron(16, 4), data, SETTINGS, 0).to_pandas()


def _loss(theta, x, labels):
    first, second = theta[: 4 * 17].reshape(4, 17), theta[4 * 17 :].reshape(10, 5)
    h = jnp.tanh(x @ first[:, :-1].T + first[:, -1])
    return -jnp.mean(jax.nn.log_softmax(h @ second[:, :-1].T + second[:, -1])[jnp.arange(len(labels)), labels])


def test_the_first_row_agrees_with_jax(data, steps):
    """Slope, curvature and change of the training part and of the whole from the documented start and division."""
    theta = conditioning.start(conditioning.perceptron(16, 4), 0, 0)
    train, held_out = conditioning.divide(data, 0, 0)
    x, labels = (np.concatenate(parts) for parts in ((data.x_train, data.x_test), (data.y_train, data.y_test)))
    x, row = x.astype(float), steps.iloc[0]
    with jax.enable_x64(True):
        slope = jax.grad(_loss)(theta, x[train], labels[train])
        curvature = slope @ jax.hessian(_loss)(theta, x[train], labels[train]) @ slope
        assert row["train_loss"] == pytest.approx(float(_loss(theta, x[train], labels[train])), rel=1e-10)
        assert row["train_gradient_norm"] == pytest.approx(float(jnp.linalg.norm(slope)), rel=1e-10)
        assert row["train_curvature"] == pytest.approx(float(curvature), rel=1e-9)
        assert row["validation_loss"] == pytest.approx(float(_loss(theta, x[held_out], labels[held_out])), rel=1e-10)


def test_the_error_of_the_prediction_is_of_third_order(data):
    """A tenth of the rate: a thousandth of the error, at the same start and minibatch."""
    errors = []
    for rate in (0.02, 0.002):
        settings = SETTINGS.model_copy(update={"rate": rate, "runs": 1})
        row = conditioning.run(conditioning.perceptron(16, 4), data, settings, 0).to_pandas().iloc[0]
        errors.append(abs(row["predicted_change"] - row["actual_change"]))
    assert errors[0] / errors[1] == pytest.approx(1e3, rel=0.1)


def test_paths_are_longer_than_distances(steps):
    assert (steps["path_length"] >= steps["distance"] * (1 - 1e-12)).all()
    assert (steps.groupby("run")["distance_to_end"].first() > 0).all()
    assert steps["cosine_to_end"].abs().max() <= 1 + 1e-12


def test_measured_steps_reach_from_first_to_last(steps):
    for _, run in steps.groupby("run"):
        assert (run["step"].iloc[0], run["step"].iloc[-1], len(run)) == (0, 1437 // 32 - 1, 20)


def test_runs_do_not_depend_on_how_many_there_are(data, steps):
    alone = conditioning.run(conditioning.perceptron(16, 4), data, SETTINGS.model_copy(update={"runs": 1}), 0).to_pandas()
    assert alone.equals(steps[steps["run"] == 0])


class Bursting:
    """A loss whose gradient overflows once theta has moved."""

    def value(self, _theta):
        return 0.0

    def value_and_gradient(self, theta):
        return 0.0, np.where(theta > 0.5, np.inf, -10.0)

    def hvp(self, _theta, vector):
        return vector

    def error(self, _theta):
        return 0.5


def test_a_run_that_diverges_keeps_its_rows_and_says_so(data):
    layout = conditioning.perceptron(16, 4).layout
    found = conditioning.run(conditioning.Network("bursting", layout, lambda *_: Bursting()), data, SETTINGS, 0)
    assert set(found["termination"].to_pylist()) == {"diverged"}
    assert found.num_rows == 2
