"""What make decides before it starts anything; the environment's Python is a stub that notes how it is called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from stationary.claims.ledger import KEYS

ROOT = Path(__file__).parents[2]
STUB = '#!/bin/sh\necho "$#: $*" >> called\n'


@pytest.fixture
def folder(tmp_path):
    """The Makefile with an environment that is up to date."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(STUB)
    python.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "claims.md").write_text("# Verdicts\n\n39 supported.\n")
    return tmp_path


def make(folder, *arguments, **variables):
    done = subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, env={**os.environ, "MAKEFLAGS": "", **variables}
    )
    called = folder / "called"
    return done, called.read_text() if called.exists() else ""


def summary(folder, experiment):
    (folder / "results" / experiment).mkdir()
    (folder / "results" / experiment / "summary.parquet").touch()


@pytest.mark.parametrize("experiment", KEYS)
def test_figures_of_the_kept_run_never_replace_those_of_your_own(folder, experiment):
    summary(folder, experiment)
    done, called = make(folder, "figures")
    assert (done.returncode, called) == (2, "")
    assert "results/ holds a run of your own" in done.stderr


def test_results_of_another_workflow_are_no_run_of_this_one(folder):
    summary(folder, "valleys")
    done, called = make(folder, "figures")
    assert done.returncode == 0, done.stderr
    assert "--config source=reference" in called
    assert "results/claims.md: 39 supported." in done.stdout


def test_an_overlay_is_named_on_the_command_line_alone(folder):
    _, called = make(folder, "results", "CONFIG=my settings.yaml")
    assert called.startswith("6: workflow/run.py --cores all --rerun-incomplete --configfile my settings.yaml\n")
    (folder / "called").unlink()
    _, called = make(folder, "results", CONFIG="Release")
    assert called.startswith("4: workflow/run.py --cores all --rerun-incomplete\n")
