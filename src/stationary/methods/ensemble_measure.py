"""Loss, error and gradient of a stack of classifiers over whole datasets, in chunks, one sweep per dataset.

Forward passes are float32; sums over samples are float64, except inside a chunk of the gradient.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.methods.ensemble_network import N_CLASSES, Shape, cross_entropy, forward, gradient_sum

Array = Any

CHUNK_UNITS = 2_000_000
"""Hidden activations held at once: 8 MB."""


@dataclass(frozen=True)
class Measured:
    """A dataset as the networks see it.

    Attributes:
        loss: cross-entropy per sample in nats, float32, [groups, G, n].
        wrong: misclassified samples, bool, [groups, G, n].
        gradient: of the mean cross-entropy, float64, [groups, G, P]; empty if not asked for.
    """

    loss: Array
    wrong: Array
    gradient: Array


def measure(x: Array, y: Array, rows: Array, theta: Array, shape: Shape, *, gradient: bool = False) -> Measured:
    """Evaluate every group's networks on that group's samples, group by group.

    Args:
        x: pixels, [N, d].
        y: labels, [N].
        rows: indices into ``x``, [groups, n].
        theta: [groups, G, P].
        shape: architecture.
        gradient: whether to go backward too.
    """
    groups, networks = theta.shape[:2]
    samples = rows.shape[1]
    chunk = min(samples, max(1, CHUNK_UNITS // (networks * shape.width)))
    sweep = _sweep(shape, networks, chunk, gradient)
    loss = np.empty((groups, networks, samples), dtype=np.float32)
    wrong = np.empty((groups, networks, samples), dtype=bool)
    slope = np.zeros((groups, networks, shape.n_parameters if gradient else 0))
    for first in range(0, samples, chunk):
        part = slice(first, min(first + chunk, samples))
        # The last chunk is filled up with its first sample at weight zero: one trace for all.
        filled = np.arange(first, first + chunk)
        weight = (filled < samples).astype(np.float32)
        filled[filled >= samples] = first
        for group in range(groups):
            here = rows[group][filled]
            found = sweep(theta[group : group + 1], x[here][None], y[here].astype(np.int32)[None], weight)
            kept = part.stop - first
            loss[group, :, part], wrong[group, :, part] = found[0][0, :, :kept], found[1][0, :, :kept]
            if gradient:
                slope[group] += np.asarray(found[2][0], dtype=np.float64)
    return Measured(loss, wrong, slope / samples)


@functools.cache
def _sweep(shape: Shape, networks: int, chunk: int, gradient: bool) -> Callable[..., Array]:
    import tensorflow as tf

    def sweep(theta: Array, x: Array, y: Array, weight: Array) -> Array:
        target = tf.transpose(tf.one_hot(y, N_CLASSES, dtype=tf.float32), (0, 2, 1))[:, None]
        samples = tf.concat([x, tf.ones_like(x[:, :, :1])], axis=2)
        units, logits = forward(shape, theta, samples)
        wrong = tf.argmax(logits, axis=2, output_type=tf.int32) != y[:, None]
        found = [cross_entropy(logits, target), wrong]
        if gradient:
            found.append(gradient_sum(shape, theta, samples, target, units, logits, weight))
        return found

    signature = [
        tf.TensorSpec((1, networks, shape.n_parameters), tf.float32),
        tf.TensorSpec((1, chunk, shape.inputs), tf.float32),
        tf.TensorSpec((1, chunk), tf.int32),
        tf.TensorSpec((chunk,), tf.float32),
    ]
    compiled: Callable[..., Array] = tf.function(sweep, input_signature=signature)
    return compiled
