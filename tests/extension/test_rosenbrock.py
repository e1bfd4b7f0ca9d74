import jax.numpy as jnp
import numpy as np
import pytest
from valleys.rosenbrock import Rosenbrock

import oracles
from stationary.landscapes.protocol import Landscape


def written_out(x, _):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@pytest.mark.parametrize("size", [2, 5])
def test_derivatives_agree_with_jax_on_the_function_written_out(size):
    valley, theta = Rosenbrock(size), np.random.default_rng(size).uniform(-2, 2, (7, size))
    value, gradient, hessian = oracles.differentiate(written_out, jnp.asarray(theta), jnp.zeros(len(theta)))
    assert isinstance(valley, Landscape)
    np.testing.assert_allclose(valley.value(theta), value, rtol=1e-12)
    np.testing.assert_allclose(valley.gradient(theta), gradient, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(valley.hessian(theta), hessian, rtol=1e-12, atol=1e-10)
    np.testing.assert_array_equal(valley.hessian(theta), valley.hessian(theta).swapaxes(1, 2))
    np.testing.assert_allclose(valley.hvp(theta, theta[::-1]), np.einsum("rij,rj->ri", hessian, theta[::-1]), rtol=1e-10)


def test_the_published_second_minimum_of_four_variables_is_one():
    """Shang and Qiu 2006: near (-0.776, 0.613, 0.382, 0.146), a shallow one."""
    valley, point = Rosenbrock(4), np.array([[-0.776, 0.613, 0.382, 0.146]])
    step = np.linalg.solve(valley.hessian(point)[0], valley.gradient(point)[0])
    assert np.abs(step).max() < 1e-3
    assert np.linalg.eigvalsh(valley.hessian(point - step))[0, 0] > 0.1
