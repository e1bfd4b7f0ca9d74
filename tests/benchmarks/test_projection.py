"""The projection to paper scale, on numbers whose answer is known, and what the cluster's profile makes of it."""

from pathlib import Path

import pytest
import yaml

from benchmarks import projection
from stationary.config.settings import Settings

ROOT = Path(__file__).parents[2]
PARTS = {  # rules that slurm-paper gives their times -> their parts
    "newton_runs": "newton runs",
    "minima_training": "minima, training",
    "minima_annealing": "minima, annealing",
    "saddle_search": "saddles, searches",
    "saddle_optimisers": "saddles, optimisers",
    "optimizers_runs": "optimisers, polynomials",
    "optimizers_fits": "optimisers, fits",
    "optimizers_digits": "optimisers, digits",
    "optimizers_widths": "optimisers, widths",
}


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


def test_slurm_paper_gives_the_longest_jobs_their_time(tmp_path):
    """Nearly twice what is projected from the kept run, as the ten hours of the rules of minima are without it."""
    minutes = {row.name: max(row.jobs) / 60 for row in projection.project(projection.measured_seconds(tmp_path))}
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm-paper/profile.yaml").read_text())
    given = {rule: float(kept["runtime"].removesuffix("*attempt")) for rule, kept in profile["set-resources"].items()}
    assert given.keys() == PARTS.keys()
    for rule, part in PARTS.items():
        assert 1.8 * minutes[part] < given[rule], rule
    others = {part: longest for part, longest in minutes.items() if longest > 30 and part not in PARTS.values()}
    assert others.keys() == {"minima, teachers", "minima, spectra and polish"}
    assert 1.8 * max(others.values()) < 600
