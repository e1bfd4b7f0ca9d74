import jax.numpy as jnp
import numpy as np
import pytest

import oracles
from stationary.landscapes.linear_autoencoder import linear_autoencoder, two_layer_linear
from stationary.landscapes.protocol import Landscape

GENERATOR = np.random.default_rng(0)
X, Y = GENERATOR.normal(size=(30, 5)), GENERATOR.normal(size=(30, 3))
THETA = GENERATOR.normal(size=(4, 2 * 8))


@pytest.fixture
def net():
    return two_layer_linear(X, Y, hidden=2, weight=1 / 3)


def test_it_is_a_landscape(net):
    assert isinstance(net, Landscape)


def test_value_gradient_and_hessian_agree_with_jax_on_the_sample(net):
    def loss(theta, _):
        return jnp.mean((Y - X @ theta[:10].reshape(2, 5).T @ theta[10:].reshape(3, 2).T) ** 2)

    value, gradient, hessian = oracles.differentiate(loss, jnp.asarray(THETA), jnp.zeros(4))
    np.testing.assert_allclose(net.value(THETA), value, rtol=1e-12)
    np.testing.assert_allclose(net.gradient(THETA), gradient, atol=1e-12)
    np.testing.assert_allclose(net.hessian(THETA), hessian, atol=1e-12)
    assert np.array_equal(net.hessian(THETA), net.hessian(THETA).swapaxes(1, 2))


def test_derivatives_agree_with_differences_and_products_with_the_hessian(net):
    vector = np.random.default_rng(1).normal(size=THETA.shape)
    np.testing.assert_allclose(net.gradient(THETA), oracles.central_differences(net.value, THETA), atol=1e-7)
    np.testing.assert_allclose(net.hessian(THETA), oracles.central_differences(net.gradient, THETA), atol=1e-7)
    np.testing.assert_allclose(net.hvp(THETA, vector), np.matvec(net.hessian(THETA), vector), atol=1e-12)


def test_a_replica_does_not_know_its_stack(net):
    for name in ("value", "gradient", "hessian", "gradient_scale"):
        assert np.array_equal(getattr(net, name)(THETA[2:3]), getattr(net, name)(THETA)[2:3])


def test_the_scale_bounds_the_gradient_up_to_the_residual_and_never_vanishes(net):
    """Cauchy-Schwarz: ||g|| <= 2w (mean ||J||^2 mean ||residual||^2)^(1/2)."""
    residual, target = net.value(THETA) / net.weight, np.trace(net.s_yy)
    bound = net.gradient_scale(THETA) * np.sqrt(residual / target)
    assert (np.linalg.norm(net.gradient(THETA), axis=1) <= bound).all()
    assert net.gradient_scale(np.zeros((1, 16)))[0] > 0


def test_the_autoencoder_removes_means_and_averages_over_outputs():
    sample = np.random.default_rng(2).normal(size=(40, 5)) + 3.0
    net = linear_autoencoder(sample, hidden=2)
    centred = sample - sample.mean(axis=0)
    np.testing.assert_allclose(net.value(np.zeros((1, 20))), (centred**2).mean(), rtol=1e-12)
