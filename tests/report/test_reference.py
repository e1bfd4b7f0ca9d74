"""Kept tables: what is kept of a run, and what is said when it is not there."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import kept_runs
from kept_runs import points
from stationary import tables
from stationary.errors import ReferenceTableError, RunIncompleteError
from stationary.report import keep, reference


@pytest.fixture
def results(tmp_path):
    return kept_runs.write(tmp_path / "results")


def test_long_entries_go_and_what_figures_read_stays(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    kept = reference.read(tmp_path / "kept/spin_glass/critical_points.parquet")
    assert kept.column_names == ["p", "draw", "energy", "point"]
    assert kept["energy"].to_pylist() == [-1.5, -1.0, 0.5]
    assert kept["point"].to_pylist() == [[1.0, 2.0], None, None]
    assert kept.schema.field("energy").metadata[b"meaning"] == b"Energy per spin."
    said = "columns left out: gradient_norm, lowest_magnitude, alpha, beta; point kept for draw 0"
    assert kept.schema.metadata[b"stationary.kept"].decode() == said


def test_the_fingerprint_knows_the_run(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    known = reference.fingerprint(tmp_path / "kept")
    assert list(known.tables) == ["spin_glass/critical_points", "spin_glass/summary"]
    whole = known.tables["spin_glass/critical_points"]
    assert (whole.rows, whole.sha256) == (3, tables.logical_hash(points()))
    assert whole.columns["alpha"] == tables.logical_hash(points().select(["alpha"]))
    assert known.seconds == {"spin_glass": 2.5}
    assert known.origin["commit"] == "c" * 40
    assert known.machine["cores"] >= 1
    assert known.machine["blas"]


def test_the_same_run_is_kept_in_the_same_bytes(results, tmp_path):
    for name in ("one", "two"):
        keep.write(results, tmp_path / name)
    files = [path.relative_to(tmp_path / "one") for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()]
    assert len(files) == 5
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)


def test_a_run_of_two_scales_is_not_kept_and_leaves_what_was_kept(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    before = (tmp_path / "kept" / reference.FINGERPRINT).read_bytes()
    tables.write(points(), results / "spin_glass/summary.parquet", kept_runs.origin("laptop"))
    with pytest.raises(RunIncompleteError, match=r"summary.parquet has scale laptop, the ledger smoke\. Run `make results`"):
        keep.write(results, tmp_path / "kept")
    assert (tmp_path / "kept" / reference.FINGERPRINT).read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"results", "kept"}


def test_damage_and_absence_are_one_line_with_the_remedy(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    path = tmp_path / "kept/spin_glass/critical_points.parquet"
    whole = path.read_bytes()
    for damaged in (whole[:-20], whole[: len(whole) // 3], b""):
        path.write_bytes(damaged)
        with pytest.raises(
            ReferenceTableError, match=r"^\S+critical_points.parquet is not the table that was kept\. Restore it"
        ):
            reference.read(path)
    path.unlink()
    with pytest.raises(ReferenceTableError, match=r"critical_points.parquet is missing\. Restore it: `git checkout"):
        reference.check([path])
    (tmp_path / "kept" / reference.FINGERPRINT).write_text(json.dumps({"tables": {}}))
    with pytest.raises(ReferenceTableError, match="is no fingerprint"):
        reference.fingerprint(tmp_path / "kept")


def test_other_rows_under_the_old_hash_are_told(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    path = tmp_path / "kept/spin_glass/critical_points.parquet"
    table = tables.read(path)
    pq.write_table(table.set_column(2, table.schema.field("energy"), pa.array([0.0, 0.0, 0.0])), path)
    with pytest.raises(ReferenceTableError, match="is not the table that was kept"):
        reference.read(path)


def test_a_column_that_was_left_out_is_named(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    path = str(tmp_path / "kept/spin_glass/critical_points.parquet")
    line = r"critical_points.parquet was kept without alpha\. Keep a newer run"
    for asked in (
        lambda table: table.select(["alpha"]),
        lambda table: table.to_pandas()[["alpha"]],
        lambda table: table.to_pandas()["alpha"],
    ):
        with pytest.raises(ReferenceTableError, match=line), reference.reading("reference") as read:
            asked(read(path))


def test_a_mistake_of_ours_is_not_blamed_on_a_kept_table(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    with pytest.raises(KeyError), reference.reading("reference") as read:
        read(str(tmp_path / "kept/spin_glass/critical_points.parquet")).select(["no such column"])


def test_verdicts_of_one_scale_are_not_drawn_under_another_s_name(results, tmp_path):
    keep.write(results, tmp_path / "kept")
    reference.check_run(tmp_path / "kept", scale="smoke", seed=1)
    with pytest.raises(ReferenceTableError, match=r"scale = smoke, not laptop\. Leave out scale"):
        reference.check_run(tmp_path / "kept", scale="laptop", seed=1)


def test_a_run_without_its_summaries_is_not_kept(results, tmp_path):
    (results / "spin_glass/summary.parquet").unlink()
    with pytest.raises(RunIncompleteError, match=r"summary\.parquet is missing"):
        keep.write(results, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
