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
    jobs = run.jobs()
    if victim == "a job" and jobs:
        for number in jobs:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        assert process.wait(timeout=300) != 0 or not jobs
    elif victim == "snakemake":
        process.kill()
        process.wait()
    else:
        stop(process)


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
    process = small_run.start()
    small_run.until(small_run.locked, process)
    time.sleep(seconds * (moment + random.Random(moment).random()) / TIMED)
    kill(small_run, process, VICTIMS[moment % len(VICTIMS)])
    whole_again(small_run, expected)


def being_written(folder: Path):
    return any(path.suffix == ".partial" for path in (folder / "results/spin_glass/parts").iterdir())


EVENTS = {
    "while a table is written": lambda folder: (folder / PARTS).parent.is_dir() and being_written(folder),
    "between a job's two tables": lambda folder: (folder / f"{PARTS}.critical_points.parquet").exists(),
    "after a job, before snakemake knows": lambda folder: (folder / f"{PARTS}.search.parquet").exists(),
    "after the first join": lambda folder: any((folder / target).exists() for target in TARGETS),
}


@pytest.mark.parametrize("event", EVENTS)
def test_killed_around_the_moment_of_writing(small_run, undisturbed, event):
    process = small_run.start()
    small_run.until(lambda: EVENTS[event](small_run.folder), process)
    stop(process)
    whole_again(small_run, undisturbed[0])
