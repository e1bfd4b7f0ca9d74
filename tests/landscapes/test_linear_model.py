import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.landscapes.linear_model import BinaryCrossEntropy, LinearModel
from stationary.landscapes.output_losses import CrossEntropy, SquaredError

jax.config.update("jax_enable_x64", True)

STREAM = np.random.default_rng(3)
X, CLASSES, TARGET = STREAM.standard_normal((7, 2)), np.array([0, 1, 2, 1, 0, 2, 2]), STREAM.standard_normal((7, 2))


def outputs(theta, count):
    return theta.reshape(count, 3) @ jnp.concatenate([X.T, jnp.ones((1, 7))])


def logistic(theta):
    z = outputs(theta, 1)[0]
    return -jnp.mean(jnp.log(jnp.where(CLASSES % 2 == 1, jax.nn.sigmoid(z), 1 - jax.nn.sigmoid(z))))


def softmax(theta):
    return -jnp.mean(jax.nn.log_softmax(outputs(theta, 3), axis=0)[CLASSES, jnp.arange(7)])


def linear(theta):
    return 0.5 * jnp.mean((outputs(theta, 2) - TARGET.T) ** 2)


MODELS = {
    "logistic": (LinearModel(X, BinaryCrossEntropy(CLASSES % 2)), logistic),
    "softmax": (LinearModel(X, CrossEntropy(CLASSES, 3)), softmax),
    "linear": (LinearModel(X, SquaredError(TARGET, weight=0.5)), linear),
}


@pytest.mark.parametrize("name", MODELS)
def test_value_and_derivatives_are_those_of_jax(name):
    model, loss = MODELS[name]
    theta = STREAM.standard_normal((4, model.n_parameters))
    np.testing.assert_allclose(model.value(theta), jax.vmap(loss)(theta), rtol=1e-12)
    np.testing.assert_allclose(model.gradient(theta), jax.vmap(jax.grad(loss))(theta), atol=1e-12)
    np.testing.assert_allclose(model.hessian(theta), jax.vmap(jax.hessian(loss))(theta), atol=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_a_row_does_not_depend_on_its_stack(name):
    model, _ = MODELS[name]
    theta = STREAM.standard_normal((5, model.n_parameters))
    assert (model.hessian(theta)[2:3] == model.hessian(theta[2:3])).all()
    assert (model.gradient(theta)[2:3] == model.gradient(theta[2:3])).all()


def test_large_outputs_overflow_nothing():
    value = MODELS["logistic"][0].value(np.full((1, 3), 1e4))
    assert np.isfinite(value).all()
