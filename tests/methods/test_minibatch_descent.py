import numpy as np
import pytest

from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import CrossEntropy
from stationary.methods.minibatch_descent import Adam, Sgd, descend

X = np.random.default_rng(0).normal(size=(23, 4))
LABELS = np.random.default_rng(1).integers(0, 3, size=23)


def part(rows):
    return DeepNetwork(X[rows], CrossEntropy(LABELS[rows], 3), (5,), l2=1e-2)


START = np.random.default_rng(2).normal(size=part(np.arange(2)).n_parameters)


def walk(*updates, epochs=3, batch=10):
    return list(descend(part, 23, START, updates, batch=batch, epochs=epochs, stream=np.random.default_rng(3)))


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_updates_are_those_of_keras(name):
    keras = pytest.importorskip("keras")
    ours = (Sgd if name == "SGD" else Adam)([0.1])
    theirs = getattr(keras.optimizers, name)(0.1)
    variable = keras.Variable(START, dtype="float64")
    theta = START[None]
    for gradient in np.random.default_rng(4).normal(size=(6, START.size)):
        theta = theta - ours.step(gradient[None])
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    # Keras holds rate and constants in float32, where 1 - 0.999 has lost four digits.
    np.testing.assert_allclose(theta[0], np.asarray(variable), atol=1e-5)


def test_one_batch_of_everything_is_gradient_descent():
    whole, theta = part(np.arange(23)), START[None]
    for _ in range(3):
        theta = theta - 0.3 * whole.gradient(theta)
    np.testing.assert_allclose(walk(Sgd([0.3]), batch=23)[-1], theta, rtol=1e-12)


def test_every_epoch_takes_every_sample_once():
    """With the network frozen by a zero rate, the batches that were asked for are all there is to see."""
    asked = []
    list(
        descend(
            lambda rows: asked.append(rows) or part(rows), 23, START, [Sgd([0.0])], batch=10, epochs=2,
            stream=np.random.default_rng(3),
        )
    )  # fmt: skip
    assert [len(rows) for rows in asked] == [10, 10, 3] * 2
    first, second = np.concatenate(asked[:3]), np.concatenate(asked[3:])
    assert sorted(first) == sorted(second) == list(range(23))
    assert not np.array_equal(first, second)


def test_a_row_does_not_depend_on_the_rows_beside_it():
    together = walk(Sgd([0.1, 1.0]), Adam([0.01]))[-1]
    assert np.array_equal(together[[1]], walk(Sgd([1.0]))[-1])
    assert np.array_equal(together[[2]], walk(Adam([0.01]))[-1])


def test_divergence_is_data():
    assert not np.isfinite(walk(Sgd([1e200]), epochs=20)[-1]).all()
