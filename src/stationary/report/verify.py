"""Does a fresh run repeat the kept one? ``python -m stationary.report.verify`` says how, table by table and verdict by verdict.

Same bytes of rows is the first answer, by the hashes in the fingerprint. Where a table differs, its columns are compared
with what is kept of them (:mod:`stationary.report.tolerance`). Verdicts must be the same in any case.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stationary import tables
from stationary.errors import RunIncompleteError, UserError
from stationary.report import machine, reference, tolerance
from stationary.report.reference import Kept
from stationary.report.thinning import THINNED, Thinning

SAME, WITHIN, BEYOND = "same bytes", "within tolerance", "beyond tolerance"


@dataclass(frozen=True)
class Repeat:
    """How one table repeats.

    Attributes:
        name: ``experiment/name``.
        rows: of the fresh run.
        grade: same bytes, within tolerance, or beyond tolerance.
        detail: what differs and by how much, in words.
    """

    name: str
    rows: int
    grade: str
    detail: str = ""


def compare(results: str | Path, folder: str | Path) -> list[Repeat]:
    """Every kept table against the fresh one.

    Args:
        results: the fresh run.
        folder: the kept tables.

    Raises:
        RunIncompleteError: if the fresh run lacks a table, or is of another scale or root seed.
        ReferenceTableError: if a kept table or the fingerprint is missing or damaged.
        CorruptTableError: if a fresh table's rows are not those that were written.
    """
    known = reference.fingerprint(folder)
    origin = tables.provenance_of(reference.ledger(results))
    for key in ("scale", "seed"):
        if origin.get(key) != known.origin[key]:
            raise RunIncompleteError(
                f"{results} has {key} {origin.get(key)}, {folder} {known.origin[key]}. Compare runs of one config."
            )
    for name in known.tables:
        if not (path := Path(results) / f"{name}.parquet").is_file():
            raise RunIncompleteError(f"{path} is missing: the run is not finished. Run `make results` first.")
    return [_compare(name, kept, Path(results), Path(folder)) for name, kept in known.tables.items()]


def changed(results: str | Path, folder: str | Path) -> list[str]:
    """Claims with another verdict than the kept one, each with both.

    Raises:
        RunIncompleteError, ReferenceTableError: see :func:`compare`.
    """
    fresh = _by_claim(reference.ledger(results))
    kept = _by_claim(reference.read(Path(folder) / f"{reference.CLAIMS}.parquet"))
    names = [name for name in dict.fromkeys([*kept, *fresh]) if _verdict(kept, name) != _verdict(fresh, name)]
    return [f"{name} {_verdict(kept, name)} -> {_verdict(fresh, name)}{_edited(kept, fresh, name)}" for name in names]


def same_place(results: str | Path, folder: str | Path) -> bool:
    """Whether this is the kept run's machine, with the packages that can change a number: rows repeat to the byte there."""
    known = reference.fingerprint(folder)
    packages = tables.provenance_of(reference.ledger(results)).get("packages")
    return machine.describe() == known.machine and packages == known.origin.get("packages")


def _by_claim(claims: pa.Table) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in claims.select(["id", "verdict", "rule_hash"]).to_pylist()}


def _verdict(claims: dict[str, dict[str, str]], name: str) -> str:
    return claims[name]["verdict"] if name in claims else "not judged"


def _edited(kept: dict[str, dict[str, str]], fresh: dict[str, dict[str, str]], name: str) -> str:
    both = name in kept and name in fresh
    return " (its rule was edited)" if both and kept[name]["rule_hash"] != fresh[name]["rule_hash"] else ""


