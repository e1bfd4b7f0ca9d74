"""Runs that end before their jobs: what a kill leaves is taken up again, and an interrupt takes the jobs along."""

import signal

import pytest

from cluster import runs

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("orphan", ["ends by itself", "is cancelled"])
def test_a_killed_snakemake_is_taken_up_again(cluster, local, tmp_path, orphan):
    target = ("--", runs.TABLES["convexity_run"])
    run = runs.start_cluster(tmp_path, *target)
    job = runs.job(cluster, tmp_path, "convexity_run")
    run.kill()
    run.communicate()
    # The job outlives the Snakemake that submitted it. Held here, so that it is at work when the next one comes.
    cluster.ask("scancel", "--signal=STOP", "--full", job)
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), runs.PATIENCE)
    assert (code, "--unlock" in words) == (1, True), words
    cluster.ask("scancel", *([] if orphan == "is cancelled" else ["--signal=CONT", "--full"]), job)
    cluster.wait_for(lambda: job in cluster.records(tmp_path), runs.PATIENCE, "the job's end")
    code, words = runs.finish(runs.start(tmp_path, "--unlock"), runs.PATIENCE)
    assert code == 0, words
    code, words = runs.finish(runs.start_cluster(tmp_path, *target), runs.PATIENCE)
    assert code == 0, words
    hashes = runs.hashes(tmp_path)
    assert len(hashes) == 4
    assert hashes == {path: local[path] for path in hashes}
    # What the orphan finished is kept, what it did not is computed again.
    states = [state for state, _ in cluster.records(tmp_path).values()]
    assert states == (["CANCELLED", "COMPLETED"] if orphan == "is cancelled" else ["COMPLETED"])


def test_an_interrupt_takes_the_jobs_along(cluster, tmp_path):
    run = runs.start_cluster(tmp_path, "--", runs.TABLES["convexity_run"])
    job = runs.job(cluster, tmp_path, "convexity_run")
    # A job of seconds would be over before a busy machine has said what Ctrl-C says.
    cluster.ask("scancel", "--signal=STOP", "--full", job)
    run.send_signal(signal.SIGINT)
    code, words = runs.finish(run, runs.PATIENCE)
    assert code == 1, words
    cluster.wait_for(lambda: job in cluster.records(tmp_path), runs.PATIENCE, "the job's end")
    assert [state for state, _ in cluster.records(tmp_path).values()] == ["CANCELLED"]
    assert runs.hashes(tmp_path) == {}
