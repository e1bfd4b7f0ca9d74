"""A hash of a table's rows that does not depend on how they are stored."""

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from hashlib import _Hash


def logical_hash(table: pa.Table) -> str:
    """SHA-256 (64 hex digits) over column names, types and values in row order.

    Chunks, row groups, compression, slicing offsets and metadata do not enter. Every NaN counts as the same NaN; a missing
    value differs from any value. Supported: numbers, booleans, strings, dictionaries of strings, and lists of these.

    Raises:
        TypeError: for a column of another type.

    >>> one = pa.table({"loss": [0.5, float("nan")]})
    >>> two = pa.concat_tables([one.slice(0, 1), one.slice(1)])
    >>> logical_hash(one) == logical_hash(two) != logical_hash(one.slice(1))
    True
    """
    digest = hashlib.sha256()
    for field in table.schema:
        column = table.column(field.name)
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        digest.update(f"{field.name}\0{_type_name(kind)}\0{table.num_rows}\0".encode())
        # Made whole first: the same rows then give the same buffers whatever their chunks were.
        _feed(digest, pa.concat_arrays([chunk.cast(kind) for chunk in column.chunks] or [pa.array([], kind)]))
    return digest.hexdigest()


def _type_name(kind: pa.DataType) -> str:
    # Arrow calls a list's entries "item", Parquet gives them back as "element": the same rows under another label.
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{_type_name(kind.value_type)}>"
    return str(kind)


def _feed(digest: "_Hash", array: pa.Array) -> None:
    kind = array.type
    digest.update(np.ascontiguousarray(array.is_valid().to_numpy(zero_copy_only=False)).tobytes())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.fill_null(pc.list_value_length(array), 0)
        digest.update(lengths.cast(pa.int64()).to_numpy().astype("<i8").tobytes())
        _feed(digest, array.flatten())  # flatten leaves out what missing entries and offsets hide
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        full = pc.fill_null(array, "").cast(pa.large_string())
        lengths = pc.binary_length(full).to_numpy().astype("<i8")
        digest.update(lengths.tobytes())
        # The texts lie end to end in Arrow's buffer, a million of them hashed in the time of a few made into Python's.
        offsets, data = np.frombuffer(full.buffers()[1], "<i8"), full.buffers()[2]
        first = int(offsets[full.offset])
        digest.update(data[first : first + int(lengths.sum())] if data is not None else b"")
    elif pa.types.is_boolean(kind):
        digest.update(array.fill_null(False).to_numpy(zero_copy_only=False).tobytes())
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
        values = array.fill_null(0).to_numpy(zero_copy_only=False).copy()
        if pa.types.is_floating(kind):
            values[np.isnan(values)] = np.nan  # one payload for all NaNs
        digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    else:
        raise TypeError(f"rows of type {kind} have no hash; store numbers, booleans, strings or lists of them")
