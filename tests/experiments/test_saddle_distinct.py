"""Labels of critical points against networks whose twins are known."""

import numpy as np
import pytest

from stationary.experiments.saddle_distinct import labels, loss_reach
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import SquaredError
from stationary.methods.critical_point import damped_newton
from stationary.methods.result import Stopping
from stationary.spectra import critical_spectrum

UNITS = 3


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    return DeepNetwork(x, SquaredError(np.sin(2 * x[:, :1]) + x[:, 1:] ** 2), (UNITS,), "tanh", l2=1e-2)


@pytest.fixture(scope="module")
def critical(network):
    """Theta of several critical points, from random starts."""
    starts = np.random.default_rng(1).uniform(-1, 1, size=(20, network.n_parameters))
    found = critical_spectrum(network, damped_newton(network, starts, Stopping(60, np.inf)).theta)
    arrived = found.theta[found.gradient_norm < 1e-9]
    assert len(arrived) > 3
    return arrived


def twin(theta, order, signs):
    """The same function of a one-layer tanh network with three inputs to a unit, bias among them, and one output."""
    hidden, output = theta[: 3 * UNITS].reshape(UNITS, 3), theta[3 * UNITS :].copy()
    output[:UNITS] = (output[:UNITS] * signs)[order]
    return np.concatenate([(hidden * signs[:, None])[order].ravel(), output])


def of(network, theta):
    eigenvalues = np.linalg.eigvalsh(network.hessian(theta))
    return labels(network.value(theta), eigenvalues, np.linalg.norm(network.gradient(theta), axis=1))


def test_permuted_and_flipped_twins_share_the_lowest_row(network, critical):
    turned = np.array([twin(one, np.array([2, 0, 1]), np.array([1.0, -1.0, -1.0])) for one in critical])
    assert np.abs(turned - critical).max() > 0.1
    alone = of(network, critical)
    both = of(network, np.concatenate([critical, turned]))
    np.testing.assert_array_equal(both, np.concatenate([alone, alone]))
    assert (both <= np.arange(both.size)).all()


def test_different_critical_points_keep_labels_of_their_own(network, critical):
    """Different by a symmetry-free measure, the loss: to six digits."""
    assert len(np.unique(of(network, critical))) >= len(np.unique(np.round(network.value(critical), 6))) > 1


def test_equal_losses_do_not_make_equal_points_even_in_between():
    """Two points of one loss to rounding, found alternately."""
    loss = 0.3 + 1e-16 * np.arange(6)
    eigenvalues = np.tile([[-1.0, 2.0], [1.0, 2.0]], (3, 1))
    np.testing.assert_array_equal(labels(loss, eigenvalues, np.zeros(6)), [0, 1, 0, 1, 0, 1])


def test_the_gradient_left_and_the_softest_curvature_set_how_near_losses_must_be():
    """At a quadratic form the loss lies exactly g^T H^-1 g / 2 above or below the critical one."""
    eigenvalues = np.tile([-0.5, 1e-3, 2.0], (2, 1))
    gradient = np.array([0.0, 1e-6, 0.0])
    off = 0.5 * gradient @ (gradient / eigenvalues[0])
    norms = np.array([1e-6, 0.0])
    np.testing.assert_array_equal(labels(np.array([0.3 + off, 0.3]), eigenvalues, norms), [0, 0])
    np.testing.assert_array_equal(labels(np.array([0.3 + 1.1 * off, 0.3]), eigenvalues, norms), [0, 1])


def test_null_directions_do_not_widen_the_reach():
    assert loss_reach(np.zeros(1), np.array([[1e-18, 1.0]]), np.array([1e-6])) == pytest.approx(0.5e-12 + 1e-12)
    assert loss_reach(np.zeros(1), np.zeros((1, 2)), np.array([1e-6])) == pytest.approx(1e-12)


def test_links_are_transitive_and_what_is_not_finite_is_alone():
    eigenvalues = np.array([[1.0, 2.0], [1.0, 2.0 + 1.5e-6], [1.0, 2.0 + 3e-6], [np.nan, np.nan], [np.nan, np.nan]])
    loss = np.array([0.1, 0.1, 0.1, np.nan, np.nan])
    np.testing.assert_array_equal(labels(loss, eigenvalues, np.zeros(5)), [0, 0, 0, 3, 4])
    assert labels(np.empty(0), np.empty((0, 2)), np.empty(0)).size == 0
