import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.landscapes.sigmoid_unit import SigmoidUnit


@pytest.fixture(scope="module")
def unit():
    draw = np.random.default_rng(0)
    return SigmoidUnit(draw.normal(size=(7, 2)) * 3, draw.uniform(size=7))


def test_derivatives_are_those_of_jax(unit):
    def loss(theta):
        return jnp.mean((jax.nn.sigmoid(unit.x @ theta) - unit.y) ** 2)

    theta = np.random.default_rng(1).normal(size=(5, 2))
    with jax.enable_x64(True):
        np.testing.assert_allclose(unit.value(theta), jax.vmap(loss)(theta), rtol=1e-12)
        np.testing.assert_allclose(unit.gradient(theta), jax.vmap(jax.grad(loss))(theta), atol=1e-14)
        np.testing.assert_allclose(unit.hessian(theta), jax.vmap(jax.hessian(loss))(theta), atol=1e-13)


def test_constants_bound_differences_inside_the_ball(unit):
    draw = np.random.default_rng(2)
    centre, radius = draw.normal(size=(400, 2)) * 2, 0.3
    ends = [centre + radius * np.sqrt(draw.uniform(size=(400, 1))) * _unit(draw.normal(size=(400, 2))) for _ in range(2)]
    apart = np.linalg.norm(ends[0] - ends[1], axis=1)
    slope = np.linalg.norm(unit.gradient(ends[0]) - unit.gradient(ends[1]), axis=1)
    bend = np.linalg.norm(unit.hessian(ends[0]) - unit.hessian(ends[1]), ord=2, axis=(1, 2))
    second, third = unit.lipschitz(centre, radius)
    assert (slope <= second * apart).all()
    assert (bend <= third * apart).all()
    assert (slope > 0.05 * second * apart).any(), "a bound so loose says nothing"


@pytest.mark.parametrize("radius", [0.5, 3.0])
def test_no_loss_outside_is_below_the_bound(unit, radius):
    angle = np.linspace(0.0, 2.0 * np.pi, 3001)
    round_about = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lowest = min(unit.value(far * round_about).min() for far in radius * np.geomspace(1.0, 1e3, 60))
    assert 0.0 < unit.bound_outside(radius) <= lowest


def test_bound_is_for_one_or_two_parameters():
    with pytest.raises(ValueError, match="one or two"):
        SigmoidUnit(np.ones((1, 3)), np.ones(1)).bound_outside(1.0)


def _unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
