import errno
import signal
import subprocess
import sys

import pytest

from stationary import storage
from stationary.errors import StorageError


def test_a_file_is_whole_or_the_old_one(tmp_path):
    path = tmp_path / "deep" / "page.md"
    for text in ("old", "new"):
        with storage.whole(path) as temporary:
            temporary.write_text(text)
    assert path.read_text() == "new"
    with pytest.raises(ZeroDivisionError), storage.whole(path) as temporary:
        temporary.write_text(f"half {1 / 0}")
    assert path.read_text() == "new"
    assert [found.name for found in path.parent.iterdir()] == ["page.md"]


def test_what_a_killed_job_left_goes_with_the_next_writing(tmp_path):
    left = tmp_path / ".runs[1].parquet.123.partial"
    others = tmp_path / ".runs1.parquet.123.partial"
    for path in (left, others):
        path.touch()
    with storage.whole(tmp_path / "runs[1].parquet") as temporary:
        temporary.touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == [others.name, "runs[1].parquet"]


def test_a_folder_is_whole_or_the_old_one(tmp_path):
    path = tmp_path / "deep" / "crate"
    for name in ("old", "new"):
        with storage.whole_folder(path) as temporary:
            (temporary / name).touch()
    with pytest.raises(ZeroDivisionError), storage.whole_folder(path) as temporary:
        (temporary / f"half {1 / 0}").touch()
    assert [found.name for found in path.iterdir()] == ["new"]
    assert [found.name for found in path.parent.iterdir()] == ["crate"]


SWAP = """
import os, pathlib, signal, sys
from stationary import storage
left = int(sys.argv[2])
rename = pathlib.Path.rename
def renamed(*paths):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*paths)
    if left == 0 and sys.argv[2] == "2":
        os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = renamed
with storage.whole_folder(sys.argv[1]) as temporary:
    (temporary / "new").touch()
"""
KILLED = {"before the renames": "old", "between the renames": "old", "after the renames": "new"}


@pytest.mark.parametrize("killed", KILLED)
def test_a_kill_while_a_folder_takes_its_place_loses_nothing(tmp_path, killed):
    path = tmp_path / "crate"
    with storage.whole_folder(path) as temporary:
        (temporary / "old").touch()
    done = subprocess.run([sys.executable, "-c", SWAP, str(path), str(list(KILLED).index(killed))])
    assert done.returncode == -signal.SIGKILL
    with pytest.raises(ZeroDivisionError), storage.whole_folder(path):
        raise ZeroDivisionError
    assert [found.name for found in path.iterdir()] == [KILLED[killed]]
    assert [found.name for found in tmp_path.iterdir()] == ["crate"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, r"read-only.*--directory FOLDER --configfile config/config\.yaml"),
        (errno.EACCES, "permissions"),
    ],
)
def test_the_system_s_refusals_are_one_line_with_a_remedy(tmp_path, number, words):
    with (
        pytest.raises(StorageError, match=rf"^results/x\.parquet cannot be written: .*{words}.*\.$"),
        storage.refusals("results/x.parquet"),
    ):
        raise OSError(number, "said the system")
    with pytest.raises(FileNotFoundError), storage.refusals(tmp_path):
        raise FileNotFoundError(errno.ENOENT, "no such file")


@pytest.mark.parametrize("place", [storage.whole, storage.whole_folder, storage.refusals])
def test_another_file_that_may_not_be_read_is_not_said_to_be_unwritable(tmp_path, place):
    with pytest.raises(PermissionError, match="input"), place(tmp_path / "x"):
        raise PermissionError(errno.EACCES, "denied", str(tmp_path / "input"))


def test_a_full_disk_is_named_by_the_file_that_met_it(tmp_path):
    with pytest.raises(StorageError, match=r"^scratch cannot be written: the disk is full"), storage.whole(tmp_path / "x"):
        raise OSError(errno.ENOSPC, "full", "scratch")
    with (
        pytest.raises(StorageError, match=rf"^{tmp_path}/x cannot be written: the disk is full"),
        storage.whole(tmp_path / "x") as half,
    ):
        raise OSError(errno.ENOSPC, "full", str(half))


JOB = """
import sys
from stationary import errors, progress
with progress.job_log(sys.argv[1]):
    raise {cause}
"""


@pytest.mark.parametrize(
    ("cause", "line", "status"),
    [
        ("errors.StorageError('no\\\\nroom')", "no\\nroom", 1),
        ("KeyboardInterrupt", "interrupted", 130),
        ("OSError(28, 'full')", "the disk is full", 1),
    ],
)
def test_a_job_that_cannot_go_on_says_so_in_a_line_and_without_a_traceback(tmp_path, cause, line, status):
    log = tmp_path / "log"
    done = subprocess.run([sys.executable, "-c", JOB.format(cause=cause), str(log)], capture_output=True, text=True)
    assert done.returncode == status
    assert line in done.stderr
    assert done.stderr == log.read_text()
    assert len(done.stderr.splitlines()) == 1
