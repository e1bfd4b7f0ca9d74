"""Constants and counts against the published table, quadrature made elsewhere, and sampled matrices."""

import numpy as np
import pytest

from stationary.theory import auffinger

# Auffinger, Ben Arous and Cerny 2013, to six digits.
THRESHOLDS = {
    3: (1.632993, [1.656998, 1.652873, 1.650253, 1.648399]),
    4: (1.732051, [1.794085, 1.783300, 1.776478]),
    5: (1.788854, [1.887989, 1.870576, 1.859599]),
}
TOTALS = {
    3: [10.5524, 18.7902, 31.4969, 50.8731, 80.1556, 124.092],
    4: [15.1453, 32.5082, 65.8864, 128.989, 246.827, 464.811],
}


@pytest.mark.parametrize("p", THRESHOLDS)
def test_thresholds(p):
    edge, energies = THRESHOLDS[p]
    assert auffinger.e_infinity(p) == pytest.approx(edge, abs=1e-6)
    assert [auffinger.e_k(p, k) for k in range(len(energies))] == pytest.approx(energies, abs=1e-6)


@pytest.mark.parametrize("p", THRESHOLDS)
def test_the_bulk_ends_at_zero_at_the_published_energy(p):
    centre, radius = auffinger.bulk(p, -THRESHOLDS[p][0])
    assert centre == pytest.approx(radius, abs=5e-6)
    assert radius == pytest.approx(2.0 * np.sqrt(p * (p - 1)))


@pytest.mark.parametrize("p", [3, 4, 5])
def test_curves_are_continuous_and_meet_where_the_theory_says(p):
    edge = -auffinger.e_infinity(p)
    sides = np.array([edge - 1e-9, edge + 1e-9])
    for curve in (auffinger.theta(p, sides), auffinger.theta_k(p, 2, sides)):
        assert curve[0] == pytest.approx(curve[1], abs=1e-7)
    below = np.linspace(edge - 0.3, edge, 20)
    np.testing.assert_allclose(auffinger.theta(p, below), auffinger.theta_k(p, 0, below), atol=1e-14)
    assert auffinger.theta_k(p, 5, 0.0) == pytest.approx(0.5 * np.log(p - 1) - (p - 2) / p)


def test_the_rate_has_the_derivative_of_the_semicircle():
    """I'(u) = -2 sqrt(u^2 - E_inf^2) / E_inf^2."""
    u, edge, h = np.linspace(-2.5, -1.7, 9), auffinger.e_infinity(3), 1e-6
    slope = (auffinger.rate(3, u + h) - auffinger.rate(3, u - h)) / (2 * h)
    np.testing.assert_allclose(slope, -2.0 * np.sqrt(u * u - edge * edge) / edge**2, rtol=1e-7)


@pytest.mark.parametrize("p", TOTALS)
def test_totals_are_those_of_quadrature(p):
    sizes = range(3, 9)
    assert [auffinger.expected_total(p, size) for size in sizes] == pytest.approx(TOTALS[p], rel=1e-5)
    assert [auffinger.expected_counts(p, size).sum() for size in sizes] == pytest.approx(TOTALS[p], rel=1e-5)


@pytest.mark.parametrize(("p", "size"), [(3, 5), (3, 8), (4, 6)])
def test_counts_by_index_are_those_of_sampled_matrices(p, size):
    """Theorem 2.1 as it stands: an expectation over N x N matrices of the ensemble."""
    generator, number = np.random.default_rng(p * size), 40_000
    entries = generator.standard_normal((number, size, size)) / np.sqrt(2.0 * size)
    ranked = np.linalg.eigvalsh((entries + entries.swapaxes(1, 2)) / np.sqrt(2.0))
    weight = 2.0 * np.sqrt(2.0 / p) * (p - 1) ** (size / 2) * np.exp(-size * (p - 2) / (2 * p) * ranked**2)
    z = (weight.mean(axis=0) - auffinger.expected_counts(p, size)) / (weight.std(axis=0) / np.sqrt(number))
    assert np.abs(z).max() < 4.0
    energies = (weight * ranked).sum(axis=0) / weight.sum(axis=0) * np.sqrt(2.0 * (p - 1) / p)
    np.testing.assert_allclose(auffinger.mean_energies(p, size), energies, atol=0.02)


@pytest.mark.parametrize("p", [3, 4, 5])
@pytest.mark.parametrize("size", [3, 4, 6, 7, 9, 12])
def test_mean_counts_add_up_to_the_euler_characteristic_with_signs(p, size):
    """Morse: the sum of (-1)^k is that of the sphere in every draw, and so in the mean."""
    signs = (-1.0) ** np.arange(size)
    assert signs @ auffinger.expected_counts(p, size) == pytest.approx(1.0 + (-1.0) ** (size - 1), abs=1e-9)


def test_minima_of_many_spins_grow_at_the_rate_of_theta_0():
    """Log growth per spin between N = 40 and 60 comes near Theta_0's plateau; the rest is sub-exponential."""
    growth = np.log(auffinger.expected_minima(3, 60) / auffinger.expected_minima(3, 40)) / 20
    assert 0.0132 < growth < 0.06
    assert auffinger.expected_minima(3, 12) == pytest.approx(auffinger.expected_counts(3, 12)[0], rel=1e-12)


@pytest.mark.parametrize("p", [3, 4])
@pytest.mark.parametrize("u", [-1.9, -1.3, -0.8, None])
def test_sharp_asymptotics_are_met_up_to_one_over_n(p, u):
    """The exact ratios at N and 2 N, extrapolated: r = 1 + c / N + O(1 / N^2)."""

    def ratio(size):
        if u is None:
            return auffinger.expected_total(p, size) / auffinger.sharp_total(p, size)
        return auffinger.expected_below(p, size, u) / auffinger.sharp_below(p, size, u)

    small, large = ratio(20), ratio(40)
    assert abs(1 - large) < 0.75 * abs(1 - small)
    assert 2 * large - small == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("u", [0.0, 0.5, -auffinger.e_infinity(3)])
def test_no_sharp_count_where_neither_branch_holds(u):
    with pytest.raises(ValueError, match="has no sharp count"):
        auffinger.sharp_below(3, 20, u)


def test_counts_up_to_an_energy_are_those_of_sampled_matrices():
    """Theorem 2.1 with an energy bound, N = 6, p = 3."""
    p, size, u, number = 3, 6, -0.9, 60_000
    entries = np.random.default_rng(5).standard_normal((number, size, size)) / np.sqrt(2.0 * size)
    eigenvalues = np.linalg.eigvalsh((entries + entries.swapaxes(1, 2)) / np.sqrt(2.0))
    kept = eigenvalues <= u * np.sqrt(p / (2.0 * (p - 1)))
    each = (np.exp(-size * (p - 2) / (2.0 * p) * eigenvalues**2) * kept).sum(axis=1)
    each *= 2.0 * np.sqrt(2.0 / p) * (p - 1) ** (size / 2)
    error = each.std() / np.sqrt(number)
    assert auffinger.expected_below(p, size, u) == pytest.approx(each.mean(), abs=4 * error)
