"""MNIST and Fashion-MNIST, from a file of the user's or through Keras.

The content is checked, not the container: MNIST's arrays have known SHA-256, whatever archive they came in.
Sources: Y. LeCun et al., The MNIST database; H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST (arXiv 1708.07747).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from stationary.datasets import archives, idx, places
from stationary.errors import DatasetHashError, DatasetMissingError

Array = Any

SHA256 = {
    "mnist": {
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    }
}
"""Of the raw bytes of each uint8 array, per dataset; what is not listed is checked for its layout alone."""

_STEMS = {"x_train": "train-images", "y_train": "train-labels", "x_test": "t10k-images", "y_test": "t10k-labels"}
_LEVELS = 255.0


def arrays(name: str, path: str, section: str = "minima") -> tuple[Array, Array, Array, Array]:
    """Images in [0, 1], float32, [n, h, w], and labels, [n]: x_train, y_train, x_test, y_test.

    Args:
        name: ``mnist`` or ``fashion_mnist``.
        path: a .npz in Keras' layout, a folder with the four IDX files (gzipped or not), or empty to let Keras download.
        section: of the configuration, which refusals name.

    Raises:
        DatasetMissingError: if there is nothing at the path, or a file is missing in the folder.
        DatasetFormatError: if a file holds something else than images and labels.
        DatasetHashError: if it holds other images and labels than the dataset's.
        DatasetDownloadError: if Keras cannot fetch it.
    """
    raw = _read(name, path, section)
    origin = path or "what Keras downloaded"
    archives.check_layout(raw, origin, section)
    _check_content(name, raw, origin, section)
    x_train, y_train, x_test, y_test = (raw[part] for part in archives.PARTS)
    levels = np.float32(_LEVELS)
    return x_train / levels, y_train.astype(np.int64), x_test / levels, y_test.astype(np.int64)


def _read(name: str, path: str, section: str) -> dict[str, Array]:
    if not path:
        return archives.download(name, section)
    places.check(name, path, f"{section}.path")
    place = Path(path)
    if place.is_dir():
        return {part: idx.read(_idx_file(place, stem)) for part, stem in _STEMS.items()}
    return archives.read_npz(place, section)


def _idx_file(folder: Path, stem: str) -> Path:
    """The file of that stem in any of its usual spellings: -idx3-ubyte or .idx3-ubyte, .gz or not."""
    found = sorted(path for path in folder.iterdir() if path.is_file() and path.name.startswith((f"{stem}-idx", f"{stem}.idx")))
    if not found:
        axes = 3 if stem.endswith("images") else 1
        raise DatasetMissingError(f"{folder} has no file {stem}-idx{axes}-ubyte or {stem}-idx{axes}-ubyte.gz. Put it there.")
    return found[0]


def _check_content(name: str, raw: dict[str, Array], origin: str, section: str) -> None:
    for part, expected in SHA256.get(name, {}).items():
        found = hashlib.sha256(np.ascontiguousarray(raw[part], dtype=np.uint8).tobytes()).hexdigest()
        if found != expected:
            raise DatasetHashError(
                f"{origin} is not {name}: the bytes of {part} have SHA-256 {found[:12]}..., not {expected[:12]}.... "
                f"Fetch it again, or correct {section}.dataset."
            )
