"""Benchmarks run at their smallest settings; how long anything takes is not asserted."""

import numpy as np
import pytest

from benchmarks import comparison, growth, hessians, newton
from benchmarks.comparison import Options


def test_einsum_route_gives_the_same_hessian():
    """The peer that stands in no library; the others are compared whenever the benchmark runs."""
    landscape, x, f = hessians._problem("regression", (4,), 11)
    theta = np.random.default_rng(0).normal(size=(3, landscape.n_parameters))
    np.testing.assert_allclose(hessians._einsum(landscape.layout, x, f, theta), landscape.hessian(theta), atol=1e-14)


def test_smallest_case_gives_a_row_per_route():
    (row,) = newton.comparisons(Options(rounds=2, quick=True))
    first, second = row.lines("newton")
    assert "| 1 (1 - 1) |" in first
    assert second.startswith("| newton | regression-30 | np.linalg.eigh alone |")
    assert all(len(times) == 2 and min(times) > 0 for times in row.times.values())


@pytest.mark.parametrize("series", growth.SERIES, ids=lambda series: f"{series.name}, {series.size}")
def test_every_series_of_growth_is_timed_at_the_size_it_has(series):
    grown = growth.measure(series, 1, series.sizes[:2])
    assert grown.sizes[0] < grown.sizes[1]
    assert all(times[0] > 0 for times in grown.seconds)


def test_a_missing_peer_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(comparison, "has", lambda name: name != "torch")
    assert "Left out, not installed: torch (pip install -e '.[peers]')." in comparison.conditions(1)
