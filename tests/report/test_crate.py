"""The run crate, judged by the validator of its profile and against the files themselves."""

import hashlib
import json
import os
from pathlib import Path

import pytest
import rocrate
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

from stationary.provenance import Provenance
from stationary.report import crate

ROOT = Path(__file__).parents[2]
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
# Where RO-Crate 1.1 put these terms; the context that rocrate ships is a newer one.
TERMS = {
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}


class Answer:
    status_code = 200
    headers = {"Content-Type": "application/ld+json"}  # noqa: RUF012

    def json(self):
        context = json.loads((Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_text())
        context["@context"] |= TERMS
        return context


@pytest.fixture
def offline(monkeypatch):
    """The validator without a network: it may ask for the context and for nothing else."""

    def get(_, url, **__):
        assert url == CONTEXT
        return Answer()

    monkeypatch.setattr(HttpRequester, "get", get, raising=False)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "tables": ["results/newton/runs.parquet", "results/newton/summary.parquet"],
        "figures": ["results/figures/newton_pinn.png"],
        "verdicts": ["results/claims.parquet", "results/claims.md"],
    }
    for number, path in enumerate(path for paths in files.values() for path in paths):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(b"rows" * (number + 1))
    origin = Provenance("0" * 64, "c" * 40, {"numpy": "2.4.6"}, seed=1, scale="smoke")
    settings = {"seed": 1, "scale": "smoke", "source": "build"}
    return crate.Run(ROOT, settings, origin, files, tmp_path / "results/benchmarks")


def entities(folder):
    return {entity["@id"]: entity for entity in json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]}


@pytest.mark.usefixtures("offline")
@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")  # of rdflib, by the validator
def test_the_validator_of_the_profile_finds_nothing_required(run, tmp_path):
    crate.write(run, tmp_path / "crate")
    settings = services.ValidationSettings(
        rocrate_uri=str(tmp_path / "crate"),
        profile_identifier="workflow-run-crate-0.5",
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=tmp_path / "cache",
    )
    assert [issue.message for issue in services.validate(settings).get_issues()] == []


def test_every_file_is_there_with_its_size_and_hash(run, tmp_path):
    crate.write(run, tmp_path / "crate")
    files = {name: one for name, one in entities(tmp_path / "crate").items() if "File" in one["@type"]}
    inside = {str(path.relative_to(tmp_path / "crate")) for path in (tmp_path / "crate").rglob("*") if path.is_file()}
    assert set(files) == inside - {"ro-crate-metadata.json"}
    for name, one in files.items():
        content = (tmp_path / "crate" / name).read_bytes()
        assert (one["contentSize"], one["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())


def test_times_are_the_jobs_and_results_are_linked(run, tmp_path):
    folder = tmp_path / "results/benchmarks"
    folder.mkdir()
    for name, seconds, ended in (("none", "NA", 1_000_000_150), ("one", 20, 1_000_000_100), ("two", 5, 1_000_000_200)):
        header = "s\tmax_rss\tcpu_time\n"
        (folder / f"{name}.tsv").write_text(f"{header}{seconds}\t1\t1\n")
        os.utime(folder / f"{name}.tsv", (ended, ended))
    crate.write(run, tmp_path / "crate")
    action = entities(tmp_path / "crate")["#run"]
    assert (action["startTime"], action["endTime"]) == ("2001-09-09T01:48:00+00:00", "2001-09-09T01:50:00+00:00")
    assert (tmp_path / "crate/results/newton/runs.parquet").samefile("results/newton/runs.parquet")
    assert not (tmp_path / "crate/LICENSE").samefile(ROOT / "LICENSE")


@pytest.mark.parametrize(("source", "role"), [("build", "result"), ("reference", "object")])
def test_kept_tables_are_what_a_run_starts_from(run, tmp_path, source, role):
    run.settings["source"] = source
    crate.write(run, tmp_path / "crate")
    assert {"@id": "results/newton/runs.parquet"} in entities(tmp_path / "crate")["#run"][role]
