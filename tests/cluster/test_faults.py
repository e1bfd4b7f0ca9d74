"""What goes wrong on clusters: each fault ends in a line that names it, leaves no half table, and the next run mends it."""

import re
from pathlib import Path

import pytest

from cluster import runs

pytestmark = pytest.mark.cluster

# SLURM's state, as Snakemake repeats it, and the reason, in the log that Snakemake points at. Memory may have no state of its
# own: what is killed is the task, and the job around it fails.
FAULTS = {
    "convexity_run": ("CANCELLED", "CANCELLED AT"),
    "symmetry_run": ("TIMEOUT", "DUE TO TIME LIMIT"),
    "traps_tables": ("OUT_OF_MEMORY|FAILED", "oom-kill|Out Of Memory|exceeded memory limit"),
}


@pytest.fixture(scope="module")
def broken(cluster, tmp_path_factory):
    """A run of four jobs: one cancelled, one hanging until its minute is over, one in too little memory; and its words."""
    folder = tmp_path_factory.mktemp("broken")
    little = ("--set-resources", "symmetry_run:runtime=1", "traps_tables:mem_mb=300")
    run = runs.start_cluster(folder, "--retries", "0", *little, "--", *runs.TABLES.values())
    held = {}

    def hold():
        # Each as soon as it runs, or it is over before the other one's turn has come.
        for rule in {"convexity_run", "symmetry_run"} - held.keys():
            if job := cluster.running(folder, rule):
                cluster.ask("scancel", "--signal=STOP", "--full", job)
                held[rule] = job
        return len(held) == 2

    try:
        cluster.wait_for(hold, runs.PATIENCE, "both jobs' start")
        cluster.ask("scancel", "--signal=CONT", "--full", held["convexity_run"])
        # The script's own log: it is at work.
        cluster.wait_for((folder / "results/logs/convexity/run.log").exists, runs.PATIENCE, "the script's start")
        cluster.ask("scancel", held["convexity_run"])
        code, words = runs.finish(run, runs.PATIENCE)
    finally:
        run.kill()
    assert code == 1, words
    return folder, words, runs.hashes(folder)


@pytest.fixture(scope="module")
def resumed(broken):
    """The same once more; what lacked memory begins with too little again, and the profile's retries give it more."""
    folder, _, _ = broken
    more = ("--set-resources", "traps_tables:mem_mb=300*attempt")
    code, words = runs.finish(runs.start_cluster(folder, *more, "--", *runs.TABLES.values()), runs.PATIENCE)
    assert code == 0, words
    return folder, words


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_named(broken, rule):
    _, words, _ = broken
    state, reason = FAULTS[rule]
    blocks = re.findall(rf"^Error in rule {rule}:$(.*?)(?=^Error|\Z)", words, flags=re.MULTILINE | re.DOTALL)
    assert re.search(rf"SLURM-job '\d+' failed, SLURM status is: '({state})'", blocks[0])
    log = re.search(rf"\S*slurm_logs/rule_{rule}/\d+\.log", blocks[0])
    assert re.search(reason, Path(log[0]).read_text())


def test_only_the_healthy_job_leaves_tables(broken):
    _, _, hashes = broken
    assert set(hashes) == {runs.TABLES["optimizers_widths"]}


def test_the_next_run_mends_what_failed_and_nothing_else(resumed, local):
    folder, words = resumed
    hashes = runs.hashes(folder)
    assert hashes == {path: local[path] for path in hashes}
    assert set(runs.TABLES.values()) < set(hashes)
    assert "optimizers_widths" not in words


def test_a_retry_has_more_memory_and_time(resumed):
    _, words = resumed
    tries = re.findall(r"^rule traps_tables:$.*?mem_mb=(\d+).*?runtime=(\d+)", words, flags=re.MULTILINE | re.DOTALL)
    assert tries == [("300", "60"), ("600", "120")]
