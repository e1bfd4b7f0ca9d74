"""Slopes, projections and ratios, on numbers whose answer is known; nothing is timed."""

import numpy as np
import pytest

from benchmarks import growth, projection
from benchmarks.comparison import Comparison
from stationary.config.settings import Settings


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


def test_laptop_settings_projected_on_themselves_change_nothing(monkeypatch):
    monkeypatch.setattr(projection, "load", lambda _: Settings())
    seconds = {"newton/main-poisson/exact.0": 5.0, "minima/digits-paper-25/0": 7.0, "claims": 1.0}
    rows = projection.project(seconds)
    assert all(row.factor == pytest.approx(1.0) for row in rows)
    assert sum(job for row in rows for job in row.jobs) == pytest.approx(13.0)


def test_a_folder_without_a_whole_run_is_projected_from_the_kept_one(tmp_path, capsys):
    (tmp_path / "results/benchmarks").mkdir(parents=True)
    (tmp_path / "results/benchmarks/claims.tsv").write_text("s\tcpu_time\tmax_rss\n1.0\t1.0\t100.0\n")
    rows = projection.project(projection.measured_seconds(tmp_path))
    assert "taking the one kept in results/reference/" in capsys.readouterr().out
    assert all(row.laptop > 0 for row in rows)


def test_every_part_finds_its_benchmark_files():
    names = {
        "newton runs": "newton/sweep-10-depth-3/exact.0",
        "minima, training": "minima/digits-authors_code-500/0",
        "glass, all critical points": "spin_glass/p4-n7.1",
        "saddles, searches": "saddles/classifier-4x4-25/newton_mr.0",
        "saddles, optimisers": "saddles/optimisers.50",
    }
    for part, file in names.items():
        found = {row.name: row.laptop for row in projection.project({file: 2.0})}
        assert found[part] == 2.0
        assert sum(found.values()) == 2.0
