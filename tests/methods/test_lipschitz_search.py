"""Landscapes whose critical points are known: a sum of cosines, and a quadratic of any condition."""

from dataclasses import dataclass

import numpy as np
import pytest

from stationary.methods.lipschitz_search import critical_points


class Cosines:
    n_parameters = 2

    def gradient(self, theta):
        return np.sin(theta)

    def hessian(self, theta):
        return np.cos(theta)[:, :, None] * np.eye(2)

    def lipschitz(self, theta, _radius):
        return np.ones(len(theta)), np.ones(len(theta))

    def gradient_scale(self, theta):
        return np.ones(len(theta))


@dataclass
class Quadratic:
    matrix: np.ndarray
    centre: np.ndarray
    n_parameters: int = 2

    def gradient(self, theta):
        return (theta - self.centre) @ self.matrix

    def hessian(self, theta):
        return np.repeat(self.matrix[None], len(theta), axis=0)

    def lipschitz(self, theta, _radius):
        return np.full(len(theta), np.linalg.norm(self.matrix, 2)), np.zeros(len(theta))

    def gradient_scale(self, theta):
        return np.ones(len(theta))


def test_all_nine_points_and_no_other():
    found = critical_points(Cosines(), 5.0)
    expected = [[i * np.pi, j * np.pi] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    np.testing.assert_allclose(found.theta, expected, atol=1e-12)
    assert (found.complete, found.unsettled) == (True, 0)


@pytest.mark.parametrize("condition", [1.0, 1e3, 1e6])
def test_condition_costs_no_more_boxes(condition):
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    quadratic = Quadratic(turn @ np.diag([1.0, 1.0 / condition]) @ turn.T, np.array([0.31, -0.17]))
    found = critical_points(quadratic, 1.0)
    np.testing.assert_allclose(found.theta, [quadratic.centre], atol=1e-9)
    assert found.complete
    assert found.boxes < 100


def test_a_point_outside_is_not_counted():
    found = critical_points(Quadratic(np.eye(2), np.array([1.01, 0.0])), 1.0)
    assert (found.theta.shape, found.complete) == ((0, 2), True)


def test_a_search_cut_short_says_so():
    found = critical_points(Cosines(), 5.0, most_boxes=20)
    assert not found.complete
    assert found.unsettled > 0
