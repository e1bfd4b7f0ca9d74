"""Parquet tables that explain themselves: declared columns with units, provenance inside, a hash over the rows.

A table is declared before it is filled. Every column carries its unit and its meaning in the file; the schema's metadata
say from which settings, commit, packages and root seed the rows came, and hold a hash of the rows that does not depend on
how the file lays them out. Nothing that changes between two equal runs (a date, a host, a duration) is written: a repeated
run gives the same bytes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stationary import storage
from stationary.errors import CorruptTableError, TableSchemaError
from stationary.provenance import Provenance
from stationary.row_hash import logical_hash

__all__ = [
    "Column",
    "concat",
    "empty",
    "from_columns",
    "logical_hash",
    "origin_of",
    "provenance_of",
    "read",
    "schema",
    "write",
]

_PROVENANCE = b"stationary.provenance"
_ROWS_HASH = b"stationary.rows_sha256"
_REMEDY = "Make it again: delete the file and run `make results`."


@dataclass(frozen=True)
class Column:
    """A column's declaration.

    Attributes:
        name: as the table shows it.
        type: its Arrow type, e.g. ``pa.float64()`` or ``pa.list_(pa.float64())``.
        unit: the physical or counting unit; ``"1"`` for a pure number, ``"name"`` for a label.
        meaning: one sentence.
    """

    name: str
    type: pa.DataType
    unit: str
    meaning: str


def schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of declared columns, unit and meaning in each field's metadata.

    Raises:
        TableSchemaError: if two columns share a name, or one has no unit or no meaning.

    >>> schema([Column("loss", pa.float64(), "1", "Final loss.")]).field("loss").metadata[b"meaning"]
    b'Final loss.'
    """
    fields: list[pa.Field] = []
    for column in columns:
        if not column.unit or not column.meaning:
            raise TableSchemaError(f"Column {column.name!r} has no unit or no meaning. Declare both.")
        if any(field.name == column.name for field in fields):
            raise TableSchemaError(f"Column {column.name!r} is declared twice. Rename one.")
        metadata = {"unit": column.unit, "meaning": column.meaning}
        fields.append(pa.field(column.name, column.type, metadata=metadata))
    return pa.schema(fields)


def from_columns(values: dict[str, object], declared: pa.Schema) -> pa.Table:
    """A table of the declared schema from one sequence of values per column.

    Args:
        values: column name to a sequence of length R (NumPy array, list, Arrow array); a 2-D array fills a list column.
        declared: from :func:`schema`; gives order and types.

    Raises:
        TableSchemaError: if the names are not exactly the declared ones.
    """
    missing = sorted(set(declared.names) - set(values))
    unknown = sorted(set(values) - set(declared.names))
    if missing or unknown:
        raise TableSchemaError(f"Columns missing: {missing or 'none'}; not declared: {unknown or 'none'}. Make both agree.")
    arrays = [_array(values[field.name], field.type) for field in declared]
    return pa.Table.from_arrays(arrays, schema=declared)


def empty(declared: pa.Schema) -> pa.Table:
    """A table of the declared schema without rows."""
    return declared.empty_table()


def concat(parts: Sequence[pa.Table]) -> pa.Table:
    """One table of all rows, part after part; the parts' own provenance is dropped, units and meanings stay.

    Raises:
        TableSchemaError: if there is no part, or if columns, types, units or meanings differ between parts.
    """
    if not parts:
        raise TableSchemaError("There is no table to join. Ask for at least one condition and one method.")
    bare = [part.replace_schema_metadata(None) for part in parts]
    for number, part in enumerate(bare):
        if not part.schema.equals(bare[0].schema, check_metadata=True):
            raise TableSchemaError(
                f"Part {number} of {len(bare)} has other columns than the first. Delete the parts and run again."
            )
    return pa.concat_tables(bare).combine_chunks()


def write(table: pa.Table, path: str | Path, provenance: Provenance, notes: Mapping[str, str] | None = None) -> None:
    """Write a table whole or not at all, as zstd-compressed Parquet.

    Args:
        table: every field must carry ``unit`` and ``meaning`` (see :func:`schema`).
        path: the file; its folder is made if it is missing.
        provenance: where the rows come from, e.g. :func:`stationary.provenance.here`.
        notes: what else the file's metadata say, under ``stationary.<name>``.

    Raises:
        TableSchemaError: if a column lacks its unit or its meaning.
        StorageError: if the disk is full or may not be written.
    """
    for field in table.schema:
        if not {b"unit", b"meaning"} <= set(field.metadata or {}):
            raise TableSchemaError(f"Column {field.name!r} has no unit or no meaning. Build the table with tables.schema().")
    metadata: dict[str | bytes, str] = {_PROVENANCE: provenance.to_json(), _ROWS_HASH: logical_hash(table)}
    metadata |= {f"stationary.{name}": text for name, text in (notes or {}).items()}
    whole = table.combine_chunks().replace_schema_metadata(metadata)
    with storage.whole(path) as temporary, pq.ParquetWriter(temporary, whole.schema, compression="zstd") as writer:
        writer.write_table(whole)


def read(path: str | Path) -> pa.Table:
    """The table in a file, with its units, meanings and provenance, its rows checked against the hash stored beside them.

    Checking costs about as much as reading: no table is used unchecked.

    Raises:
        CorruptTableError: if the file is cut short or damaged, carries no hash, or holds other rows than were written.
    """
    try:
        # A single file, opened as such: a folder named key=value above it must not become a column.
        with pq.ParquetFile(path) as file:
            table = file.read()
        stored = (table.schema.metadata or {}).get(_ROWS_HASH, b"").decode()
        found = logical_hash(table)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            error.filename = str(path)  # Arrow names it in the words alone
            raise  # the system's own word: no such file, no permission
        raise CorruptTableError(f"{path} is no whole Parquet file. {_REMEDY}") from None
    if not stored:
        raise CorruptTableError(f"{path} carries no hash of its rows. {_REMEDY}")
    if stored != found:
        raise CorruptTableError(f"{path} holds other rows than were written. {_REMEDY}")
    return table


def provenance_of(table: pa.Table) -> dict[str, object]:
    """What the table's schema says about its origin; empty if it was not written by :func:`write`."""
    stored = (table.schema.metadata or {}).get(_PROVENANCE)
    origin: dict[str, object] = json.loads(stored) if stored else {}
    return origin


def origin_of(path: str | Path) -> dict[str, object]:
    """What a file says about its origin (:func:`provenance_of`), without reading its rows."""
    return provenance_of(pq.read_schema(path).empty_table())


def _array(values: object, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        return values.combine_chunks().cast(kind)
    if getattr(values, "ndim", 1) == 2:
        values = list(values)  # type: ignore[call-overload]  # rows of a 2-D array: the entries of a list column
    # Arrow would read a NaN as missing when it comes from pandas; here it is a value: a loss that overflowed.
    return pa.array(values, type=kind, from_pandas=False)
