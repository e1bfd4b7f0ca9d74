"""Labelled images as a classifier takes them: flat rows of pixels in [0, 1], scaled to a side of the user's choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.datasets import cifar10, digits, mnist, places
from stationary.errors import UnknownDatasetError

Array = Any

N_CLASSES = 10


@dataclass(frozen=True, eq=False)
class Images:
    """A dataset and the division that it comes with.

    Attributes:
        x_train: pixels in [0, 1], row by row of the image, float32, [n, d].
        y_train: labels 0 to 9, [n].
        x_test: [m, d].
        y_test: [m].
        name: as in the configuration.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    name: str


_LOADERS: dict[str, Callable[[str, int, str], tuple[Array, Array, Array, Array]]] = {
    "digits": lambda _path, _seed, _section: digits.arrays(),
    "digits_noise": lambda _path, seed, _section: digits.noise_arrays(seed),
    "mnist": lambda path, _seed, section: mnist.arrays("mnist", path, section),
    "fashion_mnist": lambda path, _seed, section: mnist.arrays("fashion_mnist", path, section),
    "cifar10": lambda path, _seed, section: cifar10.arrays(path, section),
}


def load(name: str, path: str = "", side: int = 0, seed: int = 0, section: str = "minima") -> Images:
    """A dataset by name.

    Args:
        name: ``digits``, ``digits_noise``, ``mnist``, ``fashion_mnist`` or ``cifar10`` (in grey levels).
        path: where the last three lie, see :func:`stationary.datasets.mnist.arrays` and ``cifar10.arrays``.
        side: images are scaled to side x side pixels; 0 leaves them as they are.
        seed: root seed, for the labels of ``digits_noise``.
        section: of the configuration, which refusals name.

    Raises:
        UnknownDatasetError: if there is no such dataset.
        DatasetPathError: if a path is given for a dataset that comes with its package.
        UserError: as :func:`stationary.datasets.mnist.arrays` says.

    >>> images = load("digits", side=4)
    >>> images.x_train.shape, images.y_test.shape
    ((1437, 16), (360,))
    """
    if name not in _LOADERS:
        raise UnknownDatasetError(f"{section}.dataset = {name!r} is not a dataset. Use one of: {', '.join(sorted(_LOADERS))}.")
    places.check(name, path, f"{section}.path")
    x_train, y_train, x_test, y_test = _LOADERS[name](path, seed, section)
    return Images(_rows(x_train, side), y_train, _rows(x_test, side), y_test, name)


def scaled(images: Array, side: int) -> Array:
    """Bilinear interpolation at half-pixel centres, without antialiasing: [n, h, w] -> [n, side, side], float32.

    Pixel i of the result lies at (i + 1/2) h / side - 1/2 of the original and weighs the two pixels about it, the outermost
    ones repeated beyond the edge: ``tf.image.resize(method="bilinear", antialias=False)``, and SciPy's
    ``ndimage.zoom(order=1, mode="nearest", grid_mode=True)``. Choromanska et al. 2015 say "scaled to 10 x 10"; their code
    calls a bilinear routine.

    >>> scaled(np.array([[[0.0, 1.0, 2.0, 3.0]] * 4]), 2)[0].tolist()
    [[0.5, 2.5], [0.5, 2.5]]
    """
    rows, columns = (_interpolation(length, side) for length in images.shape[1:])
    return np.asarray(rows @ images.astype(np.float32) @ columns.T)


def _rows(images: Array, side: int) -> Array:
    if side not in (0, *images.shape[1:]) or (side and images.shape[1] != images.shape[2]):
        images = scaled(images, side)
    return np.ascontiguousarray(images.reshape(images.shape[0], -1), dtype=np.float32)


def _interpolation(length: int, side: int) -> Array:
    """Weights of the original pixels in each new one along one axis, [side, length]; every row sums to 1."""
    place = np.clip((np.arange(side) + 0.5) * length / side - 0.5, 0.0, length - 1.0)
    left = np.minimum(np.floor(place).astype(int), max(length - 2, 0))
    weights = np.zeros((side, length), dtype=np.float32)
    new = np.arange(side)
    weights[new, left] = 1.0 - (place - left)
    weights[new, np.minimum(left + 1, length - 1)] += (place - left).astype(np.float32)
    return weights
