"""Small one-hidden-layer softmax classifiers, R at a time, in TensorFlow and float32: layout, loss, gradient.

Theta of a network holds the blocks ``hidden_1`` (n1, d + 1) and ``output`` (classes, n1 + 1), row-major, biases in the last
column. A stack is [S, G, P]: S order groups of G networks; a group's networks see the same samples, so that its first layer is
one product. TensorFlow is imported only when something is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.landscapes.network import Block

Array = Any

N_CLASSES = 10


@dataclass(frozen=True)
class Shape:
    """Architecture of every network of a stack.

    Attributes:
        inputs: d, pixels of an image.
        width: n1, hidden units.
        activation: ``relu`` or ``tanh``.
    """

    inputs: int
    width: int
    activation: str = "relu"

    @property
    def n_parameters(self) -> int:
        """P = n1 (d + 1) + 10 (n1 + 1).

        >>> Shape(100, 25).n_parameters == 111 * 25 + 10
        True
        """
        return sum(block.size for block in self.layout)

    @property
    def layout(self) -> tuple[Block, Block]:
        """The two blocks of theta."""
        hidden = Block("hidden_1", (self.width, self.inputs + 1), 0)
        return hidden, Block("output", (N_CLASSES, self.width + 1), hidden.size)


def starts(shape: Shape, start: str, generator: np.random.Generator) -> Array:
    """One network's start, float32, [P].

    Args:
        shape: architecture.
        start: ``uniform_fan_in`` for +-1/sqrt(fan_in), weights and biases alike (the authors' code), or ``unit_cube`` for
            [-1, 1] (the words of Choromanska et al. 2015, as we read them).
        generator: the network's own stream.
    """
    draw = generator.uniform(-1.0, 1.0, size=shape.n_parameters)
    if start == "uniform_fan_in":
        hidden, output = shape.layout
        draw[: hidden.size] /= np.sqrt(shape.inputs)
        draw[output.offset :] /= np.sqrt(shape.width)
    return draw.astype(np.float32)


def split_blocks(shape: Shape, theta: Array) -> tuple[Array, Array]:
    """Views of [..., P] as [..., n1, d + 1] and [..., 10, n1 + 1]; a tensor is sliced, an array is viewed."""
    hidden, output = shape.layout
    first, second = theta[..., : hidden.size], theta[..., output.offset :]
    lead = theta.shape[:-1]
    if isinstance(theta, np.ndarray):
        return first.reshape(*lead, *hidden.shape), second.reshape(*lead, *output.shape)
    import tensorflow as tf

    return tf.reshape(first, (*lead, *hidden.shape)), tf.reshape(second, (*lead, *output.shape))


def activate(activation: str, before: Array) -> Array:
    """Hidden units from their pre-activations."""
    import tensorflow as tf

    return tf.nn.relu(before) if activation == "relu" else tf.tanh(before)


def pull_back(activation: str, after: Array, adjoint: Array) -> Array:
    """Adjoint of the pre-activations from that of the units; ReLU's derivative at 0 is 0."""
    import tensorflow as tf

    return tf.where(after > 0, adjoint, 0.0) if activation == "relu" else adjoint * (1.0 - after) * (1.0 + after)


def forward(shape: Shape, theta: Array, x: Array) -> tuple[Array, Array]:
    """Units and logits at each group's samples.

    Args:
        shape: architecture.
        theta: [S, G, P].
        x: samples with a column of ones, [S, n, d + 1].

    Returns:
        units [S, G, n1, n] and logits [S, G, 10, n]: samples contiguous, for products with all of the data.
    """
    import tensorflow as tf

    first, second = split_blocks(shape, theta)
    groups, networks = theta.shape[:2]
    flat = tf.reshape(first, (groups, networks * shape.width, shape.inputs + 1))
    before = tf.reshape(tf.matmul(flat, x, transpose_b=True), (groups, networks, shape.width, x.shape[1]))
    units = activate(shape.activation, before)
    return units, tf.matmul(second[..., :-1], units) + second[..., -1:]


def cross_entropy(logits: Array, target: Array) -> Array:
    """Per sample: logits [S, G, 10, n], one-hot target [S, 1, 10, n] -> [S, G, n], in nats."""
    import tensorflow as tf

    shifted = logits - tf.reduce_max(logits, axis=2, keepdims=True)
    return tf.math.log(tf.reduce_sum(tf.exp(shifted), axis=2)) - tf.reduce_sum(shifted * target, axis=2)


def gradient_sum(shape: Shape, theta: Array, x: Array, target: Array, units: Array, logits: Array, weight: Array) -> Array:
    """Sum over samples of weight times the gradient of the cross-entropy, [S, G, P]; weight [S, 1, 1, n]."""
    import tensorflow as tf

    _, second = split_blocks(shape, theta)
    groups, networks = theta.shape[:2]
    adjoint = (tf.nn.softmax(logits, axis=2) - target) * weight
    of_output = tf.concat([tf.matmul(adjoint, units, transpose_b=True), tf.reduce_sum(adjoint, 3, keepdims=True)], axis=3)
    back = pull_back(shape.activation, units, tf.matmul(second[..., :-1], adjoint, transpose_a=True))
    of_hidden = tf.matmul(tf.reshape(back, (groups, networks * shape.width, x.shape[1])), x)
    flat = [tf.reshape(of_hidden, (groups, networks, -1)), tf.reshape(of_output, (groups, networks, -1))]
    return tf.concat(flat, axis=2)
