import jax
import numpy as np
import pytest

import oracles
from stationary.landscapes.activations import ACTIVATIONS, derivatives

Z = np.array([-3.0, -0.7, 0.0, 0.2, 2.5])


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_derivatives_are_those_of_jax(name):
    function = oracles.ACTIVATIONS[name]
    for ours in derivatives(name, Z, 4):
        np.testing.assert_allclose(ours, jax.vmap(function)(Z), rtol=1e-13, atol=1e-14)
        function = jax.grad(function)


@pytest.mark.parametrize(("name", "relative"), [("gaussian", 1e-12), ("softplus", 1e-13), ("swish", 1e-13)])
@pytest.mark.parametrize("z", [-30.0, -8.0, 8.0, 30.0])
def test_tails_keep_their_relative_accuracy(name, relative, z):
    for order, ours in enumerate(derivatives(name, np.array(z), 4)):
        assert float(ours) == pytest.approx(oracles.activation_derivative(name, z, order), rel=relative, abs=0)


@pytest.mark.parametrize("z", [-30.0, -8.0, 0.5, 8.0, 30.0])
def test_saturated_tanh_is_flat_to_rounding(z):
    for order, ours in enumerate(derivatives("tanh", np.array(z), 4)):
        assert float(ours) == pytest.approx(oracles.activation_derivative("tanh", z, order), rel=1e-13, abs=2e-15)


@pytest.mark.parametrize("order", range(5))
def test_as_many_derivatives_as_asked_for(order):
    assert all(len(derivatives(name, Z, order)) == order + 1 for name in ACTIVATIONS)
