"""Whose lock it is: what is read of a folder before a dead run's lock is taken away."""

import os
import platform
import pwd
import runpy
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a run is found in /proc")

take_up = runpy.run_path(str(Path(__file__).parents[2] / "workflow" / "run.py"))["take_up"]
HERE = f"SNAKEMAKE\n  Host: {platform.node()}\n"
THERE = "SNAKEMAKE\n  Host: node7\n"


def log(folder, text, minutes):
    """A log that begins some minutes after the lock was taken."""
    logs = folder / ".snakemake" / "log"
    logs.mkdir(exist_ok=True)
    began = (datetime.now() + timedelta(minutes=minutes)).isoformat().replace(":", "")
    (logs / f"{began}.snakemake.log").write_text(text)


@pytest.fixture
def locked(tmp_path):
    locks = tmp_path / ".snakemake" / "locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text("results/x.parquet\n")
    return tmp_path


def refusal(folder):
    with pytest.raises(SystemExit) as caught:
        take_up(folder)
    assert f"--unlock --directory {folder}`" in str(caught.value)
    assert (folder / ".snakemake" / "locks" / "0.output.lock").exists()
    return str(caught.value)


@pytest.mark.parametrize("since", ["Building DAG of jobs...\n", HERE], ids=["a dry run", "a run that was refused"])
def test_logs_since_do_not_hide_a_run_on_another_machine(locked, since):
    log(locked, THERE, -5)
    log(locked, since, 5)
    assert "locked by a run on node7" in refusal(locked)


def test_logs_before_the_dead_run_s_own_do_not_matter(locked):
    log(locked, THERE, -9)
    log(locked, HERE, -5)
    take_up(locked)
    assert not (locked / ".snakemake" / "locks").exists()


def test_cluster_jobs_outlive_their_run(locked):
    log(locked, f"{HERE}\nSLURM run ID: d17a0b4c\n", -5)
    assert "cluster jobs, which outlive it (docs/cluster.md" in refusal(locked)


def test_a_user_without_a_name_is_a_number(locked, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1 + (locked / ".snakemake" / "locks" / "0.output.lock").stat().st_uid)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert f"locked by user {os.getuid() - 1}'s run" in refusal(locked)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_files_tell_whose_it_is_and_not_their_folder(locked):
    os.chown(locked / ".snakemake" / "locks", 12345678, -1)
    take_up(locked)
    assert not (locked / ".snakemake" / "locks").exists()
