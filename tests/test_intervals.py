import numpy as np
import pytest
import scipy.stats

from stationary.intervals import bootstrap, paired_difference, share


@pytest.mark.parametrize(("hits", "trials"), [(0, 30), (7, 30), (30, 30)])
def test_share_is_clopper_pearson(hits, trials):
    """The exact interval in its beta-quantile form (Clopper & Pearson 1934)."""
    estimate = share(np.arange(trials) < hits)
    low = scipy.stats.beta.ppf(0.025, hits, trials - hits + 1) if hits else 0.0
    high = scipy.stats.beta.ppf(0.975, hits + 1, trials - hits) if hits < trials else 1.0
    np.testing.assert_allclose([estimate.low, estimate.high], [low, high], rtol=1e-9, atol=1e-12)


def test_nothing_to_count_is_not_a_number():
    assert np.isnan(share([]).value)
    assert share([]).n == bootstrap(np.array([np.nan]), np.mean, np.random.default_rng(0)).n == 0


def test_bootstrap_of_a_mean_is_close_to_the_normal_interval():
    sample = np.random.default_rng(0).normal(size=400)
    estimate = bootstrap(sample, np.mean, np.random.default_rng(1))
    half = 1.96 * sample.std(ddof=1) / 20
    np.testing.assert_allclose([estimate.low, estimate.high], [sample.mean() - half, sample.mean() + half], atol=0.1 * half)


def test_bootstrap_repeats_and_leaves_nan_out():
    sample = np.append(np.random.default_rng(0).exponential(size=50), np.nan)
    one, two = (bootstrap(sample, np.median, np.random.default_rng(7)) for _ in range(2))
    assert one == two
    assert one.n == 50
    assert one.value == np.median(sample[:-1])


def test_a_constant_sample_has_no_spread():
    estimate = bootstrap(np.ones(9), np.mean, np.random.default_rng(0))
    assert (estimate.value, estimate.low, estimate.high) == (1.0, 1.0, 1.0)


def test_pairs_that_all_agree_still_leave_room():
    """Twenty pairs without a difference do not prove one below 5 %: the rule of three and its kin."""
    estimate = paired_difference(np.zeros(20), np.zeros(20))
    assert estimate.value == 0.0
    assert -0.25 < estimate.low < -0.1
    assert 0.1 < estimate.high < 0.25


def test_paired_interval_covers_at_least_as_often_as_it_says():
    generator = np.random.default_rng(0)
    covered = 0
    for _ in range(400):
        draw = generator.random(40)
        estimate = paired_difference(draw < 0.5, (draw > 0.4) & (draw < 0.6))
        covered += estimate.low <= 0.3 <= estimate.high
    assert covered >= 0.95 * 400
