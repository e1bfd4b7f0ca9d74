"""Annealing on toys whose stationary distribution is known."""

import numpy as np
import pytest

from stationary.methods.annealing import Cooling, anneal


def _streams(points, root):
    return [np.random.default_rng([root, point]) for point in range(points)]


def _run(value, start, cooling):
    return anneal(value, start, cooling, _streams(len(start), 0), _streams(len(start), 1))


def _bowl(theta):
    return 0.5 * (theta * theta).sum(axis=1)


def test_each_step_is_metropolis_rule():
    """The same streams, one point at a time, in plain Python."""
    cooling = Cooling(steps=60, deviation=0.3)
    start = np.random.default_rng(5).normal(size=(3, 2)).astype(np.float32)
    found = _run(_bowl, start, cooling)
    for point in range(3):
        moves, chances = _streams(3, 0)[point], _streams(3, 1)[point]
        here = best = start[point]
        taken = 0
        for step in range(60):
            deviation = 0.3 if step < 20 else 0.03
            trial = here + np.float32(deviation) * moves.standard_normal(2, dtype=np.float32)
            rise = _bowl(trial[None])[0] - _bowl(here[None])[0]
            if chances.random(dtype=np.float32) < np.exp(-rise * (1 + step**0.75) / 0.5):
                here, taken = trial, taken + 1
            best = min(best, here, key=lambda p: _bowl(p[None])[0])
        np.testing.assert_allclose(found.theta[point], best, rtol=1e-5)
        assert found.accepted[point] == taken / 60
        np.testing.assert_allclose(found.value[point], _bowl(best[None])[0], rtol=1e-5)


def test_at_constant_temperature_the_share_accepted_is_that_of_a_gaussian():
    """In N(0, T), moves N(0, 1) are accepted with probability (2 / pi) atan(2 sqrt(T))."""
    cooling = Cooling(steps=400, deviation=1.0, late=1.0, temperature=1.0, exponent=0.0)  # T = 1/2 throughout
    found = _run(_bowl, np.zeros((400, 1), dtype=np.float32), cooling)
    assert found.accepted.mean() == pytest.approx(2 / np.pi * np.arctan(2 * np.sqrt(0.5)), abs=0.01)


def test_a_point_depends_on_its_streams_alone(monkeypatch):
    cooling = Cooling(steps=50)
    start = np.ones((4, 3), dtype=np.float32)
    whole = _run(_bowl, start, cooling)
    monkeypatch.setattr("stationary.methods.annealing.CHUNK_BYTES", 4 * 3 * 7)
    alone = anneal(_bowl, start[2:3], cooling, _streams(4, 0)[2:3], _streams(4, 1)[2:3])
    np.testing.assert_array_equal(alone.theta[0], whole.theta[2])


def test_what_is_not_finite_is_never_accepted():
    def cliff(theta):
        return np.where(theta[:, 0] > 1.0, np.nan, -theta[:, 0]).astype(np.float32)

    found = _run(cliff, np.full((5, 1), 0.99, dtype=np.float32), Cooling(steps=200, deviation=0.1))
    assert (found.theta <= 1.0).all()
    assert np.isfinite(found.value).all()
