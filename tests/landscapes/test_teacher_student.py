"""The student's derivatives against JAX, and the zero that it can reach."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.landscapes.protocol import Landscape
from stationary.landscapes.teacher_student import teacher_student


@pytest.fixture
def case():
    generator = np.random.default_rng(0)
    landscape = teacher_student(generator.normal(size=(30, 3)), generator.normal(size=11), 2, 4)
    return landscape, generator.normal(size=(3, landscape.n_parameters))


def _loss(landscape, point):
    hidden, output = point[:16].reshape(4, 4), point[16:]
    u = output[:4] @ jnp.tanh(hidden[:, :3] @ landscape.x.T + hidden[:, 3:]) + output[4]
    return 0.5 * jnp.mean((u - landscape.loss.target[:, 0]) ** 2)


def test_derivatives_are_those_of_jax(case):
    landscape, theta = case
    vector = np.random.default_rng(1).normal(size=theta.shape)
    loss, gradient = landscape.value_and_gradient(theta)
    hessian, product = landscape.hessian(theta), landscape.hvp(theta, vector)
    with jax.enable_x64(True):
        for r, point in enumerate(theta):
            value, slope = jax.value_and_grad(lambda p: _loss(landscape, p))(point)
            curvature = np.asarray(jax.hessian(lambda p: _loss(landscape, p))(point))
            np.testing.assert_allclose(loss[r], value, rtol=1e-13)
            np.testing.assert_allclose(gradient[r], slope, atol=1e-13)
            np.testing.assert_allclose(hessian[r], curvature, atol=1e-12)
            np.testing.assert_allclose(product[r], curvature @ vector[r], atol=1e-12)


def test_residuals_and_jacobian_make_loss_and_gradient(case):
    landscape, theta = case
    residual, jacobian = landscape.residual_and_jacobian(theta)
    loss, gradient = landscape.value_and_gradient(theta)
    np.testing.assert_allclose(0.5 * (residual**2).sum(axis=1), loss, rtol=1e-13)
    np.testing.assert_allclose(np.matvec(jacobian, residual), gradient, atol=1e-14)
    np.testing.assert_array_equal(landscape.value(theta), loss)


def test_a_student_that_contains_the_teacher_has_no_loss(case):
    """The teacher's two units, two units that say nothing, the teacher's output bias."""
    landscape, _ = case
    teacher = np.random.default_rng(0)
    teacher.normal(size=(30, 3))
    parameters = teacher.normal(size=11)
    student = np.concatenate([parameters[:8], np.zeros(8), parameters[8:10], np.zeros(2), parameters[10:]])
    assert landscape.value(student[None])[0] < 1e-30


def test_it_keeps_the_protocol(case):
    landscape, theta = case
    assert isinstance(landscape, Landscape)
    hessian = landscape.hessian(theta)
    np.testing.assert_array_equal(hessian, hessian.swapaxes(1, 2))
    np.testing.assert_array_equal(landscape.hessian(theta[1:2])[0], hessian[1])
