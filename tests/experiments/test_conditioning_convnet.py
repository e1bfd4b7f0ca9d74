import numpy as np
import pytest

from stationary.experiments import conditioning
from stationary.experiments.conditioning_convnet import convnet

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def problem():
    draw = np.random.default_rng(0)
    network = convnet(64, 3)
    return network.loss(draw.uniform(size=(20, 64)), draw.integers(10, size=20)), conditioning.start(network, 0, 0)


def test_outputs_are_those_of_keras(problem):
    import keras

    loss, theta = problem
    first, second = theta[:30].reshape(3, 10), theta[30:].reshape(10, -1)
    layers = [
        keras.layers.Conv2D(3, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10),
    ]
    model = keras.Sequential([keras.layers.Input((8, 8, 1)), *layers])
    kernel = first[:, :-1].reshape(3, 3, 3, 1).transpose(1, 2, 3, 0)
    model.set_weights([kernel, first[:, -1], second[:, :-1].T, second[:, -1]])
    expected = model(loss.x.reshape(-1, 8, 8, 1)).numpy()
    np.testing.assert_allclose(loss.logits(theta), expected, atol=1e-5)  # Keras computes in float32


def test_derivatives_agree_with_differences(problem):
    loss, theta = problem
    direction, step = np.random.default_rng(1).normal(size=theta.size), 1e-6
    (above, slope_above), (below, slope_below) = (loss.value_and_gradient(theta + s * direction) for s in (step, -step))
    value, slope = loss.value_and_gradient(theta)
    assert value == pytest.approx(loss.value(theta), abs=1e-14)
    assert slope @ direction == pytest.approx((above - below) / (2 * step), rel=1e-7)
    expected = (slope_above - slope_below) / (2 * step)
    np.testing.assert_allclose(loss.hvp(theta, direction), expected, atol=1e-7 * np.abs(expected).max())
