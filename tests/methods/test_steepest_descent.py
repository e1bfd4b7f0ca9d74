import numpy as np
import pytest

from stationary.landscapes.polynomials import BOUNDED, PLAIN_SADDLE, stack_of
from stationary.methods.result import Stopping
from stationary.methods.steepest_descent import steepest_descent
from stationary.termination import Termination
from toys import quadratic


def test_a_quadratic_is_solved_and_the_loss_never_rises():
    toy, centre = quadratic([0.5, 1.0, 3.0])
    seen = []
    result = steepest_descent(toy, np.ones((3, 3)), Stopping(500, 5000.0), observe=lambda now: seen.append(now.loss.max()))
    np.testing.assert_allclose(result.theta, np.broadcast_to(centre, (3, 3)), atol=1e-6)
    assert (np.diff(seen) <= 1e-15 * np.abs(seen[:-1])).all()


def test_a_run_is_bitwise_the_same_in_any_stack_and_keeps_to_its_budget():
    landscape = stack_of(list(BOUNDED.values()), [4] * 5)
    starts, stopping = np.random.default_rng(1).uniform(-2, 2, size=(20, 2)), Stopping(100, 60.0)
    whole = steepest_descent(landscape, starts, stopping)
    parts = [steepest_descent(landscape.take(rows), starts[rows], stopping) for rows in np.split(np.arange(20), [7])]
    np.testing.assert_array_equal(whole.theta, np.concatenate([part.theta for part in parts]))
    assert (whole.cost <= 60.0 + 21).all()  # the last search may pass it


def test_without_a_lower_bound_it_ends_at_infinity():
    result = steepest_descent(PLAIN_SADDLE, np.array([[1.0, 0.1]]), Stopping(500, 5000.0, theta_bound=100.0))
    assert result.termination.tolist() == [Termination.AT_INFINITY]


@pytest.mark.parametrize("start", [np.nan, np.inf])
def test_a_lost_start_is_data(start):
    with np.errstate(invalid="ignore"):
        result = steepest_descent(BOUNDED["plateau"], np.array([[start, 0.0]]), Stopping(5, 50.0))
    assert result.termination.tolist() == [Termination.DIVERGED]
