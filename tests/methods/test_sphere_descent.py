"""Descents against a landscape whose ends are known, SciPy, and plain descent without momentum or Newton."""

import numpy as np
import pytest
import scipy.integrate

from stationary.experiments import spin_glass_descents
from stationary.landscapes.p_spin import Contractions, from_tangent, retract
from stationary.landscapes.three_spin import ThreeSpinGlass
from stationary.methods import sphere_descent
from stationary.methods.sphere_descent import descend


def starts(size, replicas, seed=0):
    return retract(np.random.default_rng(seed).normal(size=(replicas, size)), size)


def run(glass, start, *, max_iterations=2000):
    return descend(glass, start, max_iterations=max_iterations, gradient_tolerance=1e-9)


class Axes:
    """T = -sum_i c_i e_i e_i e_i / sqrt(N): minima at +e_i (c_i > 0), known to the last digit."""

    p = 3

    def __init__(self, weights):
        self.weights = np.asarray(weights, dtype=float)
        self.size = self.weights.size

    def slope(self, w):
        scale = np.float32(1.0 / np.sqrt(self.size))
        return -scale * self.weights[:, None].astype(np.float32) * w * w

    def contract(self, points):
        matrix = -(self.weights * points)[:, :, None] * np.eye(self.size) / np.sqrt(self.size)
        return Contractions.at(3, self.size, points, matrix)


def test_it_finds_the_minima_of_an_orthogonal_tensor():
    """The axes, and from all coordinates negative the point -w_i proportional to 1 / c_i."""
    weights = np.array([1.0, 1.2, 1.5, 1.6])
    start = starts(4, 64)
    found = run(Axes(weights), start)
    assert set(found.termination) == {"converged"}
    negative = (start < 0.0).all(axis=1)
    expected = np.where(negative[:, None], retract(-1.0 / weights[None], 4), 2.0 * np.eye(4)[found.theta.argmax(axis=1)])
    np.testing.assert_allclose(found.theta, expected, atol=1e-12)
    assert 0 < negative.sum() < 16
    assert set(found.theta[~negative].argmax(axis=1)) == {0, 1, 2, 3}


@pytest.fixture(scope="module")
def flowed():
    """A glass, starts, and where SciPy's gradient flow goes from them."""
    glass, start = ThreeSpinGlass(0, 12, 3), starts(12, 24)

    def flow(_, w):
        return -glass.contract(retract(w[None], 12)).gradient()[0]

    paths = [scipy.integrate.solve_ivp(flow, (0.0, 150.0), w, rtol=1e-4).y[:, -1] for w in start]
    return glass, start, retract(np.array(paths), 12)


@pytest.mark.parametrize(("step", "share"), [(0.02, 1.0), (sphere_descent.STEP, 0.9)])
def test_it_ends_where_the_gradient_flow_does(step, share, flowed, monkeypatch):
    """Always by short steps; by the shipped ones, momentum and Newton in more than nine of ten starts."""
    monkeypatch.setattr(sphere_descent, "STEP", step)
    glass, start, ends = flowed
    same = np.abs(run(glass, start).theta - ends).max(axis=1) < 0.05
    assert same.mean() >= share


def test_newton_keeps_to_its_basin_however_early_it_is_considered(monkeypatch):
    """Considered everywhere, only its guard holds it back: ends and starts of the polish are in one basin."""
    glass, start = ThreeSpinGlass(0, 30, 1), starts(30, 48)
    late = run(glass, start)
    monkeypatch.setattr(sphere_descent, "TRY_BELOW", np.inf)
    monkeypatch.setattr(sphere_descent, "CHECK_EVERY", 1)
    early = run(glass, start)
    assert early.iterations.mean() < late.iterations.mean()
    assert (np.linalg.norm(early.theta - late.theta, axis=1) < 1e-6).all()


