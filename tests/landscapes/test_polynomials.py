import jax.numpy as jnp
import numpy as np
import pytest

import oracles
import toys
from stationary.landscapes.polynomials import FRYE_QUARTIC, FUNCTIONS, MONKEY_SADDLE
from stationary.landscapes.protocol import Landscape

THETA = np.random.default_rng(0).uniform(-2, 2, size=(7, 2))
WRITTEN_OUT = {
    "5x^2 - y^2": lambda p, _: 5 * p[0] ** 2 - p[1] ** 2,
    "monkey_saddle": lambda p, _: p[0] ** 3 - 3 * p[0] * p[1] ** 2,
    "frye_quartic": lambda p, _: p[0] ** 4 / 4 - 3 * p[0] ** 2 + 9 * p[0] + 0.9 * p[1] ** 4 + 5 * p[1] ** 2 + 40,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_agree_with_jax_on_the_function_written_out(name):
    function = FUNCTIONS[name]
    value, gradient, hessian = oracles.differentiate(WRITTEN_OUT[name], jnp.asarray(THETA), jnp.zeros(len(THETA)))
    assert isinstance(function, Landscape)
    np.testing.assert_allclose(function.value_and_gradient(THETA)[0], value, rtol=1e-12)
    np.testing.assert_allclose(function.gradient(THETA), gradient, atol=1e-12)
    np.testing.assert_allclose(function.hessian(THETA), hessian, atol=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_hessian_agrees_with_differences_and_products(name):
    function, vector = FUNCTIONS[name], THETA[::-1]
    np.testing.assert_allclose(function.hessian(THETA), oracles.central_differences(function.gradient, THETA), atol=1e-6)
    np.testing.assert_allclose(function.hvp(THETA, vector), np.matvec(function.hessian(THETA), vector), atol=1e-12)


def test_the_monkey_saddle_is_degenerate_and_the_quartic_flat_where_they_should_be():
    assert not MONKEY_SADDLE.hessian(np.zeros((1, 2))).any()
    place = np.array([[np.sqrt(2.0), 0.0]])
    gradient, hessian = FRYE_QUARTIC.gradient(place), FRYE_QUARTIC.hessian(place)
    assert np.linalg.norm(gradient) > 3
    np.testing.assert_allclose(np.matvec(hessian, gradient), 0.0, atol=1e-12)
    assert not FRYE_QUARTIC.gradient(np.array([[-3.0, 0.0]])).any()


def test_the_quartic_is_the_one_that_finders_are_tested_on():
    np.testing.assert_allclose(FRYE_QUARTIC.value(THETA), toys.gradient_flat_quartic().value(THETA), rtol=1e-13)
