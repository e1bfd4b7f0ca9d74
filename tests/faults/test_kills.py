"""SIGKILL at any moment: the next run takes up by itself and ends with the same tables, to the byte."""

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from small_runs import PARTS, TARGETS, SmallRun, stop
from stationary import tables

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a run is found in /proc")

TIMED = 18
VICTIMS = ("everything", "a job", "snakemake")


def take_up(run: SmallRun):
    """What a user does: the command again, and again after waiting if a job that lives on is named."""
    for _ in range(300):
        status, printed = run.run()
        if "another run is at work here" not in printed:
            return status, printed
        assert len(printed.splitlines()) == 1
        time.sleep(0.2)
    raise AssertionError(printed)


def kill(run: SmallRun, process, victim):
    """Whether that ended a run that was alive."""
    jobs = run.jobs()
    if victim == "a job" and jobs:
        for number in jobs:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return process.wait(timeout=300) != 0
    if victim == "snakemake":
        process.kill()
        process.wait()
    else:
        stop(process)
    return process.returncode == -signal.SIGKILL


def killed_after(run: SmallRun, seconds, victim):
    """The same in a new run, some time after it began; one that ended before was not killed."""
    run.clear()
    process = run.start()
    run.until(run.locked, process)
    time.sleep(seconds)
    return kill(run, process, victim)


def whole_again(run: SmallRun, expected):
    for path in run.folder.glob("results/**/*.parquet"):
        tables.read(path)  # whole, or it would raise
    status, printed = take_up(run)
    assert status == 0, printed
    assert run.tables() == expected
    assert not run.left_over()


@pytest.mark.parametrize("moment", range(TIMED))
def test_killed_at_any_moment(small_run, undisturbed, moment):
    expected, seconds = undisturbed
    after = seconds * (moment + random.Random(moment).random()) / TIMED
    # This run may be faster than the undisturbed one was: then sooner, until one is hit.
    assert any(killed_after(small_run, after * part, VICTIMS[moment % len(VICTIMS)]) for part in (1, 0.8, 0.6, 0.4, 0.2))
    whole_again(small_run, expected)


def being_written(folder: Path):
    return any(path.suffix == ".partial" for path in (folder / "results/spin_glass/parts").iterdir())


EVENTS = {
    "while a table is written": lambda folder: (folder / PARTS).parent.is_dir() and being_written(folder),
    "between a job's two tables": lambda folder: (folder / f"{PARTS}.critical_points.parquet").exists(),
    "after a job, before snakemake knows": lambda folder: (folder / f"{PARTS}.search.parquet").exists(),
    "after the first join": lambda folder: any((folder / target).exists() for target in TARGETS),
}


def killed_when(run: SmallRun, event):
    """Whether a new run was met, and killed, at a moment that may be short."""
    run.clear()
    process = run.start()
    met = run.until(lambda: event(run.folder), process)
    return kill(run, process, "everything") and met


@pytest.mark.parametrize("event", EVENTS)
def test_killed_around_the_moment_of_writing(small_run, undisturbed, event):
    assert any(killed_when(small_run, EVENTS[event]) for _ in range(5))
    whole_again(small_run, undisturbed[0])
