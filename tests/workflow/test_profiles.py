"""The profiles, read and dry-run without a cluster."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SMOKE = ("--configfile", str(ROOT / "config" / "smoke.yaml"))
SLURM = ROOT / "workflow" / "profiles" / "slurm"
PAPER = SLURM.with_name("slurm-paper")


def snakemake(folder, *arguments):
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / ".cache")}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("profile", [SLURM, PAPER, ROOT / "tests" / "cluster" / "profile"], ids=lambda path: path.name)
def test_every_key_has_a_comment(profile):
    lines = (profile / "profile.yaml").read_text().splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"[a-z-]+:", line)]
    assert [lines[number] for number in keys if not lines[number - 1].startswith("# ")] == []
    assert len(keys) == len(yaml.safe_load("\n".join(lines)))


def test_groups_are_of_rules_that_exist(tmp_path):
    profile = yaml.safe_load((SLURM / "profile.yaml").read_text())
    assert set(profile["groups"]) <= set(snakemake(tmp_path, *SMOKE, "--list-rules").split())
    # Figures name their group in their rule, for there are many.
    assert set(profile["group-components"]) <= {*profile["groups"].values(), "figures"}


def test_a_retry_asks_for_more(tmp_path):
    """A dry run with the profile, where no SLURM is needed."""
    profile = ("--profile", str(SLURM), *SMOKE, "--dry-run")
    asked = [_asked(snakemake(tmp_path, *profile, "--attempt", attempt)) for attempt in ("1", "2")]
    assert len(asked[0]) > 100
    assert asked[1] == {job: [2 * amount for amount in amounts] for job, amounts in asked[0].items()}


def test_paper_scale_has_more_time(tmp_path):
    """The second profile's times grow with the attempt like the rules' own, and every rule and group in it exists."""
    profiles = ("--profile", str(SLURM), "--profile", str(PAPER), *SMOKE, "--dry-run")
    asked = [_asked(snakemake(tmp_path, *profiles, "--attempt", attempt)) for attempt in ("1", "2")]
    assert asked[0]["results/logs/optimizers/runs.log"][1] == 720
    assert asked[1] == {job: [2 * amount for amount in amounts] for job, amounts in asked[0].items()}
    profile, base = (yaml.safe_load((folder / "profile.yaml").read_text()) for folder in (PAPER, SLURM))
    assert set(profile["set-resources"]) <= set(snakemake(tmp_path, *SMOKE, "--list-rules").split())
    assert set(profile["group-components"]) == set(base["group-components"])


def _asked(words):
    """By log, which every job has one of: memory in MB, minutes."""
    jobs = re.findall(r"^ *log: (\S+)$.*?^ *resources: ([^\n]*)$", words, flags=re.MULTILINE | re.DOTALL)
    return {log: [int(re.search(rf"\b{name}=(\d+)", line)[1]) for name in ("mem_mb", "runtime")] for log, line in jobs}
