import numpy as np
import pytest

from stationary import spectra
from stationary.landscapes.linear_autoencoder import linear_autoencoder, two_layer_linear
from stationary.theory import baldi_hornik


def regression(hidden, inputs=6, outputs=4):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(80, inputs)) @ generator.normal(size=(inputs, inputs))
    y = x @ generator.normal(size=(inputs, outputs)) + generator.normal(size=(80, outputs))
    return two_layer_linear(x, y, hidden=hidden)


def theory_of(net):
    return baldi_hornik.critical_points(net.s_xx, net.s_yx, net.s_yy, hidden=net.hidden, weight=net.weight)


@pytest.mark.parametrize("hidden", [1, 2, 4])
def test_every_index_set_of_a_regression_has_the_loss_and_inertia_that_the_hessian_shows(hidden):
    net = regression(hidden)
    theory = theory_of(net)
    sets = theory.sets()
    theta = theory.representatives(sets)
    eigenvalues = np.linalg.eigvalsh(net.hessian(theta))
    counted = spectra.inertia(eigenvalues, null_band=spectra.rounding_band(eigenvalues))
    np.testing.assert_allclose(net.gradient(theta), 0.0, atol=1e-11)
    np.testing.assert_allclose(net.value(theta), theory.loss(sets), rtol=1e-12)
    np.testing.assert_array_equal(counted.n_negative, theory.n_negative(sets))
    np.testing.assert_array_equal(counted.n_null, theory.n_null(sets))


def test_a_hundred_sets_of_the_published_autoencoder():
    sample = np.random.default_rng(1).normal(size=(10_000, 16)) * np.sqrt(np.arange(1.0, 17.0))
    net = linear_autoencoder(sample, hidden=4)
    theory = theory_of(net)
    sets = theory.sets()[:: 2517 // 100]
    theta = theory.representatives(sets)
    eigenvalues = np.linalg.eigvalsh(net.hessian(theta))
    counted = spectra.inertia(eigenvalues, null_band=spectra.rounding_band(eigenvalues))
    np.testing.assert_allclose(net.value(theta), theory.loss(sets), rtol=1e-12)
    np.testing.assert_array_equal(counted.n_negative, theory.n_negative(sets))
    np.testing.assert_array_equal(counted.n_null, theory.n_null(sets))


def test_points_anywhere_on_an_orbit_are_matched_to_their_set():
    net = regression(3)
    theory = theory_of(net)
    sets = theory.sets()
    theta = theory.representatives(sets)
    turn = np.random.default_rng(2).normal(size=(3, 3))
    encoder = turn @ theta[:, :18].reshape(-1, 3, 6)
    decoder = theta[:, 18:].reshape(-1, 4, 3) @ np.linalg.inv(turn)
    moved = np.concatenate([encoder.reshape(len(sets), -1), decoder.reshape(len(sets), -1)], axis=1)
    found = theory.match(moved)
    np.testing.assert_array_equal(found.members, sets)
    assert found.distance.max() < 1e-12
    assert theory.match(moved + 0.1).distance.min() > 1e-3


def test_only_the_largest_eigenvalues_make_a_minimum():
    theory = theory_of(regression(2))
    sets = theory.sets()
    minima = sets[theory.n_negative(sets) == 0]
    np.testing.assert_array_equal(minima, [[True, True, False, False]])


@pytest.mark.parametrize(
    ("s_xx", "s_yx", "says"),
    [
        (np.eye(2), np.ones((3, 2)), "inputs as outputs"),
        (np.diag([1.0, 0.0]), np.eye(2), "full rank"),
        (np.eye(2), np.eye(2), "distinct"),
    ],
)
def test_where_the_theory_does_not_hold_it_says_so(s_xx, s_yx, says):
    with pytest.raises(ValueError, match=says):
        baldi_hornik.critical_points(s_xx, s_yx, np.eye(len(s_yx)), hidden=1)
