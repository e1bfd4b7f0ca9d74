import numpy as np

from stationary.methods.line_search import SUFFICIENT, backtrack


def _parabola(_, points):
    return 0.5 * (points * points).sum(axis=1)


def test_each_run_halves_its_own_step_until_armijo_holds():
    """On 1/2 x^2 from 1 along -s: the first 2^-k with (1 - a s)^2 / 2 <= 1/2 - 1e-4 a s."""
    lengths = np.array([0.5, 1.0, 3.0, 50.0])
    length, evaluations = backtrack(_parabola, np.ones((4, 1)), -lengths[:, None], np.full(4, 0.5), -lengths)
    expected = []
    for s in lengths:
        a = 1.0
        while 0.5 * (1 - a * s) ** 2 > 0.5 - SUFFICIENT * a * s:
            a /= 2
        expected.append(a)
    np.testing.assert_array_equal(length, expected)
    np.testing.assert_array_equal(evaluations, 1 - np.log2(expected))


def test_an_ascent_direction_is_not_searched():
    length, evaluations = backtrack(_parabola, np.ones((1, 1)), np.ones((1, 1)), np.array([0.5]), np.array([1.0]))
    assert (length[0], evaluations[0]) == (0.0, 0)


def test_what_is_not_finite_is_backed_away_from():
    def walled(_, points):
        return np.where(points[:, 0] < 0.4, np.nan, points[:, 0])

    length, _ = backtrack(walled, np.ones((1, 1)), -np.ones((1, 1)), np.ones(1), -np.ones(1))
    assert length[0] == 0.5


def test_at_a_minimum_no_step_is_refused_for_rounding():
    """A step too short to change the merit in this arithmetic is taken, so that a converging run can finish."""
    length, _ = backtrack(
        lambda _, p: np.full(len(p), 0.3), np.ones((1, 1)), np.zeros((1, 1)), np.array([0.3]), np.array([-1e-30])
    )
    assert length[0] == 1.0
