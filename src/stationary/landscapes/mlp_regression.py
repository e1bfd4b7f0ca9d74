"""Regression of a function on [0, 1] by a multilayer perceptron: J = 1/2 mean (u - f)^2 on a grid."""

from __future__ import annotations

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.least_squares import LeastSquaresNetwork
from stationary.landscapes.network import Network


def mlp_regression(
    x: Array, target: Array, *, hidden: tuple[int, ...], activation: str = "tanh", output_bias: bool = False
) -> LeastSquaresNetwork:
    """The regression landscape of Rowan 2025 (arXiv 2510.11987); settings are the caller's.

    Args:
        x: grid, shape [S].
        target: f on the grid, [S], or [R, S] for one target per replica.
        hidden: units per hidden layer, depth >= 1.
        activation: ``gaussian``, ``sine``, ``softplus`` or ``tanh``.
        output_bias: whether the output has a bias.

    >>> net = mlp_regression(np.linspace(0, 1, 5), np.ones(5), hidden=(3,))
    >>> net.n_parameters, [block.shape for block in net.layout]
    (9, [(3, 2), (1, 3)])
    >>> float(net.value(np.zeros((1, 9)))[0])  # the zero function: half the mean square of the target
    0.5
    """
    network = Network(tuple(hidden), activation, output_bias, x, channels=1)
    return LeastSquaresNetwork(network, np.ones((1, network.x.size)), np.atleast_2d(np.asarray(target, dtype=np.float64)))
