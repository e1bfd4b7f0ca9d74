"""Estimates over draws: known values, and intervals that cover what they should."""

import numpy as np
import pytest
import scipy.stats

from stationary.experiments.spin_glass_rows import holm, mean_of_strata, mean_with_t, slope


def test_the_mean_of_one_unit_has_no_interval():
    found = mean_with_t([2.0])
    assert (found.value, found.n) == (2.0, 1)
    assert np.isnan(found.low)


def test_holm_is_a_step_down():
    assert holm(np.array([0.04, 0.001, 0.03, 0.9])).tolist() == pytest.approx([0.09, 0.004, 0.09, 0.9])


def test_without_a_transform_the_jackknife_is_the_sum_of_the_means_variances():
    """exp undoes the logarithm, so that the slope is linear in the means and the jackknife is exact."""
    generator = np.random.default_rng(0)
    units = {25: generator.normal(size=8), 100: generator.normal(size=12)}
    found = slope(units, np.exp)
    run = np.log(4.0)
    assert found.value == pytest.approx((units[100].mean() - units[25].mean()) / run)
    error = np.sqrt(units[25].var(ddof=1) / 8 + units[100].var(ddof=1) / 12) / run
    assert found.high - found.value == pytest.approx(scipy.stats.t.ppf(0.975, 7) * error)
    assert found.n == 8


@pytest.mark.parametrize("draws", [(32, 32, 32, 8), (8, 8, 8, 8)])
def test_the_slopes_interval_covers_the_truth(draws):
    """Within-draw variances with a coefficient of variation of a half at 25 spins, less above, as descents have them."""
    generator, sizes, trials = np.random.default_rng(1), (25, 50, 100, 250), 1500
    covered = 0
    for _ in range(trials):
        units = {
            size: size**-1.5 * generator.gamma(shape, 1.0 / shape, number)
            for size, shape, number in zip(sizes, (4, 6, 10, 20), draws, strict=True)
        }
        found = slope(units, np.sqrt)
        covered += found.low <= -0.75 <= found.high
    assert 0.935 < covered / trials < 0.99


def test_strata_of_any_size_have_one_weight_and_their_own_spread():
    generator = np.random.default_rng(2)
    small, large = generator.normal(0.0, 1.0, 40), generator.normal(5.0, 1.0, 4000)
    found = mean_of_strata([small, large], generator)
    assert found.value == pytest.approx(0.5 * (small.mean() + large.mean()))
    error = 0.5 * np.sqrt(small.var() / 40 + large.var() / 4000)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)
    assert found.n == 4040
