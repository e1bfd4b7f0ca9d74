import numpy as np
import pytest
import scipy.optimize

from stationary.landscapes.mlp_regression import mlp_regression
from stationary.methods.newton import newton
from stationary.methods.result import Stopping
from stationary.termination import Termination
from toys import Toy, decay, quadratic, rosenbrock, tilted_valley

STOPPING = Stopping(max_iterations=60, budget=np.inf)
RULES = ["unit", "damped", "gradient_search", "loss_search", "loss_search_flipped"]


@pytest.mark.parametrize("eigenvalues", [[1.0, 2.0, 5.0], [-1.0, 2.0, -3.0], [-1.0, -2.0, -4.0]])
def test_one_step_solves_a_quadratic_whatever_its_inertia(eigenvalues):
    """The defining property: the stationary point is found, minimum or not."""
    toy, centre = quadratic(eigenvalues)
    result = newton(toy, np.random.default_rng(0).normal(size=(5, 3)), STOPPING)
    np.testing.assert_allclose(result.theta, np.broadcast_to(centre, (5, 3)), atol=1e-10)
    assert set(result.termination) == {Termination.CONVERGED}
    assert (result.iterations <= 2).all()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_finds_the_minimum_of_a_convex_quadratic(rule):
    toy, centre = quadratic([0.5, 2.0, 4.0])
    result = newton(toy, np.ones((2, 3)), STOPPING, step_rule=rule)
    np.testing.assert_allclose(result.theta, np.broadcast_to(centre, (2, 3)), atol=1e-8)


def test_a_loss_search_fails_where_newton_ascends_and_flipping_is_another_method():
    toy, _ = quadratic([-1.0, -2.0])
    start = np.ones((3, 2))
    assert set(newton(toy, start, STOPPING, step_rule="loss_search").termination) == {Termination.LINE_SEARCH_FAILED}
    flipped = newton(toy, start, Stopping(max_iterations=3, budget=np.inf), step_rule="loss_search_flipped")
    assert (toy.value(flipped.theta) < toy.value(start)).all()


def test_fading_gradient_with_constant_steps_is_infinity_not_convergence():
    result = newton(decay(), np.zeros((1, 1)), STOPPING)
    assert result.termination[0] == Termination.AT_INFINITY
    assert result.theta[0, 0] == pytest.approx(60.0)


def test_a_gradient_in_the_null_space_is_flat():
    result = newton(tilted_valley(), np.ones((2, 2)), STOPPING)
    assert set(result.termination) == {Termination.GRADIENT_FLAT}


def test_what_is_not_finite_has_diverged_and_leaves_the_others_alone():
    toy, centre = quadratic([1.0, 2.0])
    broken = Toy(lambda x: np.where(x[:, 0] > 50, np.nan, toy.value(x)), toy.gradient, toy.hessian, 2)
    result = newton(broken, np.array([[100.0, 0.0], [1.0, 1.0]]), STOPPING)
    assert list(result.termination) == [Termination.DIVERGED, Termination.CONVERGED]
    np.testing.assert_allclose(result.theta[1], centre, atol=1e-10)


def test_beyond_the_bound_is_infinity():
    toy, _ = quadratic([1.0, 1e-9])
    stopping = Stopping(max_iterations=5, budget=np.inf, theta_bound=10.0)
    assert newton(toy, np.full((1, 2), 100.0), stopping).termination[0] == Termination.AT_INFINITY


def test_the_budget_counts_hessians_as_their_columns():
    result = newton(rosenbrock(), np.array([[-1.2, 1.0]]), Stopping(max_iterations=100, budget=10.0))
    assert result.termination[0] == Termination.MAX_ITERATIONS
    assert 6.0 < result.cost[0] <= 10.0


def test_a_larger_cut_ignores_what_the_exact_method_sees():
    toy, centre = quadratic([1.0, 1e-8])
    start = centre[None] + 1.0
    exact = newton(toy, start, STOPPING)
    cut = newton(toy, start, STOPPING, cut=1e-6)
    assert exact.termination[0] == Termination.CONVERGED
    assert np.linalg.norm(exact.theta - centre) < 1e-6 < np.linalg.norm(cut.theta - centre)