def _compare(name: str, known: Kept, results: Path, folder: Path) -> Repeat:
    fresh = tables.read(results / f"{name}.parquet")
    rows = fresh.num_rows
    if tables.logical_hash(fresh) == known.sha256:
        return Repeat(name, rows, SAME)
    kept = reference.read(folder / f"{name}.parquet")
    if tables.provenance_of(fresh).get("settings_sha256") != tables.provenance_of(kept).get("settings_sha256"):
        return Repeat(name, rows, BEYOND, "other settings")
    if set(fresh.column_names) != set(known.columns):
        return Repeat(name, rows, BEYOND, "other columns")
    if "estimate" in kept.column_names:
        share = tolerance.outside(fresh, kept)
        grade = WITHIN if share <= tolerance.STATISTICS else BEYOND
        return Repeat(name, rows, grade, f"{share:.1%} of statistics outside the other's interval")
    return _rows(name, known, fresh, kept)


def _rows(name: str, known: Kept, fresh: pa.Table, kept: pa.Table) -> Repeat:
    rows, amplifier = fresh.num_rows, tolerance.SENSITIVE.get(name)
    note = f" ({amplifier})" if amplifier else ""
    thin = THINNED.get(name, Thinning())(fresh)
    if rows != known.rows or thin.num_rows != kept.num_rows:
        near = bool(amplifier) and abs(rows - known.rows) <= tolerance.LENGTH * known.rows
        return Repeat(name, rows, WITHIN if near else BEYOND, f"{known.rows} rows before{note}")
    if tolerance.same_but_for_the_clock(name, thin, kept):
        return Repeat(name, rows, SAME, f"of all kept but {tolerance.CLOCKED[name][1]}, whose library draws with the clock")
    other = [column for column in fresh.column_names if tables.logical_hash(fresh.select([column])) != known.columns[column]]
    compared = [column for column in other if column in kept.column_names and column not in tolerance.NOISE]
    shares = {column: tolerance.differing(thin.column(column), kept.column(column)) for column in compared}
    worst = max(shares, key=lambda column: shares[column], default="")
    grade = WITHIN if amplifier or shares.get(worst, 0.0) <= tolerance.ROWS else BEYOND
    detail = f"{len(other)} of {fresh.num_columns} columns differ"
    if worst:
        far = f"{worst} in {shares[worst]:.1%} of rows" if shares[worst] else "none"
        detail += f", {far} by more than rounding"
    return Repeat(name, rows, grade, detail + note)


def main(arguments: list[str] | None = None) -> int:
    """Compare a fresh run with the kept one: 0 if tables agree as declared and all verdicts are the same, else 1.

    On the kept run's machine and with its packages only the same bytes agree.
    """
    parser = argparse.ArgumentParser(prog="python -m stationary.report.verify", description=main.__doc__)
    parser.add_argument("results", nargs="?", default="results", help="the fresh run")
    parser.add_argument("folder", nargs="?", default="results/reference", help="the kept tables")
    chosen = parser.parse_args(arguments)
    try:
        repeats, verdicts = compare(chosen.results, chosen.folder), changed(chosen.results, chosen.folder)
    except UserError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for one in repeats:
        print(f"{one.name:<28}{one.rows:>8}  {one.grade}{': ' if one.detail else ''}{one.detail}")
    counts = {grade: [one.name for one in repeats if one.grade == grade] for grade in (SAME, WITHIN, BEYOND)}
    for claim in verdicts:
        print(f"verdict changed: {claim}")
    said = ", ".join(f"{len(members)} {grade}" for grade, members in counts.items())
    beyond = f" ({', '.join(counts[BEYOND])})" if counts[BEYOND] else ""
    claims = f"verdicts changed: {', '.join(claim.split()[0] for claim in verdicts)}" if verdicts else "all verdicts the same"
    print(f"{len(repeats)} tables: {said}{beyond}; {claims}")
    same = same_place(chosen.results, chosen.folder)
    if not same:
        print("Another machine or other packages than the kept run's: tolerances decide.")
    elif counts[WITHIN]:
        print("This is the kept run's machine with its packages: rows within tolerance should be the same bytes, too.")
    return 1 if verdicts or counts[BEYOND] or (same and counts[WITHIN]) else 0


if __name__ == "__main__":
    sys.exit(main())
