"""Slopes and ratios, on numbers whose answer is known; nothing is timed."""

import numpy as np
import pytest

from benchmarks import growth
from benchmarks.comparison import Comparison


def test_a_power_law_has_its_exponent_and_an_interval_of_no_width():
    sizes = [10, 20, 40, 80]
    exact = growth.Growth("", "", 2.0, sizes, [[3e-6 * size**2] * 3 for size in sizes])
    assert exact.slope() == pytest.approx((2.0, 2.0, 2.0))


def test_slope_and_interval_are_those_of_the_textbook():
    """log t = 1, 2, 2 over log s = 0, 1, 2: slope 1/2, residual variance 1/6, so 0.5 +- 12.706 sqrt(1/12)."""
    worked = growth.Growth("", "", 1.0, [float(np.exp(k)) for k in range(3)], [[np.exp(k)] for k in (1, 2, 2)])
    half = 12.7062 * np.sqrt(1 / 12)
    assert worked.slope() == pytest.approx((0.5, 0.5 - half, 0.5 + half), rel=1e-5)


def test_ratios_are_taken_round_by_round():
    row = Comparison("case", "s", {"ours": [1.0, 2.0, 4.0], "peer": [3.0, 4.0, 4.0]})
    assert row.ratios("peer") == [1.0, 2.0, 3.0]
