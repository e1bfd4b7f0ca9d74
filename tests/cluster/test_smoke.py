"""The whole workflow through SLURM, with the profile that the project ships."""

import re

import pytest

from cluster import runs

pytestmark = pytest.mark.cluster


def test_the_cluster_gives_the_rows_that_this_machine_gives(cluster, local_folder, tmp_path):
    local = runs.here(local_folder, seconds=3600)
    code, words = runs.finish(runs.start_cluster(tmp_path), 3600)
    assert code == 0, words[-3000:]
    assert len(local) > 80
    assert runs.hashes(tmp_path) == local

    # SLURM's own books: what Snakemake says it submitted ran there, on both nodes, and only what joins its results did not.
    records = cluster.records(tmp_path)
    assert set(records) == set(re.findall(r"submitted with SLURM jobid (\d+)", words))
    assert len(records) > 20
    assert set(records.values()) == {("COMPLETED", "n1"), ("COMPLETED", "n2")}
    assert set(re.findall(r"^localrule (\w+):", words, flags=re.MULTILINE)) == {
        "claims",
        "report_page",
        "run_crate",
        "everything",
    }
