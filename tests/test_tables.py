import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stationary import provenance, tables
from stationary.errors import CorruptTableError, TableSchemaError

COLUMNS = [
    tables.Column("method", pa.string(), "name", "The optimiser."),
    tables.Column("loss", pa.float64(), "1", "Final loss."),
    tables.Column("theta", pa.list_(pa.float64()), "1", "End point."),
]
ORIGIN = provenance.here({"starts": 3}, seed=1, scale="smoke")


@pytest.fixture
def table():
    values = {"method": ["newton"] * 3, "loss": np.array([0.5, np.nan, 0.1]), "theta": np.arange(6.0).reshape(3, 2)}
    return tables.from_columns(values, tables.schema(COLUMNS))


def test_a_table_comes_back_whole(table, tmp_path):
    tables.write(table, tmp_path / "deep" / "runs.parquet", ORIGIN)
    back = tables.read(tmp_path / "deep" / "runs.parquet")
    assert tables.logical_hash(back) == tables.logical_hash(table)
    assert back["loss"].null_count == 0, "a NaN is a value, not a missing one"
    assert back.schema.field("loss").metadata[b"unit"] == b"1"
    assert back.schema.field("theta").metadata[b"meaning"] == b"End point."
    origin = tables.provenance_of(back)
    assert origin["scale"] == "smoke"
    assert origin["packages"]["numpy"] == np.__version__


def test_a_repeated_write_gives_the_same_bytes_whatever_the_chunks(table, tmp_path):
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    for name, rows in {"one": table, "two": chunked}.items():
        tables.write(rows, tmp_path / name, ORIGIN)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"], "no temporary file may stay"


def test_a_failed_write_leaves_the_old_table(table, tmp_path, monkeypatch):
    path = tmp_path / "runs.parquet"
    tables.write(table, path, ORIGIN)
    before = path.read_bytes()
    monkeypatch.setattr(pq.ParquetWriter, "write_table", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        tables.write(table.slice(1), path, ORIGIN)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["runs.parquet"]


def test_changed_rows_are_found(table, tmp_path):
    path = tmp_path / "runs.parquet"
    tables.write(table, path, ORIGIN)
    stored = tables.read(path)
    pq.write_table(stored.slice(1).replace_schema_metadata(stored.schema.metadata), path)
    with pytest.raises(CorruptTableError, match=r"runs\.parquet holds other rows .* delete the file"):
        tables.read(path)
    pq.write_table(stored.replace_schema_metadata(None), path)
    with pytest.raises(CorruptTableError, match="no hash"):
        tables.read(path)


def test_parts_join_in_order_and_keep_their_units(table, tmp_path):
    tables.write(table.slice(0, 1), tmp_path / "a", ORIGIN)
    tables.write(table.slice(1), tmp_path / "b", provenance.here({}, seed=2, scale="paper"))
    joined = tables.concat([tables.read(tmp_path / name) for name in "ab"])
    assert tables.logical_hash(joined) == tables.logical_hash(table)
    assert tables.provenance_of(joined) == {}
    assert joined.schema.field("loss").metadata[b"unit"] == b"1"


def test_an_empty_part_joins(table, tmp_path):
    tables.write(tables.empty(tables.schema(COLUMNS)), tmp_path / "none", ORIGIN)
    tables.write(table, tmp_path / "some", ORIGIN)
    assert tables.concat([tables.read(tmp_path / name) for name in ("none", "some")]).num_rows == 3


def test_parts_that_do_not_fit_are_refused(table):
    with pytest.raises(TableSchemaError, match="no table to join"):
        tables.concat([])
    with pytest.raises(TableSchemaError, match="Part 1 of 2"):
        tables.concat([table, table.drop_columns(["loss"])])


def test_columns_that_are_not_declared_are_refused(table, tmp_path):
    with pytest.raises(TableSchemaError, match=r"missing: \['loss', 'method', 'theta'\]; not declared: \['los'\]"):
        tables.from_columns({"los": [1.0]}, table.schema)
    with pytest.raises(TableSchemaError, match="no unit"):
        tables.write(pa.table({"x": [1]}), tmp_path / "table", ORIGIN)


def test_declarations_are_whole_and_unique():
    with pytest.raises(TableSchemaError, match="no unit"):
        tables.schema([tables.Column("x", pa.int64(), "", "A count.")])
    with pytest.raises(TableSchemaError, match="declared twice"):
        tables.schema([COLUMNS[0], COLUMNS[0]])


@pytest.mark.parametrize("kept", [0, 4, 100, -1, -9])
def test_a_file_cut_short_is_named(table, tmp_path, kept):
    path = tmp_path / "runs.parquet"
    tables.write(table, path, ORIGIN)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(CorruptTableError, match=r"runs\.parquet is no whole Parquet file\. .* delete the file"):
        tables.read(path)


def test_no_flipped_bit_changes_a_row_unnoticed(table, tmp_path):
    path = tmp_path / "runs.parquet"
    tables.write(table, path, ORIGIN)
    whole, expected = path.read_bytes(), tables.logical_hash(table)
    found = 0
    for position in np.random.default_rng(0).choice(len(whole), size=200, replace=False):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << int(position) % 8
        path.write_bytes(damaged)
        try:
            assert tables.logical_hash(tables.read(path)) == expected
        except CorruptTableError:
            found += 1
    assert found > 50


def test_a_file_that_is_not_there_is_not_called_corrupt(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        tables.read(tmp_path / "runs.parquet")
    assert caught.value.filename == str(tmp_path / "runs.parquet")
