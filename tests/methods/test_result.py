import numpy as np

from stationary.methods.result import Ledger, Stopping, judge_end
from stationary.termination import Termination
from toys import quadratic


def test_end_points_of_foreign_methods_are_judged_by_the_common_rule():
    toy, centre = quadratic([1.0, 2.0])
    points = np.stack([centre, centre + 1.0, np.full(2, 1e3), np.array([np.nan, 0.0])])
    stopping = Stopping(max_iterations=1, budget=1.0, gradient_tolerance=1e-10, theta_bound=100.0)
    codes = judge_end(toy, points, stopping, np.full(4, Termination.LINE_SEARCH_FAILED, dtype=object))
    assert list(codes) == [
        Termination.CONVERGED,
        Termination.LINE_SEARCH_FAILED,
        Termination.AT_INFINITY,
        Termination.DIVERGED,
    ]


def test_a_ledger_maps_shrinking_rows_back_to_their_runs():
    ledger = Ledger(np.arange(8.0).reshape(4, 2))
    ledger.end(np.array([False, True, False, False]), Termination.CONVERGED, ledger.theta + 10, 3)
    ledger.keep(np.array([True, False, True, True]))
    ledger.end(np.array([False, False, True]), Termination.DIVERGED, np.full((3, 2), 7.0), 5)
    result = ledger.result()
    np.testing.assert_array_equal(result.theta, [[0, 1], [12, 13], [4, 5], [7, 7]])
    assert list(result.iterations) == [0, 3, 0, 5]
    assert result.termination[1] == Termination.CONVERGED
    assert result.termination[3] == Termination.DIVERGED
