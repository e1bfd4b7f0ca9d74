"""Runs of the workflow at smoke scale, on this machine or through the cluster of ``slurm.py``, and what they leave."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from stationary import tables
from stationary.row_hash import logical_hash

PROJECT = Path(__file__).parents[2]
SMOKE = ("--configfile", str(PROJECT / "config" / "smoke.yaml"))
# The project's profile, then the site's.
PROFILES = (PROJECT / "workflow" / "profiles" / "slurm", PROJECT / "tests" / "cluster" / "profile")

# One job each; the last one is left in peace.
TABLES = {
    "convexity_run": "results/convexity/summary.parquet",
    "symmetry_run": "results/symmetry/summary.parquet",
    "traps_tables": "results/traps/summary.parquet",
    "optimizers_widths": "results/optimizers/widths.parquet",
}
# Seconds; a busy machine needs many.
PATIENCE = 900


def start(folder, *arguments):
    """Snakemake in a folder, its words as one text."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(PROJECT / "Snakefile"), *SMOKE, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def here(folder, *arguments, seconds):
    """The tables' hashes after a run on this machine; one at a time in that folder, for test processes share it."""
    with (folder / "one-at-a-time").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, words = finish(start(folder, "--cores", "all", *arguments), seconds)
        assert code == 0, words[-3000:]
        return hashes(folder)


def start_cluster(folder, *arguments):
    """The same through SLURM."""
    return start(folder, *(word for profile in PROFILES for word in ("--profile", str(profile))), *arguments)


def finish(run, seconds):
    """Exit code and words of a run."""
    words, _ = run.communicate(timeout=seconds)
    return run.returncode, words


def hashes(folder):
    """Each table's logical hash, by its path; a half-written one raises."""
    found = sorted((folder / "results").rglob("*.parquet"))
    return {str(path.relative_to(folder)): logical_hash(tables.read(path)) for path in found}


def job(cluster, folder, rule):
    """The number of the rule's job, once it runs."""
    return cluster.wait_for(lambda: cluster.running(folder, rule), PATIENCE, f"{rule}'s job")
