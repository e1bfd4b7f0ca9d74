import jax
import jax.numpy as jnp
import numpy as np

from stationary.landscapes.log_bowl import LogBowl

jax.config.update("jax_enable_x64", True)

WEIGHTS = np.array([1.0, 5.0])


def value(point):
    return jnp.log(1 + jnp.sum(WEIGHTS * point**2))


def test_derivatives_are_those_of_jax():
    theta = np.random.default_rng(0).standard_normal((5, 2))
    bowl = LogBowl(WEIGHTS)
    np.testing.assert_allclose(bowl.value(theta), jax.vmap(value)(theta), rtol=1e-13)
    np.testing.assert_allclose(bowl.gradient(theta), jax.vmap(jax.grad(value))(theta), atol=1e-14)
    np.testing.assert_allclose(bowl.hessian(theta), jax.vmap(jax.hessian(value))(theta), atol=1e-13)
