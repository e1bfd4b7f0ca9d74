"""D9 on invented ratios whose law is known, and on the exact ones."""

import numpy as np
import pytest
import scipy.stats

from stationary import tables
from stationary.experiments import spin_glass_complexity, spin_glass_ratio
from stationary.experiments.spin_glass_tables import COMPLEXITY
from stationary.theory import auffinger

SIZES = np.arange(10, 61, 5)
AIC = "AIC of the power law minus AIC of the exponential, saddles over minima"
SLOPE = "slope of log (saddles over minima) against N"


def complexity(ratio, sizes=SIZES, minima=2.0):
    """Two minima and as many maxima at every size, saddles by the ratio; curves and other p stand beside and are not read."""
    rows = [(3, "theta", -1, 0, np.nan), (4, "count", 0, 12, 9.0), (3, "count", 0, 8, 5.0), (3, "count", -1, 8, 99.0)]
    for size, value in zip(sizes.tolist(), ratio, strict=True):
        counts = {0: minima, size - 1: minima, -1: minima * (value + 2.0)}
        rows += [(3, "count", k, size, count) for k, count in counts.items()] + [(3, "sharp", -1, size, 1.0)]
    values = dict(zip(("p", "kind", "k", "size", "expected_count"), zip(*rows, strict=True), strict=True))
    beside = {name: [0.0] * len(rows) for name in ("u", "theta", "standard_error")}
    return tables.from_columns(values | beside, COMPLEXITY)


def judged(table):
    return {row["statistic"]: row for row in spin_glass_ratio.rows(table) if row["judged"]}


def test_an_exact_exponential_wins_with_its_rate():
    found = judged(complexity(3.0 * np.exp(0.25 * SIZES)))
    assert set(found) == {AIC, SLOPE}
    assert found[AIC]["estimate"] > 100.0
    assert [found[SLOPE][key] for key in ("estimate", "ci_low", "ci_high")] == pytest.approx([0.25] * 3, abs=1e-9)
    assert {row["n"] for row in found.values()} == {11}


def test_an_exact_power_law_wins_and_rises_all_the_same():
    found = judged(complexity(SIZES**2.5))
    assert found[AIC]["estimate"] < -100.0
    assert found[SLOPE]["estimate"] > 0.0


def test_a_falling_ratio_has_a_negative_slope():
    assert judged(complexity(50.0 * np.exp(-0.1 * SIZES)))[SLOPE]["estimate"] == pytest.approx(-0.1)


def test_the_difference_of_aic_is_that_of_the_residual_sums():
    logs = np.log(SIZES) + 0.05 * SIZES + 0.1 * np.sin(SIZES)
    squares = [np.polyfit(x, logs, 1, full=True)[1].item() for x in (SIZES, np.log(SIZES))]
    found = judged(complexity(np.exp(logs)))
    assert found[AIC]["estimate"] == pytest.approx(11 * np.log(squares[1] / squares[0]))
    slope, covariance = np.polyfit(SIZES, logs, 1, cov=True)
    half = scipy.stats.t.ppf(0.975, 9) * np.sqrt(covariance[0, 0])
    assert found[SLOPE]["ci_high"] == pytest.approx(slope[0] + half)


def test_sizes_without_all_three_counts_and_fewer_than_three_sizes_say_nothing():
    whole = complexity(np.exp(0.25 * SIZES))
    last = whole.slice(0, len(whole) - 2)  # the largest size has lost its total
    assert judged(last)[AIC]["n"] == 10
    assert list(spin_glass_ratio.rows(complexity([3.0, 9.0], SIZES[:2]))) == []


def test_the_exact_ratio_is_that_of_the_counts_by_index(monkeypatch):
    monkeypatch.setattr(spin_glass_complexity, "RATIO_SIZES", (10, 12))
    ratio = spin_glass_ratio.ratios(spin_glass_complexity.run(spins=[3], sizes=[3, 8]))
    assert ratio["size"].tolist() == [10, 12]
    for size, value in ratio.itertuples(index=False):
        counts = auffinger.expected_counts(3, int(size))
        np.testing.assert_allclose(counts, counts[::-1], rtol=1e-10)
        assert value == pytest.approx(counts[1:-1].sum() / counts[0], rel=1e-10)


def test_the_claims_range_is_covered():
    assert spin_glass_complexity.RATIO_SIZES[0] == spin_glass_ratio.SMALLEST
    assert spin_glass_complexity.RATIO_SIZES[-1] == 60
