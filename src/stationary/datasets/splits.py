"""Random divisions of a dataset in halves, so that the test set is large enough to tell networks apart.

On a small test set networks of one width differ less than chance makes the loss differ, and train and test loss seem to
decorrelate; several divisions with half of the data for testing guard against it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary import seeds
from stationary.datasets.images import Images

Array = Any

OWN_TEST_SET = ("mnist", "fashion_mnist")
"""Datasets whose own test set is kept if only one division is asked for."""


def pooled(images: Images) -> tuple[Array, Array]:
    """All pixels [n + m, d] and labels [n + m], the training part first."""
    return np.concatenate([images.x_train, images.x_test]), np.concatenate([images.y_train, images.y_test])


def halves(images: Images, root_seed: int, splits: int) -> list[tuple[Array, Array]]:
    """Indices into the pooled data of each division's training and test part.

    Both parts are in random order, so that the even and the odd half of a test part are random halves of it.

    Args:
        images: the dataset.
        root_seed: of the configuration; a division depends on it, on the dataset's name and on its own number.
        splits: how many; with one, MNIST and Fashion-MNIST keep the test set that they come with.

    Returns:
        one (training, test) pair per division, disjoint, together all of the data; of an odd number the test part has more.
    """
    n_train = images.y_train.size
    total = n_train + images.y_test.size
    own = splits == 1 and images.name in OWN_TEST_SET
    pairs = []
    for split in range(splits):
        stream = seeds.generator(root_seed, "datasets/split", images.name, split)
        if own:
            pairs.append((stream.permutation(n_train), n_train + stream.permutation(total - n_train)))
        else:
            order = stream.permutation(total)
            pairs.append((order[: total // 2], order[total // 2 :]))
    return pairs
