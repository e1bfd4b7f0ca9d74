"""The transcription: orders that any such measurements must have."""

import pytest

from stationary.theory.published import ANNEALING, ENERGIES, LOSSES


@pytest.mark.parametrize("size", ENERGIES)
def test_quantiles_of_an_energy_ascend_around_its_mean(size):
    one = ENERGIES[size]
    quantiles = [one.smallest, one.low, one.median, one.high, one.largest]
    assert quantiles == sorted(quantiles)
    assert one.low < one.mean < one.high
    assert abs(one.mean - one.median) < one.sd
    assert one.size == size


def test_energies_fall_with_size_towards_the_threshold():
    means = [ENERGIES[size].mean for size in sorted(ENERGIES)]
    assert means == sorted(means, reverse=True)
    assert min(means) > -1.632993


def test_losses_spread_and_correlate_less_in_wider_networks():
    for name in ("train_mean", "train_sd", "test_mean", "test_sd", "test_median", "correlation"):
        values = [getattr(LOSSES[width], name) for width in sorted(LOSSES)]
        assert values == sorted(values, reverse=True), name


def test_annealing_was_worse_at_all_widths_but_one():
    assert [width for width, one in ANNEALING.items() if one.annealing <= one.descent] == [15]
