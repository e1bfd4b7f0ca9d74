"""A small convolutional network in TensorFlow, float64: 3 x 3 filters, rectifiers, 2 x 2 max pooling, one dense layer.

Hessian-vector products differentiate g'v once more. At a kink of a rectifier or of the pooling the product is that of one side.
TensorFlow is imported only when a loss is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
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

    def value(self, theta: Array) -> float:
        """Nats at [P]."""
        return float(_functions(self.x.shape[1], self.filters)["value"](theta, self.x, self.labels))

    def value_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """Nats and gradient [P]."""
        value, gradient = _functions(self.x.shape[1], self.filters)["gradient"](theta, self.x, self.labels)
        return float(value), gradient.numpy()

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [P], [P] -> [P]."""
        return _functions(self.x.shape[1], self.filters)["hvp"](theta, self.x, self.labels, vector).numpy()

    def error(self, theta: Array) -> float:
        """Share of samples classified wrongly."""
        logits = _functions(self.x.shape[1], self.filters)["logits"](theta, self.x).numpy()
        return float((logits.argmax(axis=1) != self.labels).mean())


def logits(theta: Array, x: Array, filters: int) -> Array:
    """Outputs of the network, tensors: [P], [S, d] -> [S, 10]."""
    import tensorflow as tf

    side = math.isqrt(x.shape[1])
    first, second = (
        tf.reshape(theta[block.offset : block.offset + block.size], block.shape) for block in layout_of(x.shape[1], filters)
    )
    # A convolution as one product with the windows of the images: TensorFlow's own took several times as long in float64.
    padded = tf.pad(tf.reshape(x, (-1, side, side)), ((0, 0), (1, 1), (1, 1)))
    windows = [padded[:, row : row + side, column : column + side] for row in range(SIDE) for column in range(SIDE)]
    products = tf.matmul(tf.reshape(tf.stack(windows, axis=-1), (-1, SIDE * SIDE)), first[:, :-1], transpose_b=True)
    h = tf.nn.relu(tf.reshape(products + first[:, -1], (-1, side, side, filters)))
    # Pooling by plain operations: a pooling kernel need not have a second derivative on every device.
    even = side // POOL * POOL
    corners = [h[:, row:even:POOL, column:even:POOL] for row in range(POOL) for column in range(POOL)]
    pooled = tf.reduce_max(tf.stack(corners), axis=0)
    flat = tf.reshape(pooled, (-1, second.shape[1] - 1))
    return tf.matmul(flat, second[:, :-1], transpose_b=True) + second[:, -1]


@cache
def _functions(inputs: int, filters: int) -> dict[str, Any]:
    """Compiled once per size of the network, whatever the samples."""
    import tensorflow as tf

    parameters = sum(block.size for block in layout_of(inputs, filters))
    point = tf.TensorSpec([parameters], tf.float64)
    data = (tf.TensorSpec([None, inputs], tf.float64), tf.TensorSpec([None], tf.int64))

    def loss(theta: Array, x: Array, labels: Array) -> Array:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits(theta, x, filters)))

    def gradient(theta: Array, x: Array, labels: Array) -> Array:
        with tf.GradientTape() as tape:
            tape.watch(theta)
            value = loss(theta, x, labels)
        return value, tape.gradient(value, theta)

    def hvp(theta: Array, x: Array, labels: Array, vector: Array) -> Array:
        with tf.GradientTape() as tape:
            tape.watch(theta)
            along = tf.reduce_sum(gradient(theta, x, labels)[1] * vector)
        return tape.gradient(along, theta)

    compiled = {
        "value": tf.function(loss, input_signature=[point, *data]),
        "gradient": tf.function(gradient, input_signature=[point, *data]),
        "hvp": tf.function(hvp, input_signature=[point, *data, point]),
        "logits": tf.function(lambda theta, x: logits(theta, x, filters), input_signature=[point, data[0]]),
    }

    def of_arrays(function: Any) -> Any:
        def call(*arrays: Array) -> Array:
            return function(*(tf.constant(np.asarray(array)) for array in arrays))

        return call

    return {name: of_arrays(function) for name, function in compiled.items()}
