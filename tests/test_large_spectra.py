"""Counts and extremes against full decompositions."""

import numpy as np
import pytest

from stationary import large_spectra, spectra


def symmetric(size, seed):
    matrix = np.random.default_rng(seed).normal(size=(size, size))
    return matrix + matrix.T


@pytest.mark.parametrize("size", [1, 2, 7, 60, 150])
@pytest.mark.parametrize("cut", [-5.0, -1e-3, 0.0, 2.0])
def test_inertia_counts_as_the_eigenvalues_do(size, cut):
    matrix = symmetric(size, size)
    assert large_spectra.count_below(matrix, cut) == (np.linalg.eigvalsh(matrix) < cut).sum()


def test_the_factorisation_uses_blocks_of_two_and_counts_them():
    """A zero diagonal leaves no 1 x 1 pivot: [[0, 1], [1, 0]] has one eigenvalue on each side."""
    matrix = np.kron(np.eye(5), np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert large_spectra.count_below(matrix, 0.0) == 5


def test_exact_zeros_fall_inside_the_band():
    """Half of the spectrum is null, as at a network's end point, in a random basis."""
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(120, 120)))[0]
    eigenvalues = np.concatenate([[-3.0, -1e-2], np.zeros(60), np.linspace(0.1, 5.0, 58)])
    matrix = (basis * eigenvalues) @ basis.T
    matrix = 0.5 * (matrix + matrix.T)
    found = large_spectra.extremes(lambda v: matrix @ v, 120)
    assert large_spectra.counts(matrix, large_spectra.rounding_band(found, 120)) == (2, 60, 58)
    assert large_spectra.rounding_band(found, 120) == pytest.approx(spectra.rounding_band(eigenvalues[None])[0])


@pytest.mark.parametrize("shift", [0.0, 200.0, -200.0], ids=["indefinite", "positive", "negative"])
def test_extremes_are_the_ends_of_the_spectrum(shift):
    matrix = symmetric(80, 1) + shift * np.eye(80)
    found, eigenvalues = large_spectra.extremes(lambda v: matrix @ v, 80), np.linalg.eigvalsh(matrix)
    np.testing.assert_allclose([found.lowest, found.highest], eigenvalues[[0, -1]], rtol=1e-10)
    assert found.residual < 1e-7 * np.abs(eigenvalues).max()


def test_the_lowest_of_many_zeros_is_found():
    matrix = np.diag(np.concatenate([np.zeros(70), np.linspace(1.0, 2.0, 10)]))
    found = large_spectra.extremes(lambda v: matrix @ v, 80)
    assert found.lowest == pytest.approx(0.0, abs=1e-9)
    assert found.highest == pytest.approx(2.0)


def test_what_is_not_finite_is_refused_and_the_matrix_is_left_alone():
    matrix = symmetric(6, 0)
    kept = matrix.copy()
    large_spectra.count_below(matrix, 0.3)
    np.testing.assert_array_equal(matrix, kept)
    matrix[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        large_spectra.count_below(matrix, 0.0)
