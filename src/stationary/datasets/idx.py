"""The IDX format in which MNIST is distributed: two zero bytes, a type, the number of axes, their lengths, the values.

All big-endian. Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, "file formats".
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from stationary.errors import DatasetFormatError

Array = Any

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP = b"\x1f\x8b"


def parse(content: bytes) -> Array:
    """The array in IDX bytes, in the machine's byte order.

    Raises:
        ValueError: if the header is not one of IDX, or the number of values is another than it says.

    >>> parse(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9])).tolist()
    [7, 8, 9]
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in _TYPES:
        raise ValueError("it does not start with an IDX header")
    kind, axes = np.dtype(_TYPES[content[2]]), content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError("its IDX header is cut short")
    shape = struct.unpack(f">{axes}I", content[4:start])
    values = content[start:]
    expected = int(np.prod(shape, dtype=object)) * kind.itemsize
    if len(values) != expected:
        raise ValueError(f"it holds {len(values)} bytes of values where its header promises {expected}")
    return np.frombuffer(values, dtype=kind).reshape(shape).astype(kind.newbyteorder("="))


def read(path: Path) -> Array:
    """The array in an IDX file, gzipped or not; the content says which, not the name.

    Raises:
        DatasetFormatError: if it is not IDX, or is cut short.
    """
    content = path.read_bytes()
    try:
        return parse(gzip.decompress(content) if content[:2] == _GZIP else content)
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DatasetFormatError(f"{path} is not a sound IDX file: {error}. Fetch it again.") from None
