"""The softmax classifier against JAX, differences and directions known to be flat."""

from functools import cache

import numpy as np
import pytest

import classifier_oracles
import oracles
from stationary.landscapes import deep_curvature
from stationary.landscapes.mlp_classifier import MLPClassifier
from stationary.landscapes.protocol import Landscape

SETTINGS = [("relu", 0.0), ("tanh", 1e-2)]  # what the penalty adds does not depend on the activation


@cache
def problem(activation, l2):
    """Landscape with one constant input, theta [3, P], vector [3, P]."""
    rng = np.random.default_rng(len(activation))
    x = rng.integers(0, 17, size=(40, 6)) / 16.0
    x[:, 2] = 0.25
    labels = rng.integers(0, 4, size=40)
    landscape = MLPClassifier(x, labels, width=5, activation=activation, l2=l2, classes=4)
    theta, vector = rng.normal(size=(2, 3, landscape.n_parameters))
    return landscape, theta, vector


@cache
def derivatives(activation, l2):
    """JAX's value, gradient and Hessian there."""
    landscape, theta, _ = problem(activation, l2)
    loss = classifier_oracles.loss(landscape.layout, landscape.x, landscape.labels, activation=activation, l2=l2)
    return oracles.differentiate(loss, theta, np.zeros((3, 1)))


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: "-".join(map(str, setting)))
def case(request):
    return *problem(*request.param), derivatives(*request.param)


def assert_close(ours, reference, tolerance=1e-12):
    assert np.abs(ours - reference).max() <= tolerance * np.abs(reference).max()


def test_value_gradient_and_hessian_are_those_of_jax(case):
    landscape, theta, _, (value, gradient, hessian) = case
    assert isinstance(landscape, Landscape)
    assert_close(landscape.value(theta), value)
    assert_close(landscape.gradient(theta), gradient)
    assert_close(landscape.hessian(theta), hessian)


def test_hessian_is_the_difference_of_gradients(case):
    """Kinks are farther than the step, so that the differences are smooth."""
    landscape, theta, _, _ = case
    step = 1e-6
    assert not (landscape.kink_margin(theta) < 4 * step).any()
    for row in range(theta.shape[0]):
        shifted = step * np.eye(theta.shape[1])
        difference = (landscape.gradient(theta[row] + shifted) - landscape.gradient(theta[row] - shifted)) / (2 * step)
        assert_close(landscape.hessian(theta[row : row + 1])[0], difference, 1e-7)


def test_hessian_is_symmetric_to_the_last_bit_and_gives_the_product(case):
    landscape, theta, vector, _ = case
    hessian = landscape.hessian(theta)
    np.testing.assert_array_equal(hessian, hessian.swapaxes(1, 2))
    assert_close(landscape.hvp(theta, vector), np.matvec(hessian, vector))


def test_a_replica_does_not_depend_on_its_stack(case):
    landscape, theta, vector, _ = case
    for method in (landscape.gradient, landscape.hessian, lambda rows: landscape.hvp(rows, vector[: len(rows)])):
        np.testing.assert_array_equal(method(theta)[:1], method(theta[:1]))


def test_samples_may_be_added_up_in_chunks(case, monkeypatch):
    landscape, theta, _, (_, _, hessian) = case
    monkeypatch.setattr(deep_curvature, "CHUNK_BYTES", 20_000)
    assert_close(landscape.hessian(theta), hessian)


def test_the_gradient_scale_is_that_of_jaxs_jacobian(case):
    landscape, theta, _, _ = case
    jacobian = classifier_oracles.jacobian(landscape, theta)
    expected = np.sqrt((jacobian**2).sum(axis=(2, 3)).mean(axis=1) * (1 - 1 / landscape.classes))
    np.testing.assert_allclose(landscape.gradient_scale(theta), expected, rtol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_structural_directions_are_null_to_rounding(activation):
    """A constant input, a unit switched off by its bias, and the softmax shift."""
    landscape, theta, _ = problem(activation, 0.0)
    theta = theta.copy()
    theta[0, 6] = -50.0  # bias of the first unit
    counts = landscape.n_structural(theta)
    n, d, c = 5, 6, 4
    off = 1 if activation == "relu" else 0
    assert counts[0] == off * (d + 1 + c) + (n - off) + (n - off + 1)
    for row in range(3):
        basis = landscape.structural_basis(theta[row])
        assert basis.shape == (landscape.n_parameters, counts[row])
        np.testing.assert_allclose(basis.T @ basis, np.eye(counts[row]), atol=1e-14)
        hessian = landscape.hessian(theta[row : row + 1])[0]
        assert np.abs(hessian @ basis).max() < 1e-14 * max(1.0, np.abs(hessian).max())
        assert np.abs(landscape.gradient(theta[row : row + 1]) @ basis).max() < 1e-14


def test_a_penalty_leaves_no_null_direction():
    landscape, theta, _ = problem("tanh", 1e-2)
    assert landscape.n_structural(theta).tolist() == [0, 0, 0]
    assert landscape.structural_basis(theta[0]).shape == (landscape.n_parameters, 0)


def test_kink_margin_is_the_smallest_preactivation_and_smooth_units_have_none():
    landscape, theta, _ = problem("relu", 0.0)
    kernels = theta[:, :35].reshape(3, 5, 7)
    z = np.einsum("rij,sj->ris", kernels[:, :, :-1], landscape.x) + kernels[:, :, -1:]
    np.testing.assert_allclose(landscape.kink_margin(theta), np.abs(z).min(axis=(1, 2)), atol=1e-14)
    assert np.isnan(problem("tanh", 0.0)[0].kink_margin(theta)).all()


def test_large_logits_do_not_overflow():
    landscape, theta, _ = problem("relu", 0.0)
    value, gradient = landscape.value_and_gradient(1e4 * theta)
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()


def test_squared_error_is_that_of_the_labels_as_unit_vectors():
    landscape, theta, _ = problem("tanh", 1e-2)
    squares = MLPClassifier(landscape.x, landscape.labels, width=5, activation="tanh", classes=4, loss="squared_error")
    evaluate = classifier_oracles.logits(landscape.layout, "tanh")
    target = np.eye(4)[landscape.labels]
    value, gradient, hessian = oracles.differentiate(
        lambda point, _: ((evaluate(point, landscape.x) - target) ** 2).mean(), theta, np.zeros((3, 1))
    )
    assert_close(squares.value(theta), value)
    assert_close(squares.gradient(theta), gradient)
    assert_close(squares.hessian(theta), hessian)
    assert squares.n_structural(theta).tolist() == [5, 5, 5]  # the constant input of every unit; no shift
    assert np.abs(squares.hessian(theta)[0] @ squares.structural_basis(theta[0])).max() < 1e-13
    np.testing.assert_array_equal(squares.error(theta), landscape.error(theta))
