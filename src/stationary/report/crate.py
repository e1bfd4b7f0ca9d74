"""A run as a Workflow Run RO-Crate: what was run, with which settings, on what, and what came out, each file with its hash.

Profile: https://w3id.org/ro/wfrun/workflow/0.5 on RO-Crate 1.1. Files of the run stand in the crate as hard links where the
file system has them, else as copies: the crate can be zipped and sent, and costs no second copy of the tables.

A table carries no date, so that equal runs give equal bytes; a crate is the record of one run and says when that was. It
takes the times from the benchmark files: from the first job's start to the last one's end, pauses included.
"""

from __future__ import annotations

import hashlib
import math
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate

from stationary import storage
from stationary.provenance import Provenance
from stationary.report import jobs

_WFRUN = "https://w3id.org/ro/wfrun"
_FORMALS = {
    "settings": ("File", "All settings of the run, defaults included."),
    "rules": ("File", "Claims and the rules that judge them, fixed before any run."),
    "seed": ("Integer", "Root of all random numbers."),
    "scale": ("Text", "smoke, laptop or paper."),
    "source": ("Text", "build: tables are computed; reference: figures and verdicts come from kept tables."),
    "tables": ("File", "A table of results."),
    "figures": ("File", "A figure drawn from the tables."),
    "verdicts": ("File", "A verdict on every claim."),
    "page": ("File", "The report."),
}
_FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".md": "text/markdown",
    ".html": "text/html",
    ".yaml": "application/yaml",
    ".py": "text/x-python",
}
"""Anything else is plain text."""

_README = "# A run of {title}\n\n{what} `ro-crate-metadata.json` says what each file is (Workflow Run RO-Crate).\n"
_WHAT = "Settings, workflow, tables, figures and verdicts of one run."
_SHIPPED = ("LICENSE", "CITATION.cff", "requirements.lock")


@dataclass(frozen=True)
class Run:
    """What goes into a crate.

    Attributes:
        sources: the folder that holds workflow/, config/, LICENSE and CITATION.cff.
        settings: of the run, as plain data.
        origin: commit, packages, root seed and scale.
        files: tables, figures, verdicts and page to their paths, relative to the working folder.
        benchmarks: folder of the jobs' benchmark files.
    """

    sources: Path
    settings: Mapping[str, Any]
    origin: Provenance
    files: Mapping[str, Sequence[str]]
    benchmarks: Path


def write(run: Run, folder: str | Path) -> None:
    """Write the crate, all of it or nothing; one that was there is replaced.

    Args:
        run: what goes in.
        folder: the crate's root, e.g. results/run-crate.
    """
    with storage.whole_folder(folder) as temporary:
        _Writer(run, temporary).write()


