import time

import pytest

from small_runs import SmallRun


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """Tables of a run that nothing happened to, and the seconds that its jobs took."""
    whole = SmallRun(tmp_path_factory.mktemp("undisturbed"))
    run = whole.start()
    whole.until(whole.locked, run)
    started = time.monotonic()
    assert run.wait(timeout=300) == 0, whole.printed.read_text()
    return whole.tables(), time.monotonic() - started


@pytest.fixture
def small_run(tmp_path):
    return SmallRun(tmp_path)
