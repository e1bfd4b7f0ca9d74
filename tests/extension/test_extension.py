"""Another workflow imports this one and adds an experiment: run for real, in a folder of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc
import pytest

from stationary import provenance, tables
from stationary.claims import ledger, verdict
from stationary.code_digest import closure

HERE = Path(__file__).parent
SETTINGS = """
stationary: {scale: smoke, seed: 7, convexity: {trials: 100, points: 100, series: 10, starts: 2}}
valleys: {starts: 40}
"""
CONFIG = HERE.parents[1] / "config"
ADDED = ("valleys", "figure_valleys_points", "claims_valleys")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("extension")
    (place / "mine.yaml").write_text(SETTINGS)
    return place


def snakemake(folder, *arguments):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--snakefile", str(HERE / "Snakefile"), *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / ".cache")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def results(folder):
    """What is added, and beside it one cheap experiment of the base."""
    done = snakemake(folder, "--configfile", "mine.yaml", "--", *ADDED[1:], "convexity_run")
    assert done.returncode == 0, done.stderr
    return folder / "results"


@pytest.fixture(scope="module")
def planned(folder):
    """What a dry run prints of everything."""
    done = snakemake(folder, "--dry-run", "--forceall", "--configfile", "mine.yaml")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dry_run_shows_the_base_and_what_is_added(planned):
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", planned, flags=re.MULTILINE))
    assert {*ADDED, "claims", "newton_summary", "figure_newton_pinn", "minima_training", "saddle_summary"} <= set(jobs)
    assert int(jobs["newton_runs"]) > 50


def test_the_claim_has_a_verdict_beside_the_base_s_results(results):
    (verdict,) = tables.read(results / "claims_valleys.parquet").to_pylist()
    assert (verdict["id"], verdict["family"], verdict["verdict"], verdict["scale"]) == ("V1", "V", "supported", "smoke")
    assert (verdict["figure"], verdict["table"]) == ("valleys_points", "valleys/summary.parquet")
    page = (results / "claims_valleys.md").read_text()
    assert page.startswith("# Verdicts on 1 claim at ")
    assert "(`extension/claims.yaml`)" in page
    assert "## V: Bent valleys" in page
    assert (results / "figures" / "valleys_points.png").stat().st_size > 10_000
    trials = tables.read(results / "convexity" / "trials.parquet")
    assert pc.min(trials["trials"]).as_py() <= 100
    assert tables.provenance_of(trials)["seed"] == 7


def test_every_minimum_that_was_found_is_a_published_one(results):
    """f = 0, or the second minimum's published value of 3.70 to 3.99 (N = 4 to 7)."""
    points = tables.read(results / "valleys" / "critical_points.parquet").to_pandas()
    minima = points[points["kind"] == "minimum"]
    assert set(minima["size"]) == {2, 3, 4, 5, 6, 7}
    assert ((minima["loss"] < 1e-20) | minima["loss"].between(3.70, 3.99)).all()
    assert (minima["loss"][minima["size"] < 4] < 1e-20).all()


def stand_in(results, path):
    """A file for what takes the base's experiments minutes to compute; verdicts are those of the one that was run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == "claims.parquet":
        rules = ledger.load(CONFIG / "claims.yaml", CONFIG / "ledger.yaml")
        judged = verdict.judge(rules, {"convexity": tables.read(results / "convexity" / "summary.parquet")}, "smoke")
        tables.write(judged, path, provenance.here({}, seed=7, scale="smoke"))
    else:
        shutil.copy(results / ("convexity/trials.parquet" if path.suffix == ".parquet" else "figures/valleys_points.png"), path)


def test_the_page_shows_the_claim_the_figure_and_the_chapter_beside_the_base_s(folder, planned, results):
    read = re.search(r"^rule report_page:\n    input: (.*)$", planned, flags=re.MULTILINE)[1].split(", ")
    for path in map(folder.joinpath, read):
        if not path.exists():
            stand_in(results, path)
    # Only these rules may run, so that stand-ins count as what others left.
    rules = ("--allowed-rules", *ADDED, "report_page", "--", "report_page")
    done = snakemake(folder, "--configfile", "mine.yaml", *rules)
    assert done.returncode == 0, done.stderr
    html = (results / "report" / "index.html").read_text(encoding="utf-8")
    for place in ("claim-V1", "claim-A3", "family-V", "figure-valleys_points", "experiment-valleys", "rule-claims_valleys"):
        assert f'id="{place}"' in html
    for line in ("tests/extension/claims.yaml:6", "tests/extension/ledger.yaml:6", "tests/extension/valleys/experiment.py:"):
        assert line in html


def test_a_second_run_has_nothing_to_do(folder, results):
    done = snakemake(folder, "--dry-run", "--configfile", "mine.yaml", "--", *ADDED[1:], "convexity_run")
    assert done.returncode == 0, done.stderr
    assert results.is_dir()
    assert "Nothing to be done" in done.stdout


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("valleys: {start: 3}", r"config: valleys\.start is not a key\. Use one of: max_iterations, .*mean 'starts'\?\)\."),
        ("stationary: {newtn: {}}", r"config: newtn is not a key\. Use one of: .*mean 'newton'\?\)\."),
    ],
)
def test_a_bad_setting_of_either_ends_in_one_line(folder, text, line):
    (folder / "bad.yaml").write_text(text)
    done = snakemake(folder, "--dry-run", "--configfile", "bad.yaml")
    assert done.returncode == 1
    assert re.fullmatch(line, done.stderr.strip())


def test_the_digest_reaches_through_the_experiment_into_the_base():
    reached = closure("valleys.experiment")
    assert {"valleys.rosenbrock", "valleys.settings", "stationary.methods.critical_point", "stationary.spectra"} <= set(reached)
    assert not {name for name in reached if name.startswith("stationary.figures")}
