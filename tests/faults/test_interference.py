"""Other hands in the folder: damaged tables, a second run, Ctrl-C."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from small_runs import PARTS, ROOT, TARGETS, stop
from stationary import provenance, tables


def damaged(content, how):
    if how == "cut short":
        return content[: len(content) // 2]
    flipped = bytearray(content)
    flipped[random.Random(3).randrange(4, len(flipped) // 3)] ^= 16  # among the rows; the rest is schema and metadata
    return bytes(flipped)


@pytest.mark.parametrize("how", ["cut short", "one bit flipped"])
def test_a_damaged_table_stops_the_run_in_one_line_and_its_remedy_works(small_run, undisturbed, how):
    assert small_run.run()[0] == 0
    part = small_run.folder / f"{PARTS}.search.parquet"
    part.write_bytes(damaged(part.read_bytes(), how))
    (small_run.folder / TARGETS[1]).unlink()
    status, printed = small_run.run()
    assert status != 0
    assert "Traceback" not in printed
    said = [line for line in printed.splitlines() if line.startswith(f"{PARTS}.search.parquet ")]
    assert len(said) == 1
    assert said[0].endswith("Make it again: delete the file and run `make results`.")
    assert said[0] in (small_run.folder / "results/logs/spin_glass/collect_search.log").read_text()
    assert not (small_run.folder / TARGETS[1]).exists()
    part.unlink()
    status, printed = small_run.run()
    assert status == 0, printed
    assert small_run.tables() == undisturbed[0]


@pytest.mark.skipif(sys.platform != "linux", reason="a run is found in /proc")
def test_a_second_run_is_refused_in_one_line_and_the_first_goes_on(small_run, undisturbed):
    first = small_run.start()
    small_run.until(small_run.locked, first)
    os.killpg(first.pid, signal.SIGSTOP)  # so that it is still there when the others look
    try:
        second, said = small_run.run()
        plain, shown = small_run.run(program=("-m", "snakemake"))
    finally:
        os.killpg(first.pid, signal.SIGCONT)
    assert (second, len(said.splitlines())) == (1, 1)
    assert f"another run is at work here. Wait until it ends or stop it (kill {first.pid}" in said
    assert plain == 1
    assert "Directory cannot be locked" in shown
    assert "Traceback" not in shown
    assert first.wait(timeout=300) == 0
    assert small_run.tables() == undisturbed[0]


def test_a_lock_of_another_machine_is_left_alone(small_run):
    folder = small_run.folder / ".snakemake"
    (folder / "locks").mkdir(parents=True)
    (folder / "locks" / "0.output.lock").write_text(TARGETS[0])
    (folder / "log").mkdir()
    (folder / "log" / "2026-01-01T000000.000000.snakemake.log").write_text("SNAKEMAKE\n  Host: elsewhere\n")
    status, printed = small_run.run()
    assert (status, len(printed.splitlines())) == (1, 1)
    assert "is locked by a run on elsewhere. Wait until it ends; if it was killed, run `" in printed
    assert small_run.locked()


def test_ctrl_c_ends_the_run_and_the_next_takes_up(small_run, undisturbed):
    run = small_run.start()
    small_run.until(small_run.jobs, run)
    time.sleep(0.5)
    stop(run, signal.SIGINT)
    assert run.returncode != 0
    printed = small_run.printed.read_text()
    for path in small_run.folder.glob("results/**/*.parquet"):
        tables.read(path)
    status, again = small_run.run()
    assert status == 0, printed + again
    assert small_run.tables() == undisturbed[0]
    assert not small_run.left_over()


LONG_WRITE = """
import sys
import numpy as np
from stationary import provenance, tables
import pyarrow as pa
columns = [tables.Column("loss", pa.float64(), "1", "Loss.")]
origin = provenance.here({}, seed=1, scale="smoke")
while True:
    for value in (1.0, 2.0):
        table = tables.from_columns({"loss": np.full(300_000, value) + np.arange(300_000)}, tables.schema(columns))
        tables.write(table, sys.argv[1], origin)
"""


@pytest.mark.parametrize("moment", range(6))
def test_a_table_killed_in_the_writing_is_the_old_or_the_new_one(tmp_path, moment):
    path = tmp_path / "runs.parquet"
    writer = subprocess.Popen([sys.executable, "-c", LONG_WRITE, str(path)], cwd=ROOT)
    while not path.exists():
        assert writer.poll() is None
        time.sleep(0.01)
    time.sleep(random.Random(moment).random())
    writer.kill()
    writer.wait()
    rows = tables.read(path)
    assert rows["loss"][0].as_py() in (1.0, 2.0)
    tables.write(rows, path, provenance.here({}, seed=1, scale="smoke"))
    assert [found.name for found in tmp_path.iterdir()] == ["runs.parquet"]
