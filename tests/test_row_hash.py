from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationary.row_hash import logical_hash

ROWS = {
    "loss": pa.array([0.5, None, float("nan"), 2.0]),
    "count": pa.array([1, 2, None, 4], pa.int32()),
    "method": pa.array(["newton", "", None, "ädam"]),
    "bias": pa.array([True, None, True, False]),
    "theta": pa.array([[1.0, float("nan")], [], None, [3.0]], pa.list_(pa.float64())),
    "layers": pa.array([[[1], [2, 3]], [], None, [[]]], pa.list_(pa.list_(pa.int64()))),
}


@given(cuts=st.sets(st.integers(0, 4)))
def test_chunks_do_not_matter(cuts):
    table = pa.table(ROWS)
    edges = [0, *sorted(cuts), 4]
    pieces = pa.concat_tables([table.slice(low, high - low) for low, high in pairwise(edges)])
    assert logical_hash(pieces) == logical_hash(table)


@pytest.mark.parametrize("name", ROWS)
def test_every_value_matters(name):
    """Rows swapped in one column alone are other rows."""
    table = pa.table(ROWS)
    turned = table.set_column(table.schema.get_field_index(name), name, ROWS[name].take(pa.array([3, 1, 2, 0])))
    assert logical_hash(turned) != logical_hash(table)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (pa.array([None], pa.float64()), pa.array([0.0])),
        (pa.array([None], pa.float64()), pa.array([float("nan")])),
        (pa.array([None], pa.list_(pa.float64())), pa.array([[]], pa.list_(pa.float64()))),
        (pa.array([[1.0], [2.0, 3.0]]), pa.array([[1.0, 2.0], [3.0]])),
        (pa.array(["a", "bc"]), pa.array(["ab", "c"])),
        (pa.array([1], pa.int32()), pa.array([1], pa.int64())),
    ],
)
def test_near_twins_differ(one, two):
    assert logical_hash(pa.table({"x": one})) != logical_hash(pa.table({"x": two}))


def test_all_nans_are_one():
    bits = np.array([0x7FF8000000000000, 0x7FF8000000000001, 0xFFF8000000000000], dtype=np.uint64)
    hashes = {logical_hash(pa.table({"x": one})) for one in bits.view(np.float64).reshape(3, 1)}
    assert len(hashes) == 1


def test_a_dictionary_is_its_values():
    plain = pa.table({"method": ["newton", "adam", "newton"]})
    coded = pa.table({"method": plain["method"].dictionary_encode()})
    assert logical_hash(coded) == logical_hash(plain)


def test_an_unknown_type_is_refused():
    with pytest.raises(TypeError, match="no hash"):
        logical_hash(pa.table({"when": pa.array([0], pa.timestamp("s"))}))
