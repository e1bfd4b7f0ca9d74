import numpy as np
import pytest

from stationary import spectra
from stationary.landscapes.linear_autoencoder import linear_autoencoder
from stationary.methods.critical_point import DAMPINGS, damped_newton, gradient_norm_minimisation, newton_mr
from stationary.methods.flatness import gradient_floor, measure
from stationary.methods.newton import newton
from stationary.methods.refine import refine
from stationary.methods.result import Stopping
from stationary.termination import Termination
from stationary.theory import baldi_hornik
from toys import Toy, gradient_flat_quartic, quadratic, tilted_valley

STOPPING = Stopping(max_iterations=300, budget=np.inf, gradient_tolerance=1e-9)
INERTIAS = [[1.0, 2.0, 5.0], [-1.0, 2.0, -3.0], [-1.0, -2.0, -4.0]]
FINDERS = [gradient_norm_minimisation, damped_newton, newton_mr]


@pytest.mark.parametrize("finder", FINDERS)
@pytest.mark.parametrize("eigenvalues", INERTIAS)
def test_every_finder_reaches_the_critical_point_of_a_quadratic_whatever_its_inertia(finder, eigenvalues):
    toy, centre = quadratic(eigenvalues)
    result = finder(toy, np.random.default_rng(0).normal(size=(5, 3)), STOPPING)
    np.testing.assert_allclose(result.theta, np.broadcast_to(centre, (5, 3)), atol=1e-8)
    assert set(result.termination) == {Termination.CONVERGED}


@pytest.mark.parametrize("damping", DAMPINGS)
@pytest.mark.parametrize("eigenvalues", INERTIAS)
def test_one_step_of_damped_newton_with_one_damping_is_the_shifted_solution(eigenvalues, damping):
    """Against NumPy's pseudo-inverse, which matters where gamma cancels an eigenvalue; taken only if ||g|| falls."""
    toy, _ = quadratic(eigenvalues)
    start = np.random.default_rng(1).normal(size=(4, 3))
    result = damped_newton(toy, start, Stopping(1, np.inf), dampings=(damping,))
    shifted = toy.hessian(start)[0] + damping * np.abs(eigenvalues).max() * np.eye(3)
    expected = start - toy.gradient(start) @ np.linalg.pinv(shifted, rcond=1e-12, hermitian=True)
    better = np.linalg.norm(toy.gradient(expected), axis=1) < np.linalg.norm(toy.gradient(start), axis=1)
    np.testing.assert_allclose(result.theta, np.where(better[:, None], expected, start), atol=1e-9)
    assert (result.termination[~better] == Termination.LINE_SEARCH_FAILED).all()


def test_damped_newton_takes_the_damping_with_the_smallest_new_gradient():
    toy, _ = quadratic([-1.0, 2.0, 5.0])
    start, dampings = np.random.default_rng(2).normal(size=(6, 3)), (10.0, 0.1, 1.0)
    one = Stopping(1, np.inf)
    alone = [np.linalg.norm(toy.gradient(damped_newton(toy, start, one, dampings=(d,)).theta), axis=1) for d in dampings]
    together = np.linalg.norm(toy.gradient(damped_newton(toy, start, one, dampings=dampings).theta), axis=1)
    np.testing.assert_allclose(together, np.min(alone, axis=0), rtol=1e-12)


def test_newton_mr_follows_the_path_of_the_decomposing_method():
    """The same step by another route: -H^+ g from eigenvectors, with the same search."""
    toy = gradient_flat_quartic()
    start, few = np.random.default_rng(3).uniform(-4, 4, size=(8, 2)), Stopping(3, np.inf)
    reference = newton(toy, start, few, step_rule="gradient_search")
    np.testing.assert_allclose(newton_mr(toy, start, few).theta, reference.theta, rtol=1e-9)


@pytest.mark.parametrize("finder", FINDERS)
def test_ends_on_the_quartic_are_its_critical_point_or_its_flat_one_and_called_so(finder):
    toy = gradient_flat_quartic()
    start = np.concatenate([[[np.sqrt(2.0), 0.0], [-3.05, 0.1]], np.random.default_rng(8).uniform(-4, 4, size=(30, 2))])
    result = finder(toy, start, Stopping(2000, np.inf))
    critical = result.termination == Termination.CONVERGED
    flat = result.termination == Termination.GRADIENT_FLAT
    assert flat[0]
    assert critical[1]
    np.testing.assert_allclose(result.theta[critical], np.tile([-3.0, 0.0], (critical.sum(), 1)), atol=1e-8)
    np.testing.assert_allclose(result.theta[flat], np.tile([np.sqrt(2.0), 0.0], (flat.sum(), 1)), atol=1e-3)
    ends = result.theta[flat]
    assert measure(toy.hessian(ends), toy.gradient(ends), floor=gradient_floor(toy, ends)).flat.all()


