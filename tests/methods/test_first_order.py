"""Keras' optimizers against their textbook formulas, on polynomials."""

import numpy as np
import pytest

from stationary.landscapes.polynomials import BOUNDED, stack_of
from stationary.methods.first_order import OPTIMISERS, first_order
from stationary.methods.result import Stopping

LANDSCAPE = stack_of([BOUNDED["himmelblau"], BOUNDED["cliffs"]], [3, 3])
STARTS = np.random.default_rng(0).uniform(-2, 2, size=(6, 2))
STEPS = 30


def nesterov(g, rate, state, _):
    """Sutskever et al. 2013, in Keras' form."""
    state["m"] = 0.9 * state["m"] - rate * g
    return 0.9 * state["m"] - rate * g


def adagrad(g, rate, state, _):
    """Duchi et al. 2011; Keras starts the sum at 0.1."""
    state["s"] = state["s"] + g * g if "started" in state else 0.1 + g * g
    state["started"] = True
    return -rate * g / np.sqrt(state["s"] + 1e-7)


def rmsprop(g, rate, state, _):
    """Tieleman & Hinton 2012."""
    state["s"] = 0.9 * state["s"] + 0.1 * g * g
    return -rate * g / np.sqrt(state["s"] + 1e-7)


def adadelta(g, rate, state, _):
    """Zeiler 2012."""
    state["s"] = 0.95 * state["s"] + 0.05 * g * g
    move = -np.sqrt(state["m"] + 1e-7) / np.sqrt(state["s"] + 1e-7) * g
    state["m"] = 0.95 * state["m"] + 0.05 * move * move
    return rate * move


def gradient_descent(g, rate, _, __):
    return -rate * g


def adam(g, rate, state, step):
    """Kingma & Ba 2015."""
    state["m"] = 0.9 * state["m"] + 0.1 * g
    state["s"] = 0.999 * state["s"] + 0.001 * g * g
    return -rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step) * state["m"] / (np.sqrt(state["s"]) + 1e-7)


@pytest.mark.tensorflow
@pytest.mark.parametrize("method", OPTIMISERS)
def test_every_start_follows_the_formula_at_its_own_rate(method):
    rates = np.array([0.0003, 0.001, 0.003, 0.0001, 0.0002, 0.0004]) * (100 if method == "adadelta" else 1)
    theta, state = STARTS.copy(), {"m": np.zeros((6, 2)), "s": np.zeros((6, 2))}
    for step in range(1, STEPS + 1):
        theta = theta + globals()[method](LANDSCAPE.gradient(theta), rates[:, None], state, step)
    result = first_order(LANDSCAPE, STARTS, Stopping(STEPS, 1e6), method=method, rate=rates)
    assert np.abs(theta - STARTS).max() > 1e-3
    np.testing.assert_allclose(result.theta, theta, rtol=2e-5, atol=2e-6)  # Keras keeps its constants in single precision
