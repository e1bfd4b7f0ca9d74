"""A small convolutional network in TensorFlow, float64: 3 x 3 filters, 2 x 2 max pooling, rectifiers, one dense layer.

The windows under the filters are cut out once per loss, grouped by their place inside a pool, so that convolution is one
product and pooling a maximum over the leading axis. A rectifier commutes with a maximum and comes after it.
Hessian-vector products differentiate g'v once more; at a kink of a rectifier or of the pooling the product is that of one side.
TensorFlow is imported only when a loss is evaluated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from stationary.datasets.images import N_CLASSES
from stationary.experiments.conditioning import Network
from stationary.landscapes.network import Block

Array = Any

SIDE = 3
"""Of a filter, in pixels."""

POOL = 2


def convnet(inputs: int, filters: int) -> Network:
    """The network on square images of so many pixels, 64 for the digits; edges are padded with zeros."""
    layout = layout_of(inputs, filters)
    return Network("convnet", layout, lambda x, labels: ConvolutionalLoss(x, labels, filters))


def layout_of(inputs: int, filters: int) -> tuple[Block, ...]:
    """Blocks of theta: filters (units, pixels + bias), then the dense layer (classes, pooled units + bias)."""
    first = Block("filters", (filters, SIDE * SIDE + 1), 0)
    units = filters * (math.isqrt(inputs) // POOL) ** 2
    return first, Block("output", (N_CLASSES, units + 1), first.size)


@dataclass(frozen=True, eq=False)
class ConvolutionalLoss:
    """Mean cross-entropy over some samples.

    Attributes:
        x: pixels, [S, d], d a square.
        labels: [S].
        filters: how many.
    """

    x: Array
    labels: Array
    filters: int

    @cached_property
    def windows(self) -> Array:
        """What each filter sees: [places in a pool, S pools, 9]; a row or column that fills no pool is left out."""
        side = math.isqrt(self.x.shape[1])
        pools = side // POOL
        padded = np.pad(np.asarray(self.x, dtype=np.float64).reshape(-1, side, side), ((0, 0), (1, 1), (1, 1)))
        cut = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), axis=(1, 2))
        cut = cut[:, : pools * POOL, : pools * POOL].reshape(-1, pools, POOL, pools, POOL, SIDE * SIDE)
        return np.ascontiguousarray(np.moveaxis(cut, (2, 4), (0, 1))).reshape(POOL * POOL, -1, SIDE * SIDE)

    def value(self, theta: Array) -> float:
        """Nats at [P]."""
        return float(self._call("value", theta))

    def value_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """Nats and gradient [P]."""
        value, gradient = self._call("gradient", theta)
        return float(value), gradient.numpy()

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [P], [P] -> [P]."""
        return self._call("hvp", theta, vector).numpy()

    def logits(self, theta: Array) -> Array:
        """Outputs before the softmax: [P] -> [S, 10]."""
        return self._call("logits", theta).numpy()

    def error(self, theta: Array) -> float:
        """Share of samples classified wrongly, 0 to 1, at [P]."""
        return float((self.logits(theta).argmax(axis=1) != self.labels).mean())

    def _call(self, function: str, *points: Array) -> Any:
        import tensorflow as tf

        compiled = _functions(self.x.shape[1], self.filters)[function]
        return compiled(tf.constant(self.windows), tf.constant(self.labels), *map(tf.constant, points))


@cache
def _functions(inputs: int, filters: int) -> dict[str, Any]:
    """Compiled once per size of the network, whatever the samples."""
    import tensorflow as tf

    blocks = layout_of(inputs, filters)
    point = tf.TensorSpec([sum(block.size for block in blocks)], tf.float64)
    data = (tf.TensorSpec([POOL * POOL, None, SIDE * SIDE], tf.float64), tf.TensorSpec([None], tf.int64))

    def logits(windows: Array, labels: Array, theta: Array) -> Array:  # noqa: ARG001 - all functions take the same
        first, second = (tf.reshape(theta[block.offset : block.offset + block.size], block.shape) for block in blocks)
        products = tf.matmul(tf.reshape(windows, (-1, SIDE * SIDE)), first[:, :-1], transpose_b=True) + first[:, -1]
        pooled = tf.nn.relu(tf.reduce_max(tf.reshape(products, (POOL * POOL, -1, filters)), axis=0))
        return tf.matmul(tf.reshape(pooled, (-1, blocks[1].shape[1] - 1)), second[:, :-1], transpose_b=True) + second[:, -1]

    def value(windows: Array, labels: Array, theta: Array) -> Array:
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits(windows, labels, theta))
        return tf.reduce_mean(each)

    def gradient(windows: Array, labels: Array, theta: Array) -> Array:
        with tf.GradientTape() as tape:
            tape.watch(theta)
            loss = value(windows, labels, theta)
        return loss, tape.gradient(loss, theta)

    def hvp(windows: Array, labels: Array, theta: Array, vector: Array) -> Array:
        with tf.GradientTape() as tape:
            tape.watch(theta)
            along = tf.reduce_sum(gradient(windows, labels, theta)[1] * vector)
        return tape.gradient(along, theta)

    return {
        "value": tf.function(value, input_signature=[*data, point]),
        "gradient": tf.function(gradient, input_signature=[*data, point]),
        "hvp": tf.function(hvp, input_signature=[*data, point, point]),
        "logits": tf.function(logits, input_signature=[*data, point]),
    }
