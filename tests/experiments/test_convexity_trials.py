import numpy as np
import pytest

from stationary.experiments import convexity_trials
from stationary.experiments.convexity_trials import CHUNK, Case, inertia, segments, trials
from stationary.landscapes.log_bowl import LogBowl
from stationary.landscapes.polynomials import PLAIN_SADDLE


def verdicts(function, *tests, size=2, number=500):
    found = trials(Case("A0", "mine", size, function, dict.fromkeys(tests, "none")), number, 0)
    return {row["test"]: row["violations"] for row in found}


def test_a_parabola_is_convex_and_not_concave():
    assert verdicts(lambda x, _: (x * x).sum(axis=1), "jensen", "concave", "quasi") == {"jensen": 0, "concave": 500, "quasi": 0}


def test_a_linear_function_violates_nothing_to_rounding():
    form = np.array([1e3, -7.0])
    assert verdicts(lambda x, _: x @ form, "jensen", "concave") == {"jensen": 0, "concave": 0}


def test_the_root_of_a_norm_is_quasi_convex_alone():
    found = verdicts(lambda x, _: np.sqrt(np.linalg.norm(x, axis=1)), "jensen", "quasi")
    assert found["quasi"] == 0 < found["jensen"]


def test_one_value_of_many_suffices():
    """x is linear and -|x|^2 concave: only the second breaks the inequality."""
    assert verdicts(lambda x, _: np.stack([x[:, 0], -(x * x).sum(axis=1)], axis=1), "jensen")["jensen"] == 500


def test_a_value_that_overflows_is_no_violation():
    assert verdicts(lambda x, _: np.full(len(x), np.inf), "jensen", "quasi") == {"jensen": 0, "quasi": 0}


def test_a_trial_does_not_depend_on_how_many_there_are():
    case = Case("A0", "mine", 3, lambda x, _: x[:, 0], {"jensen": "none"}, draw=lambda g, n: g.standard_normal(n))
    few, many = segments(case, 1, 10, 7), segments(case, 1, CHUNK, 7)
    assert (few.first == many.first[:10]).all()
    assert (few.middle == many.middle[:10]).all()
    assert not (segments(case, 0, 10, 7).first == few.first).any()


@pytest.mark.parametrize("number", [100, CHUNK, CHUNK + 1])
def test_every_trial_asked_for_is_counted(number):
    (row,) = trials(Case("A0", "mine", 1, lambda x, _: -(x[:, 0] ** 2), {"jensen": "some"}), number, 0)
    assert (row["trials"], row["violations"]) == (number, number)
    assert row["ci_high"] == 1.0


def test_signs_of_the_hessian():
    expected = {"indefinite": "some", "negative": "some"}
    assert [row["violations"] for row in inertia("A0", "saddle", PLAIN_SADDLE, 50, 0, expected)] == [50, 50]
    (row,) = inertia("A7", "bowl", LogBowl(np.array([1.0, 5.0])), 4000, 0, {"negative": "some"})
    stream_share = row["violations"] / row["trials"]
    # The determinant is negative exactly where q > 1.
    points = np.concatenate([
        convexity_trials.random_points(convexity_trials.seeds.generator(0, "convexity/points", "bowl", chunk), CHUNK, 2)
        for chunk in range(4)
    ])  # fmt: skip
    assert stream_share == np.mean((points**2 @ np.array([1.0, 5.0])) > 1)
