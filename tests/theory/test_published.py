"""The transcription: orders that any such measurements must have."""

import pytest

from stationary.theory.published import ANNEALING, ENERGIES, LOSSES, SUCCESS


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


def test_the_measured_energies_are_those_that_were_measured():
    """Sums of the columns, a checksum against a mistyped digit."""
    names = ("mean", "sd", "smallest", "low", "median", "high", "largest")
    sums = [sum(getattr(row, name) for row in ENERGIES.values()) for name in names]
    assert sums == pytest.approx([-12.4535, 0.2254, -12.952, -12.847, -12.459, -12.061, -11.752], abs=1e-9)


def test_spreads_of_energies_fit_their_quantiles_and_fall_with_size():
    """Between the quantiles 0.05 and 0.95 of a bell lie 3.3 standard deviations."""
    rows = [ENERGIES[size] for size in sorted(ENERGIES)]
    assert [row.size for row in rows if not 3.0 < (row.high - row.low) / row.sd < 3.8] == []
    assert [row.sd for row in rows] == sorted([row.sd for row in rows], reverse=True)


def test_printed_errors_are_the_binomial_standard_errors_of_the_shares():
    for one in SUCCESS.values():
        assert (one.share * (1 - one.share) / one.runs) ** 0.5 == pytest.approx(one.error, abs=5e-3)
