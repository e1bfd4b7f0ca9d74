"""Value, gradient, Hessian and Hessian-vector product of networks and PINNs against JAX and against differences."""

from functools import cache

import numpy as np
import pytest

import oracles
from stationary.landscapes import least_squares
from stationary.landscapes.mlp_regression import mlp_regression
from stationary.landscapes.pinn import pinn
from stationary.landscapes.protocol import Landscape

X = np.linspace(0.0, 1.0, 17)
SETTINGS = [
    (kind, hidden, activation, (place + number) % 2 == 1)
    for kind in ("regression", "pinn")
    for place, hidden in enumerate([(4,), (4, 3), (3, 2, 3)])
    for number, activation in enumerate(sorted(oracles.ACTIVATIONS))
    if len(hidden) < 3 or activation in ("gaussian", "tanh")  # what depth adds does not depend on the activation
]


@cache
def problem(kind, hidden, activation, output_bias):
    """Landscape, theta [3, P], vector [3, P], and JAX's value, gradient and Hessian; one target per replica."""
    rng = np.random.default_rng(len(hidden))
    targets = rng.normal(size=(3, X.size))
    settings = {"activation": activation, "output_bias": output_bias}
    if kind == "regression":
        landscape = mlp_regression(X, targets, hidden=hidden, **settings)
        loss = oracles.regression_loss(landscape.layout, X, **settings)
    else:
        landscape = pinn(X, targets, hidden=hidden, reaction=1.5, **settings)
        loss = oracles.pinn_loss(landscape.layout, X, reaction=1.5, **settings)
    theta, vector = rng.normal(size=(2, 3, landscape.n_parameters))
    return landscape, theta, vector, oracles.differentiate(loss, theta, targets)


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: "-".join(map(str, setting)))
def case(request):
    return problem(*request.param)


def assert_close(ours, reference, tolerance=1e-12):
    assert np.abs(ours - reference).max() <= tolerance * np.abs(reference).max()


def test_value_and_gradient_are_those_of_jax(case):
    landscape, theta, _, (value, gradient, _) = case
    assert_close(landscape.value(theta), value)
    assert_close(landscape.gradient(theta), gradient)


def test_hessian_is_that_of_jax(case):
    landscape, theta, _, (_, _, hessian) = case
    assert_close(landscape.hessian(theta), hessian)


def test_hessian_vector_product_is_that_of_jax(case):
    landscape, theta, vector, (_, _, hessian) = case
    assert_close(landscape.hvp(theta, vector), np.einsum("rij,rj->ri", hessian, vector))


def test_hessian_is_symmetric_to_the_last_bit(case):
    landscape, theta, _, _ = case
    hessian = landscape.hessian(theta)
    assert np.array_equal(hessian, hessian.swapaxes(1, 2))


def test_gradient_and_hessian_agree_with_differences(case):
    landscape, theta, _, _ = case
    assert_close(landscape.gradient(theta), oracles.central_differences(landscape.value, theta), 1e-6)
    assert_close(landscape.hessian(theta), oracles.central_differences(landscape.gradient, theta), 1e-6)


def test_residual_and_jacobian_make_the_value_and_the_gradient(case):
    landscape, theta, _, (value, gradient, _) = case
    residual, jacobian = landscape.residual_and_jacobian(theta)
    assert_close(0.5 * (residual**2).sum(axis=1), value)
    assert_close(np.einsum("rps,rs->rp", jacobian, residual), gradient)


def test_output_is_the_output_weights_times_the_basis(case):
    landscape, theta, _, _ = case
    a = theta[:, landscape.layout[-1].offset :][:, : landscape.basis(theta).shape[1]]
    without_bias = theta.copy()
    without_bias[:, landscape.layout[-1].offset + a.shape[1] :] = 0.0
    assert_close(np.einsum("rk,rks->rs", a, landscape.basis(theta)), landscape.output(without_bias))


@pytest.mark.parametrize("hidden", [(5,), (4, 3)])
def test_the_fast_route_is_the_general_route(monkeypatch, hidden):
    landscape = mlp_regression(X, np.cos(3 * X), hidden=hidden, output_bias=True)
    theta = np.random.default_rng(0).normal(size=(3, landscape.n_parameters))
    fast = landscape.hessian(theta)
    monkeypatch.setattr(least_squares, "SHALLOW", 0)
    assert_close(landscape.hessian(theta), fast, 1e-14)


def every_number(landscape, theta, vector):
    return [
        landscape.value(theta),
        landscape.gradient(theta),
        landscape.hessian(theta),
        landscape.hvp(theta, vector),
        landscape.gradient_scale(theta),
    ]


@pytest.mark.parametrize("rows", [[0], [2], [2, 0]])
def test_a_replica_does_not_know_its_stack(case, rows):
    landscape, theta, vector, _ = case
    rows = np.array(rows)
    alone = every_number(landscape.take(rows), theta[rows], vector[rows])
    for part, whole in zip(alone, every_number(landscape, theta, vector), strict=True):
        assert np.array_equal(part, whole[rows])


def test_a_hessian_does_not_know_its_chunk(monkeypatch, case):
    landscape, theta, _, _ = case
    whole = landscape.hessian(theta)
    monkeypatch.setattr(least_squares, "CHUNK_BYTES", 1)
    assert np.array_equal(landscape.hessian(theta), whole)


def test_one_target_serves_every_replica():
    shared = mlp_regression(X, np.sin(X), hidden=(3,))
    own = mlp_regression(X, np.tile(np.sin(X), (4, 1)), hidden=(3,))
    theta = np.random.default_rng(0).normal(size=(4, 9))
    assert np.array_equal(shared.hessian(theta), own.hessian(theta))


def test_it_is_a_landscape(case):
    assert isinstance(case[0], Landscape)
    assert sum(block.size for block in case[0].layout) == case[0].n_parameters


@pytest.mark.tensorflow
@pytest.mark.parametrize("setting", [("regression", (4, 3), "softplus", True), ("pinn", (4,), "tanh", False)], ids=str)
def test_tensorflow_sees_the_same_function(setting):
    import tensorflow as tf

    landscape, theta, _, (value, gradient, _) = problem(*setting)
    point = tf.Variable(theta)
    with tf.GradientTape() as tape:
        loss = landscape.value(point, tf.experimental.numpy)
    assert_close(np.asarray(loss), value)
    assert_close(np.asarray(tape.gradient(loss, point)), gradient)
