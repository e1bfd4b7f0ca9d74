import numpy as np
import pytest

import oracles
from stationary.landscapes.mlp_regression import mlp_regression
from stationary.landscapes.pinn import boundary_factor, pinn

X = np.linspace(0.0, 1.0, 13)


@pytest.mark.parametrize("output_bias", [False, True])
def test_layout_names_the_blocks_in_order(output_bias):
    landscape = mlp_regression(X, X, hidden=(4, 3), output_bias=output_bias)
    assert [(block.name, block.shape, block.offset) for block in landscape.layout] == [
        ("hidden_1", (4, 2), 0),
        ("hidden_2", (3, 5), 8),
        ("output", (1, 3 + output_bias), 23),
    ]


def test_output_is_the_documented_network():
    landscape = mlp_regression(X, X, hidden=(4, 3), activation="sine", output_bias=True)
    theta = np.random.default_rng(0).normal(size=(2, landscape.n_parameters))
    evaluate = oracles.network(landscape.layout, "sine", output_bias=True)
    expected = [[float(evaluate(row, s)) for s in X] for row in theta]
    np.testing.assert_allclose(landscape.output(theta), expected, rtol=1e-13, atol=1e-14)


def test_a_pinn_with_a_known_solution_has_no_residual():
    """N = 1 gives u = sin(pi x), for which u'' - c u = -(pi^2 + c) sin(pi x)."""
    landscape = pinn(X, -(np.pi**2 + 2.0) * boundary_factor(X), hidden=(3,), output_bias=True, reaction=2.0)
    theta = np.zeros((1, landscape.n_parameters))
    theta[0, -1] = 1.0
    assert landscape.value(theta)[0] < 1e-28
