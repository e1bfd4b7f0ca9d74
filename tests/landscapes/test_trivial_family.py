"""The trivial family (Rowan 2025): zero output with a basis orthogonal to the target is stationary, and a saddle."""

import numpy as np
import pytest

import oracles
from stationary.landscapes.mlp_regression import mlp_regression

X = np.linspace(0.0, 1.0, 41)
CASES = [([3.0], 0), ([1.0, 2.5, 6.0], 0), ([1.0, 2.5, 6.0], 1), ([1.5, 4.0, -5.0], 2)]


@pytest.fixture(params=CASES, ids=str)
def saddle(request):
    slopes, n_blind = request.param
    theta, target = oracles.antisymmetric_saddle(X, slopes, n_blind)
    return mlp_regression(X, target, hidden=(len(slopes),)), theta, target


def test_it_is_stationary_at_the_trivial_loss(saddle):
    landscape, theta, target = saddle
    assert np.abs(landscape.gradient(theta)).max() < 1e-15
    assert landscape.value(theta)[0] == pytest.approx(0.5 * np.mean(target**2), rel=1e-15)


def test_its_hessian_is_the_block_formula(saddle):
    landscape, theta, target = saddle
    G, C = oracles.trivial_blocks(X, theta[0], target)
    expected = np.block([[np.zeros((C.shape[1], C.shape[1])), -C.T], [-C, G]])  # theta holds (w, b) first, then a
    np.testing.assert_allclose(landscape.hessian(theta)[0], expected, atol=1e-15)


def test_its_inertia_follows_from_the_ranks(saddle):
    landscape, theta, target = saddle
    G, C = oracles.trivial_blocks(X, theta[0], target)
    left, singular, _ = np.linalg.svd(C)
    rank = int((singular > 1e-12).sum())
    Z = left[:, rank:]  # output weights that the residual does not couple to the basis
    n_positive = rank + (np.linalg.matrix_rank(Z.T @ G @ Z, tol=1e-12) if Z.size else 0)

    eigenvalues = np.linalg.eigvalsh(landscape.hessian(theta)[0])
    assert (eigenvalues < -1e-12).sum() == rank
    assert (eigenvalues > 1e-12).sum() == n_positive
