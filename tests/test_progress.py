import subprocess
import sys

import pytest

from stationary import progress

WORK = """
import os, sys
from stationary import progress
with progress.job_log(sys.argv[1]):
    with progress.bar(4, "newton") as advance:
        advance(4)
    os.write(2, b"from a library\\n")
    print("printed")
    if len(sys.argv) > 2:
        raise RuntimeError("broken")
"""


@pytest.fixture
def no_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def work(log, *more):
    return subprocess.run([sys.executable, "-c", WORK, str(log), *more], capture_output=True, text=True)


@pytest.mark.usefixtures("no_ci")
def test_away_from_a_terminal_lines_are_rare(capsys):
    with progress.bar(1000, "newton") as advance:
        for _ in range(1000):
            advance(1)
    assert capsys.readouterr().err == "newton: 1000/1000 replicas, 0 s spent, 0 s left\n"


@pytest.mark.usefixtures("no_ci")
def test_a_slow_job_says_how_long_the_rest_takes(capsys, monkeypatch):
    clock = iter([0.0, 20.0, 21.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.bar(100, "newton", unit="starts") as advance:
        advance(25)
        advance(1)
    assert capsys.readouterr().err == "newton: 25/100 starts, 20 s spent, 60 s left\n"


@pytest.mark.usefixtures("no_ci")
def test_on_a_terminal_it_is_a_live_bar(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.bar(4, "newton") as advance:
        advance(4)
    assert "\rnewton:   0%" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["ci", "unwanted"])
def test_it_can_be_quiet(how, capsys, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with progress.bar(4, "newton", wanted=how != "unwanted") as advance:
        advance(4)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("no_ci")
def test_a_log_takes_everything_and_the_terminal_keeps_the_bar(tmp_path):
    done = work(tmp_path / "log")
    line = "newton: 4/4 replicas, 0 s spent, 0 s left\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", line)
    assert sorted((tmp_path / "log").read_text().splitlines()) == sorted([line.strip(), "from a library", "printed"])


@pytest.mark.usefixtures("no_ci")
def test_a_traceback_is_in_the_log_and_on_the_terminal(tmp_path):
    done = work(tmp_path / "log", "fail")
    assert done.returncode == 1
    assert "RuntimeError: broken" in done.stderr
    assert "RuntimeError: broken" in (tmp_path / "log").read_text()


UNREADABLE = """
import sys
from stationary import progress
with progress.job_log(sys.argv[1]):
    raise PermissionError(13, "Permission denied", "data.npz")
"""


def test_an_input_that_may_not_be_read_is_not_taken_for_the_log(tmp_path):
    done = subprocess.run([sys.executable, "-c", UNREADABLE, str(tmp_path / "log")], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.endswith("PermissionError: [Errno 13] Permission denied: 'data.npz'\n")
    assert "cannot be written" not in done.stderr
