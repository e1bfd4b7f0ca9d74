"""The cluster, once for all its tests, and the folder whose results they are held against."""

import os
from pathlib import Path

import pytest

from cluster import runs, slurm
from programs import without


@pytest.fixture(scope="session")
def cluster():
    """The module that asks and commands it."""
    if reason := slurm.missing():
        without(reason)
    with slurm.in_use():
        yield slurm


@pytest.fixture(scope="session")
def local_folder(tmp_path_factory):
    """Where the workflow ran without a cluster; what ``make dag`` has left there is not computed again."""
    if kept := os.environ.get("SMOKE_RUN"):
        return Path(kept)
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "local"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def local(local_folder):
    """The tables' hashes as this machine makes them."""
    return runs.here(local_folder, "--", *runs.TABLES.values(), seconds=runs.PATIENCE)
