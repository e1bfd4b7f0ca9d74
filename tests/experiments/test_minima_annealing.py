import numpy as np
import pytest

import minima_networks
from stationary.config.minima import MinimaSettings
from stationary.experiments.minima_annealing import run, training_loss
from stationary.experiments.minima_tables import RUNS
from stationary.experiments.minima_training import prepare
from stationary.methods.ensemble_measure import measure

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def images():
    return minima_networks.small_images()


def _condition(**changes):
    settings = MinimaSettings(splits=2, annealing_networks=10, annealing_steps=30, annealing_samples=40)
    return settings.annealing_conditions(3)["digits-annealing-5"].model_copy(update=changes)


def test_both_methods_cost_the_same_and_share_starts(images):
    table = run(_condition(), images)
    assert table.schema.equals(RUNS)
    frame = table.to_pandas()
    annealed, descended = (frame[frame["method"] == name].reset_index() for name in ("annealing", "sgd"))
    assert (annealed["n_train"] == 40).all()
    assert annealed["accepted"].between(0.0, 1.0).all()
    assert descended["accepted"].isna().all()
    cost = [0.5 * annealed["epochs"] * annealed["n_train"], descended["epochs"] * descended["n_train"]]
    np.testing.assert_array_equal(*cost)
    for column in ("seed", "split", "order_group"):
        assert annealed[column].tolist() == descended[column].tolist()
    assert frame["order_group"].nunique() == 3


def test_annealing_never_ends_above_its_start(images):
    condition = _condition()
    problem = prepare(condition, images, range(3), samples=40)
    before = measure(problem.x, problem.y, problem.train, problem.theta, problem.shape).loss.mean(axis=2).ravel()[:10]
    frame = run(condition, images).to_pandas()
    assert (frame[frame["method"] == "annealing"]["train_loss"].to_numpy() <= before + 1e-6).all()


def test_the_annealed_loss_is_the_measured_one(images):
    """Two routes: NumPy's here, TensorFlow's in the tables."""
    problem = prepare(_condition(), images, range(3), samples=40)
    loss = measure(problem.x, problem.y, problem.train, problem.theta, problem.shape).loss.mean(axis=2).ravel()
    value = training_loss(problem, np.arange(3))(problem.theta.reshape(-1, problem.theta.shape[2]))
    np.testing.assert_allclose(value, loss, rtol=1e-5)
