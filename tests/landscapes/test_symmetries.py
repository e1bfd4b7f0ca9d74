import numpy as np
import pytest

from stationary.landscapes import symmetries
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import SquaredError

STREAM = np.random.default_rng(5)
X, TARGET = STREAM.standard_normal((9, 2)), STREAM.standard_normal((9, 2))


def network(activation, hidden=(3, 4), **settings):
    return DeepNetwork(X, SquaredError(TARGET), hidden, activation=activation, **settings)


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus"])
def test_reordered_units_compute_the_same(activation, biases):
    net = network(activation, biases=biases)
    theta = STREAM.standard_normal((2, net.n_parameters))
    moved = symmetries.permuted(net.layout, theta, [np.array([2, 0, 1]), np.array([[3, 1, 0, 2], [1, 0, 3, 2]])])
    assert not (moved == theta).all(axis=1).any()
    np.testing.assert_allclose(net.output(moved), net.output(theta), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("activation", "factors", "same"), [
    ("relu", [2.0, 0.1, 30.0], True),
    ("tanh", [-1.0, 1.0, -1.0], True),
    ("tanh", [2.0, 1.0, 1.0], False),
    ("relu", [-1.0, 1.0, 1.0], False),
])  # fmt: skip
def test_factors_leave_alone_what_the_activation_allows(activation, factors, same):
    net = network(activation)
    theta = STREAM.standard_normal((1, net.n_parameters))
    moved = symmetries.scaled(net.layout, theta, [np.array(factors), np.ones(4)])
    assert np.allclose(net.output(moved), net.output(theta), rtol=1e-12, atol=1e-13) is same


def test_tangents_are_derivatives_of_the_orbit():
    net = network("relu")
    theta, step = STREAM.standard_normal(net.n_parameters), 1e-6
    for unit, tangent in enumerate(symmetries.scale_tangents(net.layout, theta)):
        factors = [np.ones(3), np.ones(4)]
        ends = []
        for sign in (1.0, -1.0):
            changed = [factor.copy() for factor in factors]
            changed[unit // 3 if unit < 3 else 1][unit if unit < 3 else unit - 3] += sign * step
            ends.append(symmetries.scaled(net.layout, theta[None], changed)[0])
        np.testing.assert_allclose((ends[0] - ends[1]) / (2 * step), tangent, atol=1e-8)


def test_arrangements_are_all_of_them_once():
    every = symmetries.arrangements(network("tanh", hidden=(3, 3)).layout)
    assert len({tuple(np.concatenate(orders)) for orders in every}) == len(every) == 36
