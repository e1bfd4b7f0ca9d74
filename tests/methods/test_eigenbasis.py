import numpy as np
import pytest

from stationary import spectra
from stationary.methods import eigenbasis as module
from stationary.methods.eigenbasis import eigenbasis

EPS = np.finfo(float).eps


@pytest.fixture(autouse=True)
def _factored_from_three_on(monkeypatch):
    monkeypatch.setattr(module, "SMALL", 2)


def _symmetric(spectrum, replicas=3, seed=0):
    bases = np.linalg.qr(np.random.default_rng(seed).normal(size=(replicas, len(spectrum), len(spectrum))))[0]
    matrices = (bases * spectrum) @ bases.swapaxes(1, 2)
    return 0.5 * (matrices + matrices.swapaxes(1, 2))


FULL = np.array([-3.0, -0.1, 1e-8, 0.2, 1.0, 2.0, 4.0])
DEFICIENT = np.concatenate([[-2.0, 3.0, 1e-3, -1e-6], np.zeros(20)])
NEARLY = np.concatenate([10.0 ** -np.arange(16.0), -(10.0 ** -np.arange(2.0, 18.0)), np.zeros(8)])


@pytest.mark.parametrize("spectrum", [FULL, DEFICIENT, NEARLY])
def test_the_factors_make_up_the_matrix_and_are_orthogonal(spectrum):
    """Backward error and orthogonality of a few eps, which is what ``numpy.linalg.eigh`` promises."""
    matrices = _symmetric(spectrum)
    basis = eigenbasis(matrices.copy())
    unit = np.broadcast_to(np.eye(spectrum.size), matrices.shape)
    rows = basis.combine(unit)  # [R, P, P], one eigenvector per row
    made = np.einsum("rki,rk,rkj->rij", rows, basis.eigenvalues, rows)
    assert np.abs(made - matrices).max() < 30 * EPS * np.abs(spectrum).max()
    assert np.abs(rows @ rows.swapaxes(1, 2) - unit).max() < 50 * EPS
    np.testing.assert_allclose(basis.coordinates(matrices[:, 0]), np.matvec(rows, matrices[:, 0]), atol=1e-13)


@pytest.mark.parametrize("spectrum", [FULL, DEFICIENT, NEARLY])
@pytest.mark.parametrize("cut", [None, 1e-10, 1e-6])
def test_ranks_and_signs_are_those_of_the_full_decomposition(spectrum, cut):
    matrices = _symmetric(spectrum)
    cut = spectrum.size * EPS if cut is None else 3.0 * cut
    full = np.linalg.eigvalsh(matrices)
    mine = eigenbasis(matrices.copy()).eigenvalues
    np.testing.assert_array_equal(spectra.kept(mine, cut).sum(axis=1), spectra.kept(full, cut).sum(axis=1))
    negative = [spectra.inertia(v, null_band=spectra.rounding_band(v)).n_negative for v in (mine, full)]
    np.testing.assert_array_equal(*negative)


def test_a_deficient_matrix_is_decomposed_on_its_range_alone():
    sizes = [len(factors.block) for factors in eigenbasis(_symmetric(DEFICIENT)).vectors]
    assert max(sizes) <= 8  # four eigenvalues that are not zero, and what rounding adds


def test_a_diagonal_matrix_and_the_zero_matrix():
    diagonal = np.diag([2.0, -1.0, 0.0, 5.0])
    basis = eigenbasis(np.stack([diagonal, np.zeros((4, 4))]))
    np.testing.assert_allclose(np.sort(basis.eigenvalues), [[-1.0, 0.0, 2.0, 5.0], [0.0] * 4], atol=1e-15)
    vector = np.arange(8.0).reshape(2, 4)
    np.testing.assert_allclose(basis.combine(basis.coordinates(vector)[:, None])[:, 0], vector, atol=1e-14)


def test_large_off_diagonals_at_the_end_are_not_cut_off():
    """A coupling of eps in the middle splits nothing off unless all that follows is rounding too."""
    matrix = np.diag([1.0, 2.0, 0.0, 0.0, 3.0]) + np.diag([0.5, 1e-18, 0.0, 1.0], 1) + np.diag([0.5, 1e-18, 0.0, 1.0], -1)
    found = np.sort(eigenbasis(matrix[None].copy()).eigenvalues[0])
    np.testing.assert_allclose(found, np.linalg.eigvalsh(matrix), atol=1e-14)


def test_taking_rows_and_stacking_change_no_bit():
    matrices, vector = _symmetric(NEARLY, replicas=4), np.linspace(-1, 1, 4 * NEARLY.size).reshape(4, -1)
    whole, mask = eigenbasis(matrices.copy()), np.array([True, False, True, True])
    alone = eigenbasis(matrices[mask].copy())
    for one in (whole.take(mask), alone):
        np.testing.assert_array_equal(one.eigenvalues, whole.eigenvalues[mask])
        np.testing.assert_array_equal(one.coordinates(vector[mask]), whole.coordinates(vector)[mask])


def test_a_read_only_stack_is_left_as_it_is():
    matrix = _symmetric(FULL, replicas=1)[0]
    shared = np.broadcast_to(matrix, (3, *matrix.shape))
    before = matrix.copy()
    eigenbasis(shared)
    np.testing.assert_array_equal(matrix, before)
