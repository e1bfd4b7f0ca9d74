"""One page with every verdict and its evidence: it opens from a file, needs no network and no script to be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment

from stationary import storage, tables
from stationary.report import (
    assets,
    captions,
    claim_sections,
    experiment_sections,
    images,
    jobs,
    machine,
    places,
    reference,
    verdict_counts,
)
from stationary.report.claim_sections import ClaimSection
from stationary.report.contents import Contents


def write(contents: Contents, target: Path) -> None:
    """Build the page and write it whole or not at all."""
    with storage.whole(target) as temporary:
        temporary.write_text(build(contents, target.parent), encoding="utf-8")


def build(contents: Contents, folder: Path) -> str:
    """The page as HTML.

    Args:
        contents: what goes onto it.
        folder: where it will lie; its links to tables and figures are relative to that.
    """
    claims = claim_sections.sections(contents)
    rows = [claim.row for claim in claims]
    kept = contents.kept
    measured = jobs.read(contents.benchmarks) if kept is None else reference.read(kept / f"{reference.JOBS}.parquet")
    context = {
        "claims": claims,
        "families": verdict_counts.by_family(rows, _families(contents)),
        "works": verdict_counts.by_work(rows),
        "overall": verdict_counts.tally("all", "All claims", (row["verdict"] for row in rows)),
        "verdicts": verdict_counts.VERDICTS,
        "experiments": [experiment_sections.section(one, contents, measured) for one in contents.experiments],
        "figures": _figures(contents),
        "shown_at": _shown_at(claims),
        "claim_tables": [judged.table for judged in contents.judged],
        "most_rows": claim_sections.MOST_ROWS,
        "image_width": images.WIDTH,
        "figure_folder": _folder_of(contents.figures, folder),
        "rules": contents.rules,
        "run": contents.run,
        "origins": _origins(contents),
        "packages": _packages(contents),
        "machine": _machine(kept),
        "measured": _all_jobs(measured),
        "style": assets.asset("page.css"),
        "script": assets.asset("page.js"),
    }
    return _environment(folder).get_template("page.html.j2").render(context)


def _environment(folder: Path) -> Environment:
    environment = assets.environment()

    def link(path: str | Path) -> str:
        return Path(os.path.relpath(path, folder)).as_posix()

    def source_link(path: Path) -> str:
        """Empty unless the page lies inside the project: elsewhere the way to the sources is another one."""
        return link(path) if folder.resolve().is_relative_to(places.PROJECT) else ""

    environment.filters |= {
        "alternative": captions.alternative,
        "caption": captions.html,
        "code": captions.code,
        "duration": _duration,
        "figure_title": captions.title,
        "link": link,
        "number": _number,
        "short_title": _short_title,
        "slug": _slug,
        "source_link": source_link,
    }
    return environment


def _families(contents: Contents) -> dict[str, str]:
    return {letter: title for judged in contents.judged for letter, title in judged.families.items()}


def _figures(contents: Contents) -> dict[str, dict[str, Any]]:
    """Figure to its file, its caption and the picture itself."""
    captioned = {name: text for experiment in contents.experiments for name, text in experiment.figures.items()}
    files = {path.stem: path for path in contents.figures}
    return {
        name: {"path": files[name], "caption": text, "image": images.embed(files[name])}
        for name, text in captioned.items()
        if name in files
    }


def _shown_at(claims: list[ClaimSection]) -> dict[str, str]:
    """Figure to the first claim that it belongs to: there it is embedded, elsewhere linked."""
    return {claim.row["figure"]: claim.row["id"] for claim in reversed(claims) if claim.row["figure"]}


def _origins(contents: Contents) -> list[tuple[str, int]]:
    """Commits that wrote the tables, with how many each, most first."""
    files = (*(judged.table for judged in contents.judged), *contents.tables)
    return Counter(str(tables.origin_of(file).get("commit", "unknown")) for file in files).most_common()


def _packages(contents: Contents) -> Mapping[str, str]:
    """Versions that the verdicts were computed with."""
    found: dict[str, str] = {}
    for judged in contents.judged:
        packages = tables.origin_of(judged.table).get("packages", {})
        found |= packages if isinstance(packages, dict) else {}
    return found


def _machine(kept: Path | None) -> dict[str, str]:
    """Where the run was computed, in words: here, unless its tables were kept."""
    facts = machine.describe() if kept is None else reference.fingerprint(kept).machine
    memory = "unknown" if facts["memory"] is None else f"{facts['memory']} GB"
    return {name: str(value) for name, value in facts.items()} | {"memory": memory, "blas": ", ".join(map(str, facts["blas"]))}


def _all_jobs(measured: pa.Table) -> dict[str, float]:
    seconds = [value for value in measured["seconds"].to_pylist() if value == value]
    return {"jobs": len(seconds), "seconds": sum(seconds)}


def _folder_of(figures: Sequence[Path], folder: Path) -> str:
    return Path(os.path.relpath(figures[0].parent, folder)).as_posix() if figures else ""


def _short_title(title: str) -> str:
    """Without what stands in parentheses."""
    return title.split(" (")[0]


def _number(value: float) -> str:
    return "" if value != value else f"{value:.4g}"


def _slug(text: str) -> str:
    return text.replace(" ", "-")


def _duration(seconds: float) -> str:
    """Seconds as one reads them."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
