"""How wrong a minibatch's gradient is, direction by direction: its noise along the eigenvectors of the Hessian.

A tanh network of eight units on the digits at 4 x 4 pixels, small enough for its whole spectrum, where descent stopped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stationary import seeds, tables
from stationary.datasets.images import N_CLASSES, Images
from stationary.experiments.traps_tables import NOISE
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import CrossEntropy
from stationary.methods.minibatch_descent import Sgd, descend

Array = Any

HIDDEN, RATE, BATCH = 8, 0.1, 32


def run(images: Images, epochs: int, batches: int, seed: int) -> pa.Table:
    """Train, decompose the Hessian, measure minibatches: a table of the schema ``NOISE``, a row per eigenvector.

    Args:
        images: the training part is used.
        epochs: of training.
        batches: to measure, each drawn without replacement.
        seed: root seed.
    """
    x, labels = images.x_train.astype(np.float64), images.y_train

    def part(rows: Array) -> DeepNetwork:
        return DeepNetwork(x[rows], CrossEntropy(labels[rows], N_CLASSES), (HIDDEN,), "tanh")

    whole = part(np.arange(labels.size))
    purposes = ("start", "order", "batches")
    first, order, drawn = (seeds.generator(seed, f"traps/noise/{what}", images.name, 0) for what in purposes)
    start = np.concatenate([first.uniform(-1.0, 1.0, block.size) / np.sqrt(block.shape[1]) for block in whole.layout])
    *_, theta = descend(part, labels.size, start, (Sgd([RATE]),), batch=BATCH, epochs=epochs, stream=order)
    eigenvalues, vectors = np.linalg.eigh(whole.hessian(theta)[0])
    gradient = whole.gradient(theta)[0]
    rows = [drawn.choice(labels.size, BATCH, replace=False) for _ in range(batches)]
    noise = np.stack([part(batch).gradient(theta)[0] for batch in rows]) - gradient
    along = noise @ vectors
    columns: dict[str, object] = {
        "rank": np.arange(eigenvalues.size),
        "eigenvalue": eigenvalues[::-1],
        "gradient": (gradient @ vectors)[::-1],
        "noise": np.sqrt((along**2).mean(axis=0))[::-1],
        "batch_size": [BATCH] * eigenvalues.size,
        "batches": [batches] * eigenvalues.size,
    }
    return tables.from_columns(columns, NOISE)
