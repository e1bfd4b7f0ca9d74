import numpy as np
import pytest
import scipy.optimize

import oracles
from stationary.landscapes.linear_basis import BASES, design, linear_basis
from stationary.landscapes.protocol import Landscape

X = np.linspace(0.0, 1.0, 31)


@pytest.fixture(params=sorted(BASES))
def landscape(request):
    targets = np.stack([np.sin(2 * np.pi * X) + 0.7, np.tanh(9 * X - 4)])
    return linear_basis(design(request.param, X, 6), targets)


@pytest.fixture
def theta():
    return np.random.default_rng(0).normal(size=(2, 6))


def test_derivatives_agree_with_differences(landscape, theta):
    hessian = landscape.hessian(theta)
    np.testing.assert_allclose(landscape.gradient(theta), oracles.central_differences(landscape.value, theta), atol=1e-9)
    np.testing.assert_allclose(hessian, oracles.central_differences(landscape.gradient, theta), atol=1e-9)
    assert np.array_equal(hessian, hessian.swapaxes(1, 2))


def test_one_newton_step_reaches_the_least_squares_solution(landscape, theta):
    step = np.linalg.solve(landscape.hessian(theta), landscape.gradient(theta)[:, :, None])[:, :, 0]
    best = [scipy.optimize.lsq_linear(landscape.matrix, f, tol=1e-14).x for f in landscape.target]
    np.testing.assert_allclose(theta - step, best, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(landscape.solution(), best, rtol=1e-10, atol=1e-10)


def test_products_with_the_hessian_and_the_jacobian(landscape, theta):
    residual, jacobian = landscape.residual_and_jacobian(theta)
    np.testing.assert_allclose(np.einsum("rps,rs->rp", jacobian, residual), landscape.gradient(theta), atol=1e-14)
    np.testing.assert_allclose(landscape.hvp(theta, theta), np.einsum("rij,rj->ri", landscape.hessian(theta), theta))


def test_a_replica_does_not_know_its_stack(landscape, theta):
    alone = landscape.take(np.array([1]))
    for name in ("value", "gradient", "hessian", "gradient_scale"):
        assert np.array_equal(getattr(alone, name)(theta[1:]), getattr(landscape, name)(theta)[1:])


def test_hats_interpolate_and_fourier_is_orthogonal():
    nodes = np.linspace(0.0, 1.0, 6)
    np.testing.assert_allclose(design("hat", nodes, 6), np.eye(6), atol=1e-15)
    waves = design("fourier", np.arange(32) / 32, 7)
    np.testing.assert_allclose(waves.T @ waves / 32, np.diag([1.0] + [0.5] * 6), atol=1e-15)


def test_an_unknown_basis_is_refused_with_the_names():
    with pytest.raises(ValueError, match="fourier, hat, polynomial"):
        design("wavelet", X, 3)


def test_it_is_a_landscape(landscape):
    assert isinstance(landscape, Landscape)
