"""Polishing: arrival to rounding, at saddles as at minima, and no arrival where nothing is to be reached."""

import numpy as np
import pytest
import scipy.optimize

import classifier_oracles
import toys
from stationary import spectra
from stationary.landscapes.mlp_classifier import MLPClassifier
from stationary.methods.polish import SQUARE, polish
from stationary.termination import Termination


def classifier(l2, spread=0.9, activation="tanh"):
    x, labels = classifier_oracles.blobs(spread=spread)
    return MLPClassifier(x, labels, width=3, activation=activation, l2=l2, classes=3)


def starts(landscape, number, scale=0.5):
    return scale * np.random.default_rng(1).normal(size=(number, landscape.n_parameters))


@pytest.fixture(scope="module")
def polished():
    landscape = classifier(1e-3)
    theta = starts(landscape, 3)
    return landscape, theta, polish(landscape, theta)


def test_a_penalised_network_arrives_at_a_critical_point(polished):
    landscape, theta, result = polished
    assert result.termination.tolist() == [Termination.CONVERGED] * 3
    assert ((landscape.gradient(result.theta) ** 2).sum(axis=1) < SQUARE).all()
    assert (landscape.value(result.theta) < landscape.value(theta)).all()
    assert (np.linalg.eigvalsh(landscape.hessian(result.theta))[:, 0] > 0).all()


def test_the_minimum_is_the_one_that_scipys_newton_finds_from_there(polished):
    landscape, _, result = polished
    found = scipy.optimize.root(
        lambda v: landscape.gradient(v[None])[0], result.theta[0] + 1e-4, jac=lambda v: landscape.hessian(v[None])[0]
    )
    np.testing.assert_allclose(found.x, result.theta[0], atol=1e-8)


def test_a_run_does_not_depend_on_its_stack(polished):
    landscape, theta, result = polished
    alone = polish(landscape, theta[1:2])
    np.testing.assert_array_equal(alone.theta[0], result.theta[1])
    assert (alone.iterations[0], alone.cost[0]) == (result.iterations[1], result.cost[1])


def test_a_saddle_within_newtons_reach_is_an_end_like_any_other():
    toy, centre = toys.quadratic([-2.0, 1.0, 3.0])
    result = polish(toy, centre[None] + 0.3)
    assert result.termination[0] == Termination.CONVERGED
    np.testing.assert_allclose(result.theta[0], centre, atol=1e-12)


def test_all_weights_equal_to_zero_is_a_saddle_of_the_penalised_network_and_stays_one():
    """With balanced classes the zero of tanh networks is critical: equal probabilities, no gradient through the output."""
    landscape = classifier(1e-3)
    result = polish(landscape, np.full((1, landscape.n_parameters), 1e-9))
    assert result.termination[0] == Termination.CONVERGED
    assert np.linalg.norm(result.theta) < 1e-6
    assert spectra.critical_spectrum(landscape, result.theta).eigenvalues[0, 0] < -1e-3


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_separable_data_without_a_penalty_have_nothing_to_arrive_at(activation):
    landscape = classifier(0.0, spread=0.1, activation=activation)
    result = polish(landscape, starts(landscape, 2, 1.0), max_iterations=3000)
    assert Termination.CONVERGED not in result.termination.tolist()
    assert (np.linalg.norm(result.theta, axis=1) > 20.0).all()


def test_the_budget_and_divergence_are_data():
    landscape = classifier(1e-3)
    theta = starts(landscape, 2)
    theta[1, 0] = np.nan
    result = polish(landscape, theta, max_iterations=5)
    assert result.termination.tolist() == [Termination.MAX_ITERATIONS, Termination.DIVERGED]
    assert result.iterations.tolist() == [5, 0]
