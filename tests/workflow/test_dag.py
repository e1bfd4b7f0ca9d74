"""The workflow as a user meets it, without running a job."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stationary import tables
from stationary.config.newton import batches
from stationary.config.settings import Settings

ROOT = Path(__file__).parents[2]


WHERE = "Name a .npz in Keras' layout or a folder of IDX files, or leave it empty to download."


def snakemake(folder, *arguments):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / ".cache")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def dry_run(folder, *arguments):
    done = snakemake(folder, "--snakefile", str(ROOT / "Snakefile"), "--dry-run", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def jobs(output):
    """Rule name to number of jobs, from the table a dry run prints."""
    return {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", output, flags=re.MULTILINE)}


def overlay(folder, text):
    (folder / "mine.yaml").write_text(text)
    return ("--configfile", "mine.yaml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("newton: {starts: 3}", "config: newton.starts = 3 is not allowed. Use a whole number >= 10 and <= 100000."),
        (
            "minima: {dataset: mnist, path: nowhere.npz}",
            f"minima.path: there is no file or folder nowhere.npz. {WHERE}",
        ),
        (
            "newtn: {starts: 30}",
            (
                "config: newtn is not a key. Use one of: conditioning, convexity, devices, minima, newton, optimizers, "
                "saddles, scale, seed, source, spin_glass, symmetry, traps (did you mean 'newton'?)."
            ),
        ),
    ],
)
def test_a_bad_config_ends_in_one_line_and_writes_nothing(tmp_path, text, line):
    done = snakemake(tmp_path, "--snakefile", str(ROOT / "Snakefile"), "--dry-run", *overlay(tmp_path, text))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line + "\n")
    assert {path.name for path in tmp_path.iterdir()} <= {"mine.yaml", ".cache"}


def test_a_ledger_that_names_what_is_not_there_ends_in_one_line(tmp_path):
    for name in ("workflow", "config"):
        shutil.copytree(ROOT / name, tmp_path / name)
    ledger = tmp_path / "config" / "ledger.yaml"
    ledger.write_text(ledger.read_text().replace("figure: newton_pinn", "figure: newton_pin"))
    done = snakemake(tmp_path, "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Using workflow specific profile")
    line = "\n".join(done.stderr.splitlines()[1:])
    assert re.fullmatch(r"config/ledger.yaml: N6: figure 'newton_pin' is not drawn\. .*mean 'newton_pinn'\?\)\.", line)


def _newton_jobs():
    """One per condition and group of its methods; those that import TensorFlow are three, one per problem."""
    found = batches(Settings().newton.conditions(seed=0).values())
    assert sum(group == "first_order" for _, group in found) == 3
    return len(found)


def test_plain_snakemake_makes_everything():
    """From the top folder, with the defaults and without naming a target."""
    done = snakemake(ROOT, "--dry-run", "--forceall")
    assert done.returncode == 0, done.stderr
    counts = jobs(done.stdout)
    assert counts["newton_runs"] == _newton_jobs() > 50
    assert counts["newton_summary"] == counts["newton_linear"] == 1
    assert counts["newton_collect"] == 2
    assert counts["claims"] == 1
    assert sum(name.startswith("newton_") for name in counts) == 4
    assert sum(name.startswith("figure_newton_") for name in counts) == len(FIGURES)


def test_more_starts_than_a_block_become_more_jobs(tmp_path):
    smoke = ("--configfile", str(ROOT / "config" / "smoke.yaml"))
    (tmp_path / "blocks.yaml").write_text("newton: {block: 4}")
    whole = jobs(dry_run(tmp_path, *smoke))
    split = jobs(dry_run(tmp_path, *smoke, "blocks.yaml"))
    # Ten starts of a main condition are 4 + 4 + 2; three starts of a sweep condition stay one block.
    assert whole["newton_runs"] < split["newton_runs"] < 3 * whole["newton_runs"]


@pytest.fixture
def kept(tmp_path):
    """A folder with the tables that are kept in git."""
    shutil.copytree(ROOT / "results" / "reference", tmp_path / "results" / "reference")
    return tmp_path


def test_kept_tables_are_drawn_without_computing(kept):
    counts = jobs(dry_run(kept, *overlay(kept, "source: reference")))
    assert {name for name in counts if "newton" in name} == {f"figure_newton_{figure}" for figure in FIGURES}
    others = {name for name in counts if not name.startswith("figure_")}
    assert others == {"claims", "report_page", "run_crate", "everything", "total"}


def test_kept_tables_give_the_kept_verdicts_and_figures(kept):
    figures = [f"results/figures/{name}.png" for name in ("newton_end_points", "saddles_kinds", "spin_glass_counts")]
    targets = ("--", "results/claims.parquet", *figures)
    done = snakemake(kept, "--snakefile", str(ROOT / "Snakefile"), *overlay(kept, "source: reference"), *targets)
    assert done.returncode == 0, done.stderr
    verdicts, before = (
        tables.read(kept / "results" / place / "claims.parquet").select(["id", "verdict", "estimate", "scale"])
        for place in ("", "reference")
    )
    assert tables.logical_hash(verdicts) == tables.logical_hash(before)
    assert all((kept / figure).stat().st_size > 10_000 for figure in figures)


@pytest.mark.parametrize(
    ("absent", "text", "line"),
    [
        ("jobs.parquet", "source: reference", r"results/reference/jobs\.parquet is missing\. Restore it: .*"),
        ("traps/cliff.parquet", "source: reference", r"results/reference/traps/cliff\.parquet is missing\. Restore it: .*"),
        ("", "{source: reference, scale: smoke}", r"source = reference: .* scale = laptop, not smoke\. Leave out scale.*"),
    ],
)
def test_what_kept_tables_cannot_show_is_refused_in_one_line(kept, absent, text, line):
    if absent:
        (kept / "results" / "reference" / absent).unlink()
    done = snakemake(kept, "--snakefile", str(ROOT / "Snakefile"), "--dry-run", *overlay(kept, text))
    assert done.returncode == 1
    assert re.fullmatch(line, done.stderr.strip())


FIGURES = ["final_losses", "end_points", "trajectories", "mechanism", "robustness", "spectra", "pinn", "linear"]


def test_another_workflow_can_import_this_one(tmp_path):
    (tmp_path / "Snakefile").write_text(
        f"""
module stationary:
    snakefile: {str(ROOT / "workflow" / "Snakefile")!r}
    config: {{"scale": "smoke", "newton": {{"starts": 10}}}}
    prefix: "landscapes"

use rule * from stationary as stationary_*

rule mine:
    default_target: True
    input:
        "landscapes/results/newton/summary.parquet",
"""
    )
    done = snakemake(tmp_path, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert jobs(done.stdout)["stationary_newton_runs"] == _newton_jobs()


@pytest.mark.parametrize("rules", sorted((ROOT / "workflow" / "rules").glob("*.smk")), ids=lambda path: path.stem)
def test_every_rule_says_what_a_cluster_needs(rules):
    for rule in re.split(r"^ *rule ?\w*:", rules.read_text(), flags=re.MULTILINE)[1:]:
        if "script:" in rule:
            for directive in (
                "log:",
                "benchmark:",
                "params:",
                "conda:",
                "threads:",
                "mem_mb=growing(",
                "runtime=growing(",
                "digest_of(",
            ):
                assert directive in rule, f"{rules.name}: a rule has no {directive}"


def test_scripts_are_thin():
    for script in (ROOT / "workflow" / "scripts").glob("*.py"):
        assert len(script.read_text().splitlines()) <= 30, script.name
