"""Bytes built with struct, as the format's description says."""

import gzip
import struct

import numpy as np
import pytest

from stationary.datasets import idx
from stationary.errors import DatasetFormatError


def built(values, code, letter):
    shape = values.shape
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
    return header + struct.pack(f">{values.size}{letter}", *values.ravel().tolist())


@pytest.mark.parametrize(("code", "letter"), [(0x08, "B"), (0x09, "b"), (0x0B, "h"), (0x0C, "i"), (0x0D, "f"), (0x0E, "d")])
@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 2, 3)])
def test_every_type_and_rank_is_read(code, letter, shape):
    values = np.arange(np.prod(shape)).reshape(shape)
    np.testing.assert_array_equal(idx.parse(built(values, code, letter)), values)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_file_may_be_gzipped(tmp_path, pack):
    path = tmp_path / "labels"
    path.write_bytes(pack(built(np.arange(5), 0x08, "B")))
    assert idx.read(path).tolist() == [0, 1, 2, 3, 4]


SOUND = built(np.arange(5), 0x08, "B")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\3\4" + SOUND, SOUND[:6], SOUND[:-1], SOUND + b"\0", gzip.compress(SOUND)[:-9], b"\x1f\x8bnonsense"],
    ids=["empty", "other format", "short header", "short", "long", "cut gzip", "no gzip"],
)
def test_an_unsound_file_is_refused_in_one_line_that_names_it(tmp_path, content):
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(DatasetFormatError) as refusal:
        idx.read(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)
