"""CIFAR-10 in grey levels, from a file of the user's or through Keras.

Source: A. Krizhevsky, Learning multiple layers of features from tiny images (2009). Dauphin et al. (2014) train on it scaled to
10 x 10 pixels; how colours were treated is not published. Grey is ours: the luma of ITU-R BT.601. The arrays' content has no
known hash here; their layout is checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from stationary.datasets import archives, places

Array = Any

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue."""

_LEVELS = np.float32(255.0)


def arrays(path: str, section: str = "saddles") -> tuple[Array, Array, Array, Array]:
    """Grey images in [0, 1], float32, [n, h, w], and labels, [n]: x_train, y_train, x_test, y_test.

    Args:
        path: a .npz in Keras' layout, images [n, 32, 32, 3] and labels [n] or [n, 1], or empty to let Keras download.
        section: of the configuration, which refusals name.

    Raises:
        DatasetMissingError: if there is nothing at the path.
        DatasetFormatError: if the file holds something else than coloured images and labels.
        DatasetDownloadError: if Keras cannot fetch it.
    """
    if path:
        places.check("cifar10", path, f"{section}.path")
    raw = archives.read_npz(Path(path), section) if path else archives.download("cifar10", section)
    for part in ("y_train", "y_test"):
        if raw[part].ndim == 2 and raw[part].shape[1] == 1:
            raw[part] = raw[part][:, 0]
    archives.check_layout(raw, path or "what Keras downloaded", section, channels=LUMA.size)
    x_train, y_train, x_test, y_test = (raw[part] for part in archives.PARTS)
    return x_train @ LUMA / _LEVELS, y_train.astype(np.int64), x_test @ LUMA / _LEVELS, y_test.astype(np.int64)