def times(run: Run) -> tuple[str, str]:
    """When the first job began and the last one ended, ISO 8601, UTC; without benchmark files those of the results."""
    measured = jobs.read(run.benchmarks).to_pylist()
    ends = [(run.benchmarks / f"{job['job']}.tsv").stat().st_mtime for job in measured]
    spent = [0.0 if math.isnan(job["seconds"]) else job["seconds"] for job in measured]
    starts = [end - seconds for end, seconds in zip(ends, spent, strict=True)]
    if not ends:
        starts = ends = [Path(path).stat().st_mtime for paths in run.files.values() for path in paths]
    return _iso(min(starts)), _iso(max(ends))


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class _Writer:
    def __init__(self, run: Run, root: Path) -> None:
        self.run, self.root = run, root
        self.crate = ROCrate(version="1.1")
        # Inline, where the published context would have to be fetched to read the crate.
        self.crate.metadata.extra_terms["sha256"] = f"{_WFRUN.replace('/wfrun', '/terms/workflow-run')}#sha256"
        self.citation = yaml.safe_load((run.sources / "CITATION.cff").read_text(encoding="utf-8"))

    def write(self) -> None:
        workflow = self._workflow()
        objects: list[Any] = []
        results: list[Any] = []
        reads = self.run.settings["source"] == "reference"
        for name, entities in self._values().items():
            used = name not in self.run.files or (name == "tables" and reads)
            (objects if used else results).extend(entities)
            workflow.append_to("input" if used else "output", self._formal(name, entities))
        self._action(workflow, objects, results)
        self._describe()
        self.crate.write(self.root)

    def _values(self) -> dict[str, list[Any]]:
        settings = self.root / "settings.yaml"
        settings.write_text(yaml.safe_dump(dict(self.run.settings), sort_keys=True), encoding="utf-8")
        rules = [self._file(self.run.sources / "config" / name, f"config/{name}") for name in ("claims.yaml", "ledger.yaml")]
        values = {"settings": [self._file(settings, "settings.yaml")], "rules": rules}
        values |= {name: [self._value(name, self.run.settings[name])] for name in ("seed", "scale", "source")}
        return values | {name: [self._file(Path(path), path) for path in paths] for name, paths in self.run.files.items()}

    def _workflow(self) -> Any:
        # The package, too: the rules call it, and the page has links to its lines.
        found = sorted(path for folder in ("workflow", "src/stationary") for path in (self.run.sources / folder).rglob("*"))
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts and path.name != "Snakefile":
                self._file(path, path.relative_to(self.run.sources).as_posix())
        for name in _SHIPPED:
            self._file(self.run.sources / name, name)
        main = self._link(self.run.sources / "workflow" / "Snakefile", "workflow/Snakefile")
        workflow = self.crate.add_workflow(main, "workflow/Snakefile", main=True, lang="snakemake", record_size=True)
        workflow["conformsTo"] = {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"}
        workflow["name"], workflow["version"] = self.citation["title"], self.run.origin.commit
        workflow["sha256"], workflow["encodingFormat"] = _sha256(main), "text/plain"
        workflow["softwareRequirements"] = [self._software(*item) for item in sorted(self._versions().items())]
        return workflow

    def _versions(self) -> dict[str, str]:
        return {**self.run.origin.packages, "snakemake": metadata.version("snakemake"), "python": platform.python_version()}

    def _software(self, name: str, version: str) -> Any:
        url = "https://www.python.org" if name == "python" else f"https://pypi.org/project/{name}/"
        about = {"@type": "SoftwareApplication", "name": name, "softwareVersion": version, "url": url}
        return self.crate.add(ContextEntity(self.crate, url, properties=about))

    def _action(self, workflow: Any, objects: list[Any], results: list[Any]) -> None:
        started, ended = times(self.run)
        who = {"@type": "Person", "name": "Whoever ran the workflow (not recorded)"}
        about = {
            "name": f"Run of {self.citation['title']}",
            "description": f"One run at {self.run.origin.scale} scale, root seed {self.run.origin.seed}.",
            "startTime": started,
            "endTime": ended,
            "actionStatus": "http://schema.org/CompletedActionStatus",
        }
        action = self.crate.add_action(workflow, "#run", object=objects, result=results, properties=about)
        action["agent"] = self.crate.add(ContextEntity(self.crate, "#operator", properties=who))
        self.crate.root_dataset.append_to("mentions", action)
        self.crate.root_dataset["datePublished"] = ended

    def _describe(self) -> None:
        profiles = {f"{_WFRUN}/process/0.5": "Process Run Crate", f"{_WFRUN}/workflow/0.5": "Workflow Run Crate"}
        profiles["https://w3id.org/workflowhub/workflow-ro-crate/1.0"] = "Workflow RO-Crate"
        root = self.crate.root_dataset
        root["name"] = f"{self.citation['title']}: a run"
        root["description"] = _WHAT
        readme = self.root / "README.md"
        readme.write_text(_README.format(title=self.citation["title"], what=_WHAT), encoding="utf-8")
        self._file(readme, "README.md")["about"] = root
        licence = f"https://spdx.org/licenses/{self.citation['license']}"
        about = {"@type": "CreativeWork", "name": self.citation["license"], "identifier": licence}
        root["license"] = self.crate.add(ContextEntity(self.crate, licence, properties=about))
        authors = [
            self.crate.add(ContextEntity(self.crate, f"#author-{place}", {"@type": "Organization", "name": author["name"]}))
            for place, author in enumerate(self.citation["authors"])
        ]
        root["author"] = _one_or_all(authors)
        root["citation"] = self.crate.get("CITATION.cff")
        root["conformsTo"] = [self._profile(url, name) for url, name in profiles.items()]

    def _profile(self, url: str, name: str) -> Any:
        about = {"@type": "CreativeWork", "name": name, "version": url.rsplit("/", 1)[-1]}
        return self.crate.add(ContextEntity(self.crate, url, properties=about))

    def _formal(self, name: str, entities: list[Any]) -> Any:
        kind, meaning = _FORMALS[name]
        formal = self.crate.add_formal_parameter(name, kind, identifier=f"#parameter-{name}", description=meaning)
        formal["workExample"] = _one_or_all(entities)
        for entity in entities:
            entity["exampleOfWork"] = formal
        return formal

    def _value(self, name: str, value: object) -> Any:
        about = {"@type": "PropertyValue", "name": name, "value": value}
        return self.crate.add(ContextEntity(self.crate, f"#value-{name}", properties=about))

    def _file(self, path: Path, place: str) -> Any:
        linked = self._link(path, place)
        about = {"name": place, "sha256": _sha256(linked), "encodingFormat": _FORMATS.get(path.suffix, "text/plain")}
        return self.crate.add_file(linked, place, properties=about, record_size=True)

    def _link(self, path: Path, place: str) -> Path:
        """The file at its place in the crate; rocrate leaves alone what is there already."""
        linked = self.root / place
        linked.parent.mkdir(parents=True, exist_ok=True)
        # Results are replaced as a whole, never edited in place; sources are, and must not change under the crate.
        if path.is_relative_to(self.run.sources):
            shutil.copyfile(path, linked)
        elif linked != path:
            try:
                os.link(path, linked)
            except OSError:  # another file system, or one without links
                shutil.copyfile(path, linked)
        return linked


def _one_or_all(entities: list[Any]) -> Any:
    # RO-Crate asks for a bare value where there is one.
    return entities[0] if len(entities) == 1 else entities


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
