"""What goes wrong on clusters: each fault ends in a line that names it, leaves no half table, and the next run mends it."""

import re
import signal
from pathlib import Path

import pytest

from cluster import runs

pytestmark = pytest.mark.cluster

# One job each; the last one is left in peace.
TABLES = {
    "convexity_run": "results/convexity/summary.parquet",
    "symmetry_run": "results/symmetry/summary.parquet",
    "traps_tables": "results/traps/summary.parquet",
    "optimizers_widths": "results/optimizers/widths.parquet",
}
# SLURM's state, as Snakemake repeats it, and the reason, in the log that Snakemake points at. Memory may have no state of its
# own: what is killed is the task, and the job around it fails.
FAULTS = {
    "convexity_run": ("CANCELLED", "CANCELLED AT"),
    "symmetry_run": ("TIMEOUT", "DUE TO TIME LIMIT"),
    "traps_tables": ("OUT_OF_MEMORY|FAILED", "oom-kill|Out Of Memory|exceeded memory limit"),
}
PATIENCE = 900
# They share a run that fails and the run that mends it: one test process has to do them all.
ONE_AFTER_ANOTHER = pytest.mark.xdist_group("broken, then resumed")


@pytest.fixture(scope="module")
def local(local_folder):
    """The tables' hashes as this machine makes them."""
    code, words = runs.here(local_folder, "--", *TABLES.values(), seconds=PATIENCE)
    assert code == 0, words
    return runs.hashes(local_folder)


@pytest.fixture(scope="module")
def broken(cluster, tmp_path_factory):
    """A run of four jobs: one cancelled, one hanging until its minute is over, one in too little memory; and its words."""
    folder = tmp_path_factory.mktemp("broken")
    little = ("--set-resources", "symmetry_run:runtime=1", "traps_tables:mem_mb=300")
    run = runs.start_cluster(folder, "--retries", "0", *little, "--", *TABLES.values())
    cluster.ask("scancel", "--signal=STOP", "--full", _running(cluster, folder, "symmetry_run"))
    cancelled = _running(cluster, folder, "convexity_run")
    # The script's own log: it is at work.
    cluster.wait_for((folder / "results/logs/convexity/run.log").exists, PATIENCE, "the script's start")
    cluster.ask("scancel", cancelled)
    code, words = runs.finish(run, PATIENCE)
    assert code == 1, words
    return folder, words, runs.hashes(folder)


@pytest.fixture(scope="module")
def resumed(broken):
    """The same once more; what lacked memory begins with too little again, and the profile's retries give it more."""
    folder, _, _ = broken
    more = ("--set-resources", "traps_tables:mem_mb=300*attempt")
    code, words = runs.finish(runs.start_cluster(folder, *more, "--", *TABLES.values()), PATIENCE)
    assert code == 0, words
    return folder, words


@ONE_AFTER_ANOTHER
@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_named(broken, rule):
    _, words, _ = broken
    state, reason = FAULTS[rule]
    blocks = re.findall(rf"^Error in rule {rule}:$(.*?)(?=^Error|\Z)", words, flags=re.MULTILINE | re.DOTALL)
    assert re.search(rf"SLURM-job '\d+' failed, SLURM status is: '({state})'", blocks[0])
    log = re.search(rf"\S*slurm_logs/rule_{rule}/\d+\.log", blocks[0])
    assert re.search(reason, Path(log[0]).read_text())


@ONE_AFTER_ANOTHER
def test_only_the_healthy_job_leaves_tables(broken):
    _, _, hashes = broken
    assert set(hashes) == {TABLES["optimizers_widths"]}


@ONE_AFTER_ANOTHER
def test_the_next_run_mends_what_failed_and_nothing_else(resumed, local):
    folder, words = resumed
    hashes = runs.hashes(folder)
    assert hashes == {path: local[path] for path in hashes}
    assert set(TABLES.values()) < set(hashes)
    assert "optimizers_widths" not in words


@ONE_AFTER_ANOTHER
def test_a_retry_has_more_memory_and_time(resumed):
    _, words = resumed
    tries = re.findall(r"^rule traps_tables:$.*?mem_mb=(\d+).*?runtime=(\d+)", words, flags=re.MULTILINE | re.DOTALL)
    assert tries == [("300", "60"), ("600", "120")]


@pytest.mark.parametrize("orphan", ["ends by itself", "is cancelled"])
def test_a_killed_snakemake_is_taken_up_again(cluster, local, tmp_path, orphan):
    target = ("--", TABLES["convexity_run"])
    run = runs.start_cluster(tmp_path, *target)
    job = _running(cluster, tmp_path, "convexity_run")
    run.kill()
    run.communicate()
    # The job outlives the Snakemake that submitted it. Held here, so that it is at work when the next one comes.
    cluster.ask("scancel", "--signal=STOP", "--full", job)
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), PATIENCE)
    assert (code, "--unlock" in words) == (1, True), words
    cluster.ask("scancel", *([] if orphan == "is cancelled" else ["--signal=CONT", "--full"]), job)
    cluster.wait_for(lambda: job in cluster.records(tmp_path), PATIENCE, "the job's end")
    code, words = runs.finish(runs.start(tmp_path, "--unlock"), PATIENCE)
    assert code == 0, words
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), PATIENCE)
    assert code == 0, words
    hashes = runs.hashes(tmp_path)
    assert len(hashes) == 4
    assert hashes == {path: local[path] for path in hashes}
    # What the orphan finished is kept, what it did not is computed again.
    states = [state for state, _ in cluster.records(tmp_path).values()]
    assert states == (["CANCELLED", "COMPLETED"] if orphan == "is cancelled" else ["COMPLETED"])


def test_an_interrupt_takes_the_jobs_along(cluster, tmp_path):
    run = runs.start_cluster(tmp_path, "--", TABLES["convexity_run"])
    job = _running(cluster, tmp_path, "convexity_run")
    # A job of seconds would be over before a busy machine has said what Ctrl-C says.
    cluster.ask("scancel", "--signal=STOP", "--full", job)
    run.send_signal(signal.SIGINT)
    code, words = runs.finish(run, PATIENCE)
    assert code == 1, words
    cluster.wait_for(lambda: job in cluster.records(tmp_path), PATIENCE, "the job's end")
    assert [state for state, _ in cluster.records(tmp_path).values()] == ["CANCELLED"]
    assert runs.hashes(tmp_path) == {}


def _running(cluster, folder, rule):
    """The number of the rule's job, once it runs."""
    return cluster.wait_for(lambda: cluster.running(folder, rule), PATIENCE, f"{rule}'s job")
