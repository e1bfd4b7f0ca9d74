import numpy as np
import pytest
import scipy.stats

from stationary.intervals import (
    Replicates,
    bootstrap,
    clustered_bootstrap,
    clustered_rows,
    combine,
    paired_difference,
    quantile,
    share,
)


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


def test_resamples_take_whole_clusters_of_one_stratum_for_each_place():
    strata = np.repeat([0, 1], [9, 6])
    clusters = np.repeat([3, 4, 5, 3, 4], 3)
    rows = clustered_rows(clusters, strata, np.random.default_rng(0), np.random.default_rng(1), 500)
    sources = strata[rows]
    assert (sources[:, :9] == sources[:, :1]).all()
    assert (sources[:, 9:] == sources[:, 9:10]).all()
    assert 0.4 < sources[:, 0].mean() < 0.6
    drawn = clusters[rows].reshape(500, 5, 3)
    assert (drawn == drawn[:, :, :1]).all()


def test_equal_streams_draw_the_same_strata():
    """Two samples over the same divisions, of different size, with units of their own."""
    drawn = []
    for size in (4, 6):
        strata = np.repeat(np.arange(5), size)
        rows = clustered_rows(np.arange(5 * size), strata, np.random.default_rng(size), np.random.default_rng(9), 50)
        drawn.append(strata[rows][:, ::size])
    np.testing.assert_array_equal(*drawn)


def test_a_quantile_of_few_units_reaches_the_bound():
    sample = np.random.default_rng(0).random(200)
    found = quantile(sample, 0.95, (0.0, 1.0))
    assert found.low < 0.95 < found.high < 1.0
    assert quantile(sample[:20], 0.95, (0.0, 1.0)).high == 1.0
    assert quantile([np.nan], 0.95, (0.0, 1.0)).n == 0


@pytest.mark.parametrize("between", [0.0, 1.0])
def test_clustered_interval_covers_what_clusters_share(between):
    """Means of 8 clusters of 6: a bootstrap over units would cover half as often where clusters differ."""
    generator = np.random.default_rng(0)
    clusters, covered = np.repeat(np.arange(8), 6), 0
    for _ in range(60):
        sample = generator.normal(size=48) + between * generator.normal(size=8)[clusters]
        estimate = clustered_bootstrap(
            [sample], lambda x: x.mean(axis=-1), clusters, np.zeros(48), np.random.default_rng(1), np.random.default_rng(2)
        ).estimate()
        covered += estimate.low <= 0.0 <= estimate.high
    assert covered >= 0.85 * 60


def test_independent_statistics_combine_replicate_by_replicate():
    generator = np.random.default_rng(0)
    one, two = (Replicates(v, v + s * generator.normal(size=4000), n) for v, s, n in ((3.0, 0.3, 9), (1.0, 0.4, 7)))
    estimate = combine(np.subtract, one, two).estimate()
    assert (estimate.value, estimate.n) == (2.0, 7)
    np.testing.assert_allclose([estimate.low, estimate.high], [2 - 0.98, 2 + 0.98], atol=0.06)


def test_a_statistic_that_often_fails_has_no_interval():
    spoiled = np.where(np.arange(1000) < 100, np.nan, np.arange(1000.0))
    assert np.isnan(Replicates(1.0, spoiled, 5).estimate().low)
    assert np.isnan(clustered_bootstrap([np.array([])], np.mean, [], [], *(np.random.default_rng(i) for i in range(2))).value)