def test_gradient_norm_minimisation_is_caught_by_the_flat_point():
    toy = gradient_flat_quartic()
    result = gradient_norm_minimisation(toy, np.array([[1.5, 0.1], [0.5, 2.0]]), Stopping(2000, np.inf))
    assert set(result.termination) == {Termination.GRADIENT_FLAT}
    np.testing.assert_allclose(result.theta, np.tile([np.sqrt(2.0), 0.0], (2, 1)), atol=1e-6)


def test_a_gradient_in_the_null_space_is_flat_and_what_is_not_finite_has_diverged():
    assert newton_mr(tilted_valley(), np.ones((1, 2)), STOPPING).termination[0] == Termination.GRADIENT_FLAT
    toy, centre = quadratic([1.0, 2.0])
    broken = Toy(lambda x: np.where(x[:, 0] > 50, np.nan, toy.value(x)), toy.gradient, toy.hessian, 2)
    result = newton_mr(broken, np.array([[100.0, 0.0], [1.0, 1.0]]), STOPPING)
    assert list(result.termination) == [Termination.DIVERGED, Termination.CONVERGED]
    np.testing.assert_allclose(result.theta[1], centre, atol=1e-9)


def autoencoder():
    sample = np.random.default_rng(4).normal(size=(1000, 6)) * np.sqrt(np.arange(1.0, 7.0))
    net = linear_autoencoder(sample, hidden=2)
    return net, baldi_hornik.critical_points(net.s_xx, net.s_yx, net.s_yy, hidden=2, weight=net.weight)


@pytest.mark.parametrize(
    ("finder", "options"), [(damped_newton, {}), (newton_mr, {"products": 18}), (gradient_norm_minimisation, {})]
)
def test_what_passes_the_filter_is_an_analytic_critical_point(finder, options):
    net, theory = autoencoder()
    start = 0.5 * np.random.default_rng(5).normal(size=(12, net.n_parameters))
    result = finder(net, start, Stopping(300, np.inf), **options)
    passed = (net.gradient(result.theta) ** 2).sum(axis=1) < 1e-10
    assert passed.any()
    theta = refine(net, result.theta[passed])
    seen = spectra.critical_spectrum(net, theta, steps=0)
    counted, members = spectra.inertia(seen.eigenvalues, null_band=seen.null_band), theory.match(theta).members
    np.testing.assert_allclose(net.value(theta), theory.loss(members), atol=1e-8)
    np.testing.assert_array_equal(counted.n_negative, theory.n_negative(members))
    np.testing.assert_array_equal(counted.n_null, theory.n_null(members))


@pytest.mark.parametrize("finder", FINDERS)
def test_a_run_is_bitwise_the_same_in_any_stack_and_group(finder, monkeypatch):
    net, _ = autoencoder()
    start = np.random.default_rng(6).normal(size=(7, net.n_parameters))
    few = Stopping(12, np.inf)
    whole = finder(net, start, few)
    parts = [finder(net, start[rows], few) for rows in (slice(0, 1), slice(1, 7))]
    monkeypatch.setattr("stationary.methods.merit_search.GROUP_BYTES", 3 * 32 * net.n_parameters**2)
    np.testing.assert_array_equal(whole.theta, np.concatenate([part.theta for part in parts]))
    np.testing.assert_array_equal(whole.theta, finder(net, start, few).theta)


def test_the_budget_ends_a_run():
    net, _ = autoencoder()
    result = newton_mr(net, np.ones((1, net.n_parameters)), Stopping(100, 60.0))
    assert result.termination[0] == Termination.MAX_ITERATIONS
    assert 25.0 <= result.cost[0] <= 60.0


def test_refining_no_points_gives_none():
    net, _ = autoencoder()
    assert refine(net, np.zeros((0, net.n_parameters))).shape == (0, net.n_parameters)
