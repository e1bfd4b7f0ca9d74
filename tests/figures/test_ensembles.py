import numpy as np
import pandas as pd
import pytest

from stationary.figures import ensembles
from stationary.figures.minima_bad import relative_losses
from stationary.figures.minima_correlation import best_by_training
from stationary.figures.minima_scaled_losses import scaling
from stationary.intervals import Replicates


def runs(**columns):
    size = len(next(iter(columns.values())))
    base = {"condition": "c", "split": 0, "order_group": np.arange(size) // 4, "lost": False}
    return pd.DataFrame(base | columns)


def exact(value):
    return Replicates(value, np.full(50, value), 9)


def test_a_power_law_is_found_from_the_first_judged_width_on():
    widths = [2, 5, 10, 100]
    law = ensembles.power_law(widths, [exact(9.0), *(exact(3.0 * n**-1.5) for n in widths[1:])])
    assert law.sizes == (5, 10, 100)
    np.testing.assert_allclose([law.exponent.value, np.exp(law.level.value)], [-1.5, 3.0], rtol=1e-12)
    np.testing.assert_allclose(law.exponent.resamples, -1.5)


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 1.0], [np.nan, 1.0]])
def test_no_power_law_from_fewer_than_two_positive_values(values):
    law = ensembles.power_law([5, 10][: len(values)], [exact(value) for value in values])
    assert np.isnan(law.exponent.value)


def test_levelled_losses_keep_differences_within_divisions_and_the_mean_of_all():
    frame = runs(test_loss=[1.0, 3.0, 11.0, 13.0], split=[0, 0, 1, 1])
    np.testing.assert_allclose(ensembles.levelled(frame, "test_loss"), [6.0, 8.0, 6.0, 8.0])


def test_intervals_widen_when_a_group_shares_what_it_draws():
    spread = np.random.default_rng(0).normal(size=160)
    shared = np.repeat(spread[:10], 16)
    widths = []
    for loss in (spread, shared):
        frame = runs(test_loss=loss, order_group=np.repeat(np.arange(10), 16))
        found = ensembles.replicates(frame, ensembles.MEAN).estimate()
        widths.append((found.high - found.low) / np.std(loss))
    assert widths[1] > 2 * widths[0]


def test_scaling_is_found_and_needs_three_widths():
    means = {n: 0.07 * np.exp(13.70 * n**-1.128) for n in (25, 50, 100, 250, 500)}
    law = scaling(means)
    np.testing.assert_allclose([law.alpha, law.beta], [13.70, -1.128], rtol=1e-3)
    np.testing.assert_allclose([means[n] / law.mean(n) for n in means], 1.0, rtol=1e-6)
    assert scaling({25: 0.1, 50: 0.09}) is None


def test_the_best_tenth_is_taken_in_every_division():
    train = np.concatenate([np.arange(20.0), 100.0 + np.arange(20.0)])
    best = best_by_training(runs(train_loss=train, split=np.repeat([0, 1], 20)))
    assert np.flatnonzero(best).tolist() == [0, 1, 20, 21]


def test_a_lost_run_is_above_every_multiple_of_the_median():
    ratio = relative_losses(
        runs(test_loss=[1.0, 2.0, 3.0, np.nan, 5.0, 7.0], lost=[False] * 3 + [True] * 3, split=[0] * 4 + [1] * 2)
    )
    np.testing.assert_allclose(ratio, [0.4, 0.8, 1.2, np.inf, np.inf, np.inf])
