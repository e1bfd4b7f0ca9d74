"""The null models against integrals, sampled matrices and SciPy's own fits."""

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize

from stationary.theory.baldi_hornik import critical_points
from stationary.theory.random_matrix import edge_index, fit_power, line, shifted_semicircle_index


@pytest.mark.parametrize("gamma", [-2.5, -1.3, 0.0, 0.4, 1.9, 2.0, 4.0])
def test_the_index_is_the_mass_of_the_semicircle_below_minus_gamma(gamma):
    mass, _ = scipy.integrate.quad(lambda x: np.sqrt(4 - x * x) / (2 * np.pi), -2, np.clip(-gamma, -2, 2), epsabs=1e-12)
    assert shifted_semicircle_index(gamma) == pytest.approx(mass, abs=1e-9)


@pytest.mark.parametrize("gamma", [-0.5, 0.3, 1.2])
def test_the_index_is_that_of_shifted_random_matrices(gamma):
    """The count of one matrix varies by about one eigenvalue, so the mean of sixteen shares by 0.0013."""
    entries = np.random.default_rng(0).normal(size=(16, 200, 200))
    spectra = np.linalg.eigvalsh((entries + entries.swapaxes(1, 2)) / np.sqrt(2 * 200)) + gamma
    assert (spectra < 0).mean() == pytest.approx(float(shifted_semicircle_index(gamma)), abs=5e-3)


def test_the_index_rises_as_three_halves_of_the_gap_near_the_edge():
    """Leading term and first correction: 1 - 3 gap / 40."""
    gap = np.array([1e-3, 1e-2, 1e-1])
    ratio = shifted_semicircle_index(2.0 - gap) / edge_index(gap)
    np.testing.assert_allclose(ratio, 1.0 - 3.0 * gap / 40.0, atol=1e-4)
    fitted = fit_power(np.linspace(0, 1e-2, 50), shifted_semicircle_index(2.0 - np.linspace(0, 1e-2, 50)))
    assert fitted.exponent == pytest.approx(1.5, abs=2e-3)
    assert fitted.factor == pytest.approx(2 / (3 * np.pi), rel=1e-2)


def test_a_power_and_its_errors_are_those_of_scipys_fit():
    rng = np.random.default_rng(1)
    excess = rng.uniform(0, 5, size=(3, 80))
    index = 0.3 * excess**1.5 + 0.2 * rng.normal(size=excess.shape)
    index[:, :5], excess[:, :5] = 0.0, 0.0
    fitted = fit_power(excess, index)
    for row in range(3):
        best, covariance = scipy.optimize.curve_fit(lambda x, c, q: c * x**q, excess[row], index[row], p0=(0.3, 1.4))
        assert [fitted.factor[row], fitted.exponent[row]] == pytest.approx(best, rel=1e-5)
        errors = [fitted.factor_error[row], fitted.exponent_error[row]]
        assert errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-3)


@pytest.mark.parametrize(
    ("excess", "index"),
    [([], []), ([1.0, 2.0], [0.1, 0.2]), ([0.0, 0.0, 0.0], [0.1, 0.2, 0.3]), ([1.0, 2.0, 3.0], [0.0, 0.0, 0.0]),
     ([1.0, 2.0, 3.0, 4.0], [0.4, 0.3, 0.2, 0.1])],
)  # fmt: skip
def test_points_that_do_not_determine_a_power_give_none(excess, index):
    fitted = fit_power(np.array(excess), np.array(index))
    assert np.isnan(fitted.exponent)
    assert np.isnan(fitted.factor)


def test_the_linear_autoencoder_lies_on_a_line():
    s = np.diag(np.arange(1.0, 17.0))
    theory = critical_points(s, s, s, hidden=4, weight=1 / 16)
    sets = theory.sets()
    loss, index = theory.loss(sets), theory.n_negative(sets) / 128
    found = line(loss, index)
    assert found.correlation == pytest.approx(0.9995, abs=5e-5)
    slope, intercept = np.polyfit(loss, index, 1)
    assert (found.slope, found.intercept) == (pytest.approx(slope), pytest.approx(intercept))
