import numpy as np
import pytest
import scipy.linalg

from stationary import spectra
from toys import quadratic, rosenbrock


@pytest.mark.parametrize(("negative", "null", "positive"), [(0, 0, 4), (2, 3, 1), (5, 0, 0), (1, 4, 2)])
def test_inertia_is_that_of_the_block_diagonal_factor(negative, null, positive):
    """Sylvester: H = L D L' has as many signs as D; SciPy's LDL' finds them without eigenvalues."""
    diagonal = np.repeat([-1.0, 0.0, 1.0], [negative, null, positive]) * np.arange(1, negative + null + positive + 1)
    lower = np.tril(np.random.default_rng(1).normal(size=(diagonal.size,) * 2), -1) * 0.3 + np.eye(diagonal.size)
    hessian = lower @ np.diag(diagonal) @ lower.T
    eigenvalues = np.linalg.eigvalsh(hessian)[None]
    counts = spectra.inertia(eigenvalues, null_band=spectra.rounding_band(eigenvalues))
    assert (counts.n_negative[0], counts.n_null[0], counts.n_positive[0]) == (negative, null, positive)
    if null == 0:
        assert (np.linalg.eigvalsh(scipy.linalg.ldl(hessian)[1]) < 0).sum() == negative


def test_inertia_refuses_what_is_not_a_spectrum():
    with pytest.raises(ValueError, match="finite"):
        spectra.inertia(np.array([[np.nan, 1.0]]), null_band=np.array([0.0]))


@pytest.mark.parametrize("rank", [2, 5])
def test_minimum_norm_step_is_the_pseudo_inverse(rank):
    generator = np.random.default_rng(rank)
    half = generator.normal(size=(3, 5, rank))
    hessian = half * np.array([1.0, -1.0] * rank)[:rank] @ half.swapaxes(1, 2)
    gradient = generator.normal(size=(3, 5))
    step = spectra.minimum_norm_step(*np.linalg.eigh(hessian), gradient, 1e-12)
    expected = [-np.linalg.pinv(h, rcond=1e-12) @ g for h, g in zip(hessian, gradient, strict=True)]
    np.testing.assert_allclose(step, expected, rtol=1e-8, atol=1e-10)


def test_a_saddle_found_to_tolerance_only_is_counted_exactly_after_refinement():
    """An eigenvalue of -1e-7 that the distance to the saddle would drown is resolved by the two steps."""
    toy, centre = quadratic([-2.0, -1e-7, 3.0, 1e-6])
    found = spectra.critical_spectrum(toy, centre[None] + 1e-6)
    counts = spectra.inertia(found.eigenvalues, null_band=found.null_band)
    assert (counts.n_negative[0], counts.n_null[0], counts.n_positive[0]) == (2, 0, 2)
    np.testing.assert_allclose(found.theta[0], centre, atol=1e-8)


def test_the_band_grows_with_the_distance_left():
    """Unrefined, the band covers how much the curvature still changes over the next correction."""
    toy = rosenbrock()
    point = np.array([[1.0 + 1e-4, 1.0]])
    correction = spectra.minimum_norm_step(*np.linalg.eigh(toy.hessian(point)), toy.gradient(point), 1e-15)
    change = np.linalg.norm(toy.hessian(point + correction)[0] - toy.hessian(point)[0], 2)
    assert spectra.critical_spectrum(toy, point, steps=0).null_band[0] == pytest.approx(change, rel=1e-12)
    assert spectra.critical_spectrum(toy, point, steps=2).null_band[0] < 1e-5 * change


def test_eigenpair_residuals_are_those_of_the_decomposition():
    toy, centre = quadratic([1.0, 2.0, 3.0])
    assert spectra.spectrum(toy, centre[None]).residual[0] < 1e-14


@pytest.mark.parametrize(
    ("lowest", "name"), [(-1e-9, "saddle"), (-5e-11, "undecided"), (0.0, "flat"), (5e-11, "undecided"), (1e-9, "minimum")]
)
def test_kind_is_withheld_where_the_band_decides_it(lowest, name):
    assert spectra.kind(np.array([lowest]), np.array([1e-12]))[0] == name


@pytest.mark.parametrize("band", [np.inf, np.nan])
def test_kind_is_withheld_without_a_band(band):
    assert spectra.kind(np.array([-5.0]), np.array([band]))[0] == "undecided"