@pytest.mark.parametrize("rule", RULES)
def test_a_run_is_bitwise_the_same_in_any_stack(rule):
    x = np.linspace(0, 1, 31)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x), hidden=(4, 3))
    starts = np.random.default_rng(2).uniform(-1, 1, size=(9, landscape.n_parameters))
    stopping = Stopping(max_iterations=25, budget=np.inf)
    whole = newton(landscape, starts, stopping, step_rule=rule)
    parts = [newton(landscape, starts[rows], stopping, step_rule=rule) for rows in (slice(0, 1), slice(1, 6), slice(6, 9))]
    np.testing.assert_array_equal(whole.theta, np.concatenate([part.theta for part in parts]))
    np.testing.assert_array_equal(whole.termination, np.concatenate([part.termination for part in parts]))


def test_end_points_are_roots_that_minpack_confirms():
    """From a converged end point, nudged, SciPy's hybrd on the gradient comes back to it."""
    x = np.linspace(0, 1, 41)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x) + 0.7, hidden=(1,), activation="sine", output_bias=True)
    starts = np.random.default_rng(0).uniform(-3, 3, size=(60, landscape.n_parameters))
    result = newton(landscape, starts, Stopping(max_iterations=200, budget=np.inf))
    condition = np.linalg.cond(landscape.hessian(result.theta))
    regular = np.flatnonzero((result.termination == Termination.CONVERGED) & (condition < 1e6))
    assert regular.size > 0
    for theta in result.theta[regular]:
        root = scipy.optimize.root(
            lambda point: landscape.gradient(point[None])[0],
            theta + 1e-6,
            jac=lambda point: landscape.hessian(point[None])[0],
            tol=1e-14,
        )
        np.testing.assert_allclose(root.x, theta, atol=1e-8)


def test_a_drift_that_only_the_cut_stops_ends_at_infinity():
    """J = y^2/2 + exp(-x) has no critical point; when exp(-x) falls below P eps the pseudo-inverse stops moving x."""
    toy = Toy(
        lambda p: 0.5 * p[:, 1] ** 2 + np.exp(-p[:, 0]),
        lambda p: np.stack([-np.exp(-p[:, 0]), p[:, 1]], axis=1),
        lambda p: np.moveaxis(np.array([[np.exp(-p[:, 0]), 0 * p[:, 0]], [0 * p[:, 0], 1 + 0 * p[:, 0]]]), 2, 0),
        2,
    )
    result = newton(toy, np.array([[0.0, 3.0], [5.0, -1.0]]), STOPPING)
    assert set(result.termination) == {Termination.AT_INFINITY}
    assert (result.theta[:, 0] > 30).all()


def test_no_converged_run_was_still_moving():
    """Saturating nets drift; whatever is called converged was at rest, with a last step far below 1 + ||theta||."""
    x = np.linspace(0, 1, 41)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x), hidden=(10,))
    starts = np.random.default_rng(1).uniform(-1, 1, size=(30, landscape.n_parameters))
    steps = {}

    def watch(snapshot):
        for run, step in zip(snapshot.replicas, snapshot.step_norm / (1 + np.linalg.norm(snapshot.theta, axis=1)), strict=True):
            steps.setdefault(int(run), []).append(step)

    result = newton(landscape, starts, Stopping(max_iterations=80, budget=np.inf), observe=watch)
    converged = np.flatnonzero(result.termination == Termination.CONVERGED)
    assert 0 < converged.size < 30
    assert max(steps[run][-1] for run in converged) <= 1e-6
    assert (result.termination == Termination.AT_INFINITY).any()


def test_groups_of_a_large_stack_change_nothing(monkeypatch):
    x = np.linspace(0, 1, 31)
    landscape = mlp_regression(x, np.tile(np.sin(2 * np.pi * x), (7, 1)) * np.arange(1, 8)[:, None], hidden=(5,))
    starts = np.random.default_rng(3).uniform(-1, 1, size=(7, landscape.n_parameters))
    whole = newton(landscape, starts, STOPPING)
    monkeypatch.setattr("stationary.methods.spectral.GROUP_BYTES", 3 * 32 * landscape.n_parameters**2)
    seen = []
    parts = newton(landscape, starts, STOPPING, observe=lambda snapshot: seen.append(set(snapshot.replicas.tolist())))
    np.testing.assert_array_equal(whole.theta, parts.theta)
    assert max(map(len, seen)) == 3
    assert set().union(*seen) == set(range(7))
