"""Scikit-learn's digits: 1797 images of 8 x 8 pixels in 17 grey levels, shipped inside that package.

Source: E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits (UCI Machine Learning Repository, 1998), its
test set. Three pixels are the same in all images, a few more in some halves of them: a classifier's loss is flat along each.
"""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from stationary import seeds

Array = Any

N_TRAIN = 1437
"""Images that come first; the remaining 360 are the test set where the data are not divided anew."""

_LEVELS = 16.0


def arrays() -> tuple[Array, Array, Array, Array]:
    """Images in [0, 1], float32, [n, 8, 8], and labels, [n]: x_train, y_train, x_test, y_test."""
    raw = np.loadtxt(gzip.decompress(_file().read_bytes()).decode().splitlines(), delimiter=",")
    x, y = (raw[:, :-1].reshape(-1, 8, 8) / _LEVELS).astype(np.float32), raw[:, -1].astype(np.int64)
    return x[:N_TRAIN], y[:N_TRAIN], x[N_TRAIN:], y[N_TRAIN:]


def noise_arrays(seed: int) -> tuple[Array, Array, Array, Array]:
    """The same images with the labels of all of them permuted: as balanced as before, and nothing to be learned."""
    x_train, y_train, x_test, y_test = arrays()
    labels = seeds.generator(seed, "datasets/digits_noise", "labels", 0).permutation(np.concatenate([y_train, y_test]))
    return x_train, labels[:N_TRAIN], x_test, labels[N_TRAIN:]


def _file() -> Path:
    """Where scikit-learn keeps the images; the package itself would take every job a second to import."""
    package = importlib.util.find_spec("sklearn")
    assert package is not None  # a dependency
    assert package.origin is not None
    return Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
