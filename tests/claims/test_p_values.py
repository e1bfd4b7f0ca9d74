import math

import pytest
import scipy.stats

from stationary.claims.conditions import parse
from stationary.claims.p_values import holm, holm_z, of_condition


def p_of(bound, *numbers, exact=False, log=False):
    return of_condition(parse(bound), *numbers, exact=exact, log=log)


def test_a_share_is_tested_by_its_binomial_tail():
    ours = p_of("> 0.5", 0.7, 0.54, 0.83, 40, exact=True)
    assert ours == pytest.approx(scipy.stats.binomtest(28, 40, 0.5, alternative="greater").pvalue, rel=1e-12)
    ours = p_of("< 0.1", 0.0, 0.0, 0.0881, 40, exact=True)
    assert ours == pytest.approx(scipy.stats.binomtest(0, 40, 0.1, alternative="less").pvalue, rel=1e-12)


@pytest.mark.parametrize(("hits", "n"), [(26, 40), (27, 40), (65, 100), (60, 100), (61, 100)])
def test_p_is_below_one_fortieth_exactly_where_the_exact_interval_clears_the_bound(hits, n):
    interval = scipy.stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    assert (p_of("> 0.5", hits / n, interval.low, interval.high, n, exact=True) < 0.025) == (interval.low > 0.5)


def test_a_normal_statistic_gets_back_the_p_value_of_its_z():
    half = 1.959963984540054 * 0.3
    assert p_of("> 1", 1.6, 1.6 - half, 1.6 + half, 9) == pytest.approx(scipy.stats.norm.sf(2.0), rel=1e-9)
    low, high = math.exp(0.6 - half), math.exp(0.6 + half)
    assert p_of("> 1", math.exp(0.6), low, high, 9, log=True) == pytest.approx(scipy.stats.norm.sf(2.0), rel=1e-9)


def test_a_band_needs_both_sides_and_outside_of_it_either():
    low, high = p_of("< 2", 1.0, -0.5, 2.5, 9), p_of("> -2", 1.0, -0.5, 2.5, 9)
    assert p_of("|.| < 2", 1.0, -0.5, 2.5, 9) == max(low, high)
    assert p_of("|.| > 2", 3.0, 2.5, 3.5, 9) == pytest.approx(2 * p_of("> 2", 3.0, 2.5, 3.5, 9))


def test_a_number_without_error_is_certain():
    assert (p_of("< 1", 0.5, 0.5, 0.5, 3), p_of("< 1", 2.0, 2.0, 2.0, 3), p_of("= 1", 1.0, 1.0, 1.0, 3)) == (0, 1, 0)


def test_holm_agrees_with_the_hand_computation():
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04, the last raised to its predecessor.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_adjusted_z_never_exceeds_z_and_one_test_is_left_alone():
    values = [3.4, -0.2, 1.0, 2.9]
    assert all(after <= abs(before) + 1e-12 for before, after in zip(values, holm_z(values), strict=True))
    assert holm_z([-2.5]) == pytest.approx([2.5])
