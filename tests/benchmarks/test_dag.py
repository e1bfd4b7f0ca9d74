"""The economy of a run, on a log small enough to check by hand."""

import itertools
import os
import random
from datetime import datetime

import pytest

from benchmarks import dag, run_log

LOG = """\
  Date: 2026-03-01 12:00:00
Provided cores: 2
[Sun Mar  1 12:00:02 2026]
localrule train:
    output: results/a.parquet, results/a.points.parquet
    log: results/logs/a.log
    jobid: 1
    benchmark: results/benchmarks/part/a.tsv
[Sun Mar  1 12:00:02 2026]
localrule train:
    output: results/b.parquet
    log: results/logs/b.log
    jobid: 2
    benchmark: results/benchmarks/part/b.tsv
[Sun Mar  1 12:00:05 2026]
Finished jobid: 2 (Rule: train)
[Sun Mar  1 12:00:12 2026]
Finished jobid: 1 (Rule: train)
[Sun Mar  1 12:00:12 2026]
localrule collect:
    input: results/a.parquet, results/b.parquet
    output: results/all.parquet
    log: results/logs/all.log
    jobid: 3
    benchmark: results/benchmarks/part/all.tsv
[Sun Mar  1 12:00:16 2026]
Finished jobid: 3 (Rule: collect)
"""


@pytest.fixture
def folder(tmp_path):
    """Job a took 9 s of its 10 and imported TensorFlow, a later run measured b again, the last one has no benchmark file."""
    for place in (".snakemake/log", "results/logs", "results/benchmarks/part"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / ".snakemake/log/1.snakemake.log").write_text(LOG)
    (tmp_path / "results/logs/a.log").write_text("chatter\nTensorFlow 2.21.0: imported in 3.5 s\n")
    for name, seconds, ended in (("a", 9.0, "12:00:12"), ("b", 1.0, "13:30:00")):
        path = tmp_path / f"results/benchmarks/part/{name}.tsv"
        path.write_text(f"s\tmax_rss\tcpu_time\n{seconds}\t100\t-\n")
        os.utime(path, (datetime.fromisoformat(f"2026-03-01 {ended}").timestamp(),) * 2)
    return tmp_path


def test_economy_of_three_jobs(folder):
    numbers = dag.economy(dag.largest(folder / ".snakemake/log"), folder)
    assert (numbers["jobs"], numbers["jobs timed by the log"], numbers["TensorFlow imports"]) == (3, 2, 1)
    assert (numbers["wall"], numbers["compute"], numbers["critical path"]) == (16, 9 + 3 + 4, 9 + 4)
    assert numbers["wall over compute per core"] == 2.0
    # Two cores for 16 s, of which 10 + 3 + 4 were held; one core has nothing to do from the fifth second on.
    assert (numbers["cores idle"], numbers["cores idle at the end"]) == (15, 11)


def test_critical_path_is_the_longest_of_all_chains():
    """Against every ordered subset of seven jobs that is a chain."""
    draw = random.Random(0)
    for _ in range(20):
        seconds = {str(job): draw.uniform(1, 9) for job in range(7)}
        before = {str(job): [str(other) for other in range(job) if draw.random() < 0.3] for job in range(7)}
        chains = (
            jobs
            for size in range(1, 8)
            for jobs in itertools.combinations(seconds, size)
            if all(first in before[second] for first, second in itertools.pairwise(jobs))
        )
        best = max(sum(seconds[job] for job in chain) for chain in chains)
        assert sum(seconds[job] for job in run_log.critical_path(seconds, before)) == pytest.approx(best)


def test_without_a_run_the_remedy_is_one(tmp_path):
    with pytest.raises(SystemExit, match="make results"):
        dag.largest(tmp_path)
