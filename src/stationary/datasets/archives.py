"""Labelled images in archives: a .npz in Keras' layout, or what Keras downloads; read, and checked for their layout.

Refusals name the configuration's section whose dataset it is, e.g. ``minima``.
"""

from __future__ import annotations

import zipfile
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from stationary.errors import DatasetDownloadError, DatasetFormatError

Array = Any

PARTS = ("x_train", "y_train", "x_test", "y_test")
N_CLASSES = 10


def read_npz(place: Path, section: str) -> dict[str, Array]:
    """The four arrays of a .npz.

    Raises:
        DatasetFormatError: if it is none, or lacks one of them.
    """
    try:
        # Opened here: NumPy leaves a file open whose archive is cut short.
        with place.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            return {part: archive[part] for part in PARTS}
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        TypeError,
        AttributeError,
        IndexError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        reason = " ".join(str(error).split())
        raise DatasetFormatError(
            f"{place} is not a .npz with the arrays {', '.join(PARTS)} ({reason}). Name another file in {section}.path."
        ) from None


def download(name: str, section: str) -> dict[str, Array]:
    """The four arrays through ``keras.datasets``.

    Raises:
        DatasetDownloadError: if Keras cannot fetch them.
    """
    # By name: this module must load without Keras, which takes seconds and brings TensorFlow along.
    module = import_module(f"keras.datasets.{name}")
    try:
        (x_train, y_train), (x_test, y_test) = module.load_data()
    except Exception as error:  # Keras wraps whatever the connection raised in a plain Exception
        reason = " ".join(str(error).split())
        raise DatasetDownloadError(
            f"Keras could not fetch {name} ({reason}). Connect to the network, or name a local copy in {section}.path."
        ) from None
    return dict(zip(PARTS, (x_train, y_train, x_test, y_test), strict=True))


def check_layout(raw: dict[str, Array], origin: str, section: str, *, channels: int = 0) -> None:
    """Refuse arrays that are not images of unsigned bytes, all of one size, with labels 0 to 9.

    Args:
        raw: the four arrays; labels one per image, [n].
        origin: where they come from.
        section: of the configuration.
        channels: of an image, last axis; 0 for grey images without that axis.

    Raises:
        DatasetFormatError: naming the array that is wrong.
    """
    shape = "(n, height, width, 3)" if channels else "(n, height, width)"
    for images, labels in (("x_train", "y_train"), ("x_test", "y_test")):
        x, y = raw[images], raw[labels]
        right = x.ndim == (4 if channels else 3) and (not channels or x.shape[-1] == channels)
        if x.dtype != np.uint8 or not right or x.shape[0] == 0:
            wanted = f"{images} of unsigned bytes and shape {shape}; it is {x.dtype} of shape {x.shape}"
        elif y.dtype.kind not in "iu" or y.shape != x.shape[:1]:
            wanted = f"{labels} of whole numbers, one per image; it is {y.dtype} of shape {y.shape}"
        elif y.min() < 0 or y.max() >= N_CLASSES:
            wanted = f"{labels} from 0 to {N_CLASSES - 1}; they go from {y.min()} to {y.max()}"
        elif x.shape[1:] != raw["x_train"].shape[1:]:
            wanted = f"images of one size; {images} has {x.shape[1:]}, x_train {raw['x_train'].shape[1:]}"
        else:
            continue
        raise DatasetFormatError(f"{origin} should hold {wanted}. Name another file in {section}.path.")
