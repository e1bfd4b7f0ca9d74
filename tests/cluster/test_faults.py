"""What goes wrong on clusters: each fault ends in a line that names it, leaves no half table, and the next run mends it."""

import re

import pytest

from cluster import runs, slurm

pytestmark = pytest.mark.cluster

# One job each; the last one is left in peace.
TABLES = {
    "convexity_run": "results/convexity/summary.parquet",
    "symmetry_run": "results/symmetry/summary.parquet",
    "traps_tables": "results/traps/summary.parquet",
    "optimizers_widths": "results/optimizers/widths.parquet",
}
STATES = {
    "convexity_run": "CANCELLED",
    "symmetry_run": "TIMEOUT",
    # Without control groups SLURM sees the memory and ends the job, but has no word for it.
    "traps_tables": "OUT_OF_MEMORY" if slurm.CGROUPS else "FAILED",
}
PATIENCE = 900


@pytest.fixture(scope="module")
def local(local_folder):
    """The tables' hashes as this machine makes them."""
    code, words = runs.finish(runs.start(local_folder, "--cores", "all", "--", *TABLES.values()), PATIENCE)
    assert code == 0, words
    return runs.hashes(local_folder)


@pytest.fixture(scope="module")
def broken(cluster, tmp_path_factory):
    """A run of four jobs: one cancelled, one hanging until its minute is over, one in too little memory; and its words."""
    folder = tmp_path_factory.mktemp("broken")
    little = ("--set-resources", "symmetry_run:runtime=1", "traps_tables:mem_mb=300")
    run = runs.start_cluster(folder, "--retries", "0", *little, "--", *TABLES.values())
    slurm.ask("scancel", _running(folder, "convexity_run"))
    slurm.ask("scancel", "--signal=STOP", "--full", _running(folder, "symmetry_run"))
    code, words = runs.finish(run, PATIENCE)
    assert code == 1, words
    return folder, words, runs.hashes(folder)


@pytest.fixture(scope="module")
def resumed(broken):
    """The same once more; the job without enough memory starts with too little again, and the profile's retries give it more."""
    folder, _, _ = broken
    more = ("--set-resources", "traps_tables:mem_mb=300*attempt")
    code, words = runs.finish(runs.start_cluster(folder, *more, "--", *TABLES.values()), PATIENCE)
    assert code == 0, words
    return folder, words


@pytest.mark.parametrize("rule", STATES)
def test_a_fault_is_named(broken, rule):
    folder, words, _ = broken
    blocks = re.findall(rf"^Error in rule {rule}:$(.*?)(?=^Error|\Z)", words, flags=re.MULTILINE | re.DOTALL)
    assert re.search(rf"SLURM-job '(\d+)' failed, SLURM status is: '{STATES[rule]}'", blocks[0])
    assert f"rule_{rule}" in blocks[0], "no word on where the log is"


def test_only_the_healthy_job_leaves_tables(broken):
    _, _, hashes = broken
    assert set(hashes) == {TABLES["optimizers_widths"]}


def test_the_next_run_mends_what_failed_and_nothing_else(resumed, local):
    folder, words = resumed
    hashes = runs.hashes(folder)
    assert hashes == {path: local[path] for path in hashes}
    assert set(TABLES.values()) < set(hashes)
    assert "optimizers_widths" not in words


def test_a_retry_has_more_memory(resumed):
    _, words = resumed
    assert re.search(r"Trying to restart job \d+\.", words)
    assert re.findall(r"mem_mb=(\d+)", "".join(re.findall("rule traps_tables:(.*?)Job", words, flags=re.DOTALL)))[:1] == ["300"]


def test_a_killed_snakemake_is_taken_up_again(cluster, local, tmp_path):
    target = ("--", TABLES["convexity_run"])
    run = runs.start_cluster(tmp_path, *target)
    job = _running(tmp_path, "convexity_run")
    run.kill()
    run.communicate()
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), PATIENCE)
    assert (code, "--unlock" in words) == (1, True)
    # The job outlives the process that submitted it; nobody has told Snakemake of its end.
    slurm.wait_for(lambda: job in slurm.records(tmp_path), PATIENCE, "the job's end")
    code, words = runs.finish(runs.start(tmp_path, "--unlock"), PATIENCE)
    assert code == 0, words
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), PATIENCE)
    assert code == 0, words
    hashes = runs.hashes(tmp_path)
    assert len(hashes) == 4
    assert hashes == {path: local[path] for path in hashes}
    assert [state for state, _ in slurm.records(tmp_path).values()] == ["COMPLETED", "COMPLETED"]


def _running(folder, rule):
    """The number of the rule's job, once it runs."""
    return slurm.wait_for(lambda: slurm.queue(folder, "running").get(rule), PATIENCE, f"{rule}'s job")
