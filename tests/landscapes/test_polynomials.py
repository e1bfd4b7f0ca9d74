import jax.numpy as jnp
import numpy as np
import pytest

import oracles
import toys
from stationary.landscapes.polynomials import BOUNDED, FRYE_QUARTIC, FUNCTIONS, MONKEY_SADDLE, stack_of
from stationary.landscapes.protocol import Landscape

THETA = np.random.default_rng(0).uniform(-2, 2, size=(7, 2))
WRITTEN_OUT = {
    "5x^2 - y^2": lambda p, _: 5 * p[0] ** 2 - p[1] ** 2,
    "monkey_saddle": lambda p, _: p[0] ** 3 - 3 * p[0] * p[1] ** 2,
    "frye_quartic": lambda p, _: p[0] ** 4 / 4 - 3 * p[0] ** 2 + 9 * p[0] + 0.9 * p[1] ** 4 + 5 * p[1] ** 2 + 40,
    "himmelblau": lambda p, _: (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2,
    "six_hump_camel": lambda p, _: (
        (4 - 2.1 * p[0] ** 2 + p[0] ** 4 / 3) * p[0] ** 2 + p[0] * p[1] + 4 * (p[1] ** 2 - 1) * p[1] ** 2
    ),
    "tilted_double_well": lambda p, _: 3 * p[0] ** 4 + 4 * p[0] ** 3 - 12 * p[0] ** 2 + 12 * p[1] ** 2,
    "plateau": lambda p, _: p[0] ** 6 / 6 - 2 * p[0] ** 5 / 5 + p[1] ** 2 / 2,
    "cliffs": lambda p, _: 50 * (p[1] - p[0] ** 2) ** 2 + (3 * p[0] ** 4 + 4 * p[0] ** 3 - 12 * p[0] ** 2) / 2,
}
ALL = FUNCTIONS | BOUNDED


@pytest.mark.parametrize("name", ALL)
def test_derivatives_agree_with_jax_on_the_function_written_out(name):
    function = ALL[name]
    value, gradient, hessian = oracles.differentiate(WRITTEN_OUT[name], jnp.asarray(THETA), jnp.zeros(len(THETA)))
    assert isinstance(function, Landscape)
    np.testing.assert_allclose(function.value_and_gradient(THETA)[0], value, rtol=1e-12)
    np.testing.assert_allclose(function.gradient(THETA), gradient, atol=1e-12)
    np.testing.assert_allclose(function.hessian(THETA), hessian, atol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_hessian_agrees_with_differences_and_products(name):
    function, vector = ALL[name], THETA[::-1]
    np.testing.assert_allclose(function.hessian(THETA), oracles.central_differences(function.gradient, THETA), atol=1e-5)
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


def test_functions_side_by_side_are_bitwise_themselves():
    """Of any stack: each block has the numbers that its function gives alone."""
    stack, theta = stack_of(list(BOUNDED.values()), [7] * len(BOUNDED)), np.tile(THETA, (len(BOUNDED), 1))
    for block, function in enumerate(BOUNDED.values()):
        rows = np.arange(7 * block, 7 * block + 7)
        for whole in (stack, stack.take(rows)):
            here = slice(None) if whole is not stack else rows
            points = theta if whole is stack else theta[rows]
            np.testing.assert_array_equal(whole.value(points)[here], function.value(THETA))
            np.testing.assert_array_equal(whole.gradient(points)[here], function.gradient(THETA))
            np.testing.assert_array_equal(whole.hessian(points)[here], function.hessian(THETA))
