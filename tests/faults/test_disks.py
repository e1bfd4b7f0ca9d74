"""Disks that are full or read-only: one line that says so, nothing half-written, and the next run goes on."""

import os
import subprocess

import pytest

from programs import without
from small_runs import TARGETS


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        without(f"needs mount, which fails here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(small_run):
    """The folder of results on a disk of its own, of 400 kB."""
    results = small_run.folder / "results"
    results.mkdir()
    mount("-t", "tmpfs", "-o", "size=400k", "tmpfs", str(results))
    yield results
    subprocess.run(["umount", "--lazy", str(results)], check=True)


def fill(disk, leave):
    """Fill a disk but for some bytes."""
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "ballast").write_bytes(bytes(max(0, free - leave)))


def lines_about(disk, printed):
    assert "Traceback" not in printed
    return [line for line in printed.splitlines() if disk in line]


@pytest.mark.parametrize("leave", [20_480, 32_768])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(small_run, small_disk, undisturbed, leave):
    fill(small_disk, leave)
    status, printed = small_run.run()
    assert status != 0
    assert lines_about("cannot be written: the disk is full. Make room there", printed), printed
    assert not small_run.left_over()
    (small_disk / "ballast").unlink()
    assert small_run.run()[0] == 0
    assert small_run.tables() == undisturbed[0]


def test_results_that_may_not_be_written_are_refused_before_any_job(small_run, small_disk, undisturbed):
    assert small_run.run()[0] == 0
    mount("-o", "remount,ro", str(small_disk))
    (small_run.folder / "settings.yaml").write_text("seed: 2")
    status, printed = small_run.run()
    assert (status, len(printed.splitlines())) == (1, 1)
    assert "results cannot be written: the file system is read-only. Mount it for writing" in printed
    mount("-o", "remount,rw", str(small_disk))
    assert small_run.tables() == undisturbed[0]
    assert {str(path) for path in small_run.folder.glob("results/spin_glass/*.parquet")} == {
        str(small_run.folder / target) for target in TARGETS
    }
