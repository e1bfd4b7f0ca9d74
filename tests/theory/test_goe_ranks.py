"""Ranked eigenvalue densities against closed forms and sampled matrices."""

import numpy as np
import pytest
from scipy.special import erfc

from stationary.theory.goe_ranks import densities, pfaffian, total_density


def goe(generator, size, number):
    """Matrices with entries of variance (1 + delta_ij) / 2."""
    entries = generator.standard_normal((number, size, size))
    return (entries + entries.swapaxes(1, 2)) / 2.0


@pytest.mark.parametrize("size", [2, 4, 8])
def test_pfaffian_squared_is_the_determinant_and_its_sign_that_of_an_expansion(size):
    entries = np.random.default_rng(size).standard_normal((5, size, size))
    skew = entries - entries.swapaxes(1, 2)
    np.testing.assert_allclose(pfaffian(skew) ** 2, np.linalg.det(skew), rtol=1e-9)
    if size == 4:
        a = skew
        expected = a[:, 0, 1] * a[:, 2, 3] - a[:, 0, 2] * a[:, 1, 3] + a[:, 0, 3] * a[:, 1, 2]
        np.testing.assert_allclose(pfaffian(a), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 9, 20])
def test_densities_integrate_to_one_and_mirror_each_other(size):
    x = np.linspace(-14.0, 14.0, 701)
    density = densities(size, x)
    np.testing.assert_allclose(density.sum(axis=0) * (x[1] - x[0]), 1.0, atol=1e-11)
    np.testing.assert_allclose(density, density[::-1, ::-1], atol=1e-11)
    np.testing.assert_allclose(density.sum(axis=1), total_density(size, x), atol=1e-11)


def test_two_eigenvalues_have_the_closed_form():
    """N = 2: density of the lower one is proportional to exp(-x^2 / 2) int_x^oo (y - x) exp(-y^2 / 2) dy."""
    x = np.linspace(-4.0, 4.0, 9)
    tail = np.exp(-0.5 * x * x) - x * np.sqrt(0.5 * np.pi) * erfc(x / np.sqrt(2.0))
    normalisation = 2.0 * np.sqrt(np.pi)
    np.testing.assert_allclose(densities(2, x)[:, 0], np.exp(-0.5 * x * x) * tail / normalisation, atol=1e-13)


def test_extreme_ranks_alone_equal_those_of_all():
    x = np.linspace(-5.0, 5.0, 11)
    whole = densities(7, x)
    np.testing.assert_allclose(densities(7, x, np.array([0]))[:, 0], whole[:, 0], atol=1e-12)
    np.testing.assert_allclose(densities(7, x, np.array([6]))[:, 0], whole[:, 6], atol=1e-12)


def test_ranked_means_are_those_of_sampled_matrices():
    size, number = 6, 20_000
    sampled = np.linalg.eigvalsh(goe(np.random.default_rng(0), size, number))
    x = np.linspace(-12.0, 12.0, 601)
    means = (x * (x[1] - x[0])) @ densities(size, x)
    errors = sampled.std(axis=0) / np.sqrt(number)
    assert np.abs((sampled.mean(axis=0) - means) / errors).max() < 4.0
