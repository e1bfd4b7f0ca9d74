import numpy as np
import pytest
from tests.saddle_problems import PROBLEMS

from stationary.experiments import saddle_problem


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_mean_of_minibatches_is_the_whole(name):
    problem = PROBLEMS[name]
    here = saddle_problem.loss(problem)
    theta = saddle_problem.random_starts(problem, here.whole.layout, "test", range(3))
    halves = np.split(np.arange(here.samples), 2)
    parts = [here.part(rows) for rows in halves]
    # The linear sample has its means removed as a whole: its halves keep theirs, and still average to it.
    np.testing.assert_allclose(np.mean([part.value(theta) for part in parts], axis=0), here.whole.value(theta), rtol=1e-12)
    np.testing.assert_allclose(
        np.mean([part.gradient(theta) for part in parts], axis=0), here.whole.gradient(theta), rtol=1e-10, atol=1e-14
    )


def test_starts_depend_on_their_number_alone():
    problem = PROBLEMS["classifier-2x2-2"]
    layout = saddle_problem.loss(problem).whole.layout
    whole = saddle_problem.random_starts(problem, layout, "test", range(6))
    assert (whole[4:] == saddle_problem.random_starts(problem, layout, "test", [4, 5])).all()
    bound = np.concatenate([np.full(block.size, block.shape[1] ** -0.5) for block in layout])
    assert (np.abs(whole) <= bound).all()
    assert (np.abs(whole).max(axis=0) > 0.3 * bound).all()


def test_random_labels_are_the_labels_in_another_order():
    problem = PROBLEMS["deep_random_labels"]
    shuffled = saddle_problem.loss(problem).whole.loss.labels
    plain = saddle_problem.loss(problem.model_copy(update={"kind": "classifier"})).whole.loss.labels
    assert sorted(shuffled) == sorted(plain)
    assert (shuffled != plain).any()


def test_the_linear_sample_has_the_published_covariance():
    problem = PROBLEMS["linear_autoencoder"].model_copy(update={"samples": 20_000})
    covariance = saddle_problem.loss(problem).whole.s_xx
    np.testing.assert_allclose(covariance, np.diag([1.0, 2.0, 3.0, 4.0]), atol=0.15)