@pytest.fixture(scope="module")
def soft():
    """A draw with minima whose lowest eigenvalue is about 0.002, and descents on it."""
    glass = ThreeSpinGlass(0, 25, 15)
    found = run(glass, spin_glass_descents.starts(0, 25, 15, range(128)))
    values, vectors = np.linalg.eigh(glass.contract(found.theta).hessian())
    return glass, found, values[:, 0], from_tangent(vectors[..., 0], found.theta)


def test_soft_minima_are_finished_below_the_float32_floor(soft):
    """Without short steps in float64 they wait for a gradient that float32 cannot show, to the last iteration."""
    _, found, lowest, _ = soft
    assert set(found.termination) == {"converged"}
    assert found.gradient_norm.max() < 1e-12
    assert 0.0 < lowest.min() < 3e-3
    assert found.iterations.max() < 1000


def test_short_steps_lead_down_into_the_minimum_that_newton_alone_is_not_trusted_with(soft):
    glass, found, lowest, direction = soft
    ends, axis = found.theta[lowest < 3e-3], direction[lowest < 3e-3]
    assert len(ends) > 4
    here = glass.contract(retract(ends + 2e-3 * axis, 25))
    nothing = list(sphere_descent._deep(glass, here, np.zeros(len(ends), dtype=bool)))
    assert sum(len(places) for places, *_ in nothing) == 0
    places, points = [], []
    for at, start, step, taken in sphere_descent._deep(glass, here, np.ones(len(ends), dtype=bool)):
        assert (start.energy() <= here.energy()[at]).all()
        assert taken > 0 or len(at) == 0
        places += at.tolist()
        points += list(sphere_descent._polish(glass, start, step, 1e-9)[0].points)
    assert sorted(places) == list(range(len(ends)))
    np.testing.assert_allclose(np.array(points), ends[places], atol=1e-9)


def test_ends_are_minima_and_no_step_rises():
    glass = ThreeSpinGlass(0, 40, 0)
    found = run(glass, starts(40, 64))
    assert (found.termination == "converged").mean() > 0.95
    assert found.gradient_norm.max() < 1e-9
    assert found.largest_rise.max() < sphere_descent.ROUNDING
    assert (found.energy < found.start_energy).all()
    assert np.linalg.eigvalsh(glass.contract(found.theta).hessian()).min() > 0.0
    np.testing.assert_allclose(np.linalg.norm(found.theta, axis=1), np.sqrt(40))


def test_momentum_does_not_change_where_descents_end(monkeypatch):
    glass, start = ThreeSpinGlass(0, 30, 1), starts(30, 48)
    fast = run(glass, start)
    monkeypatch.setattr(sphere_descent, "MOMENTUM_BELOW", 0.0)
    plain = run(glass, start, max_iterations=8000)
    assert fast.iterations.mean() < 0.8 * plain.iterations.mean()
    same = np.linalg.norm(fast.theta - plain.theta, axis=1) < 1e-6
    assert same.mean() > 0.95


def test_a_step_beyond_the_stability_limit_is_taken_back(monkeypatch):
    monkeypatch.setattr(sphere_descent, "STEP", 5.0)
    found = run(ThreeSpinGlass(0, 20, 0), starts(20, 16))
    assert found.largest_rise.max() < sphere_descent.ROUNDING
    assert (found.termination == "converged").mean() > 0.8


def test_a_run_out_of_iterations_says_so():
    found = run(ThreeSpinGlass(0, 20, 0), starts(20, 8), max_iterations=5)
    assert set(found.termination) == {"max_iterations"}
    assert set(found.iterations) == {5}
    assert np.isfinite(found.energy).all()
    assert (found.energy < found.start_energy).all()


@pytest.mark.parametrize("max_iterations", [20, 2000])
def test_every_descent_is_told_of_once(max_iterations):
    told = []
    glass = ThreeSpinGlass(0, 15, 0)
    descend(glass, starts(15, 16), max_iterations=max_iterations, gradient_tolerance=1e-9, advance=told.append)
    assert sum(told) == 16
