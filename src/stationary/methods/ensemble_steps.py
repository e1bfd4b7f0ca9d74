"""One step of stochastic gradient descent of a stack, in the layout that suits the minibatch.

Small minibatches keep units contiguous: a group's first layer is [B, d] x [d, G n1], and the output layer multiplies [B, n1] per
network. Large ones keep samples contiguous, [G n1, d + 1] x [d + 1, B], in theta's own layout and without a transpose. On half of the digits
the first takes 0.8 of the time of the second at B = 10 (widths 25 to 500), the second 0.6 of the first at B = 100 (25), 0.9 (500).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from stationary.methods.ensemble_network import N_CLASSES, Shape, activate, pull_back, split_blocks

Array = Any
Step = Callable[..., list[Array]]

SAMPLES_CONTIGUOUS_FROM = 32
"""Minibatches at least so long fill the processor's vectors with samples."""


def pack(shape: Shape, theta: Array, batch: int) -> list[Array]:
    """[S, G, P] -> the arrays that the step for this minibatch holds, float32, shaped as :func:`weight_shapes` says."""
    first, second = split_blocks(shape, np.asarray(theta, dtype=np.float32))
    groups = theta.shape[0]
    if batch >= SAMPLES_CONTIGUOUS_FROM:
        parts = [first.reshape(groups, -1, shape.inputs + 1), second]
    else:
        columns = np.moveaxis(first, 3, 1).reshape(groups, shape.inputs + 1, -1)
        output = second.swapaxes(2, 3)
        parts = [columns[:, :-1], columns[:, -1], output[:, :, :-1], output[:, :, -1]]
    return [np.ascontiguousarray(part) for part in parts]


def unpack(shape: Shape, weights: Sequence[Array], batch: int) -> Array:
    """The inverse of :func:`pack`; tensors become arrays."""
    parts = [np.asarray(part) for part in weights]
    if batch >= SAMPLES_CONTIGUOUS_FROM:
        first, second = parts
        groups, networks = second.shape[:2]
    else:
        kernel, bias, output, output_bias = parts
        groups, networks = output.shape[:2]
        columns = np.concatenate([kernel, bias[:, None]], axis=1).reshape(groups, shape.inputs + 1, networks, shape.width)
        first = np.moveaxis(columns, 1, 3)
        second = np.concatenate([output, output_bias[:, :, None]], axis=2).swapaxes(2, 3)
    return np.concatenate([part.reshape(groups, networks, -1) for part in (first, second)], axis=2)


def weight_shapes(shape: Shape, stack: int, networks: int, batch: int) -> list[tuple[int, ...]]:
    """Kernels with their biases in the last column, or kernels and biases apart and transposed."""
    units = networks * shape.width
    if batch >= SAMPLES_CONTIGUOUS_FROM:
        return [(stack, units, shape.inputs + 1), (stack, networks, N_CLASSES, shape.width + 1)]
    output = (stack, networks, shape.width, N_CLASSES)
    return [(stack, shape.inputs, units), (stack, units), output, (stack, networks, N_CLASSES)]


def stepper(shape: Shape, batch: int) -> Step:
    """The step ``(x [S, B, d], t [S, B, 10] one-hot, rate, l2, *weights) -> weights`` for minibatches of this length."""
    one = _samples_contiguous if batch >= SAMPLES_CONTIGUOUS_FROM else _units_contiguous

    def step(x: Array, t: Array, rate: Array, l2: float, *weights: Array) -> list[Array]:
        # The adjoints carry -rate / B from the logits on, so that what they make are steps already.
        changes = one(shape, x, t, rate / batch, *weights)
        kept = [part * (1.0 - rate * l2) for part in weights] if l2 else weights
        return [part + change for part, change in zip(kept, changes, strict=True)]

    return step


def _units_contiguous(
    shape: Shape, x: Array, t: Array, pace: Array, kernel: Array, bias: Array, output: Array, output_bias: Array
) -> list[Array]:
    import tensorflow as tf

    groups, batch, _ = x.shape
    networks = output.shape[1]
    before = tf.reshape(tf.matmul(x, kernel) + bias[:, None], (groups, batch, networks, shape.width))
    h = activate(shape.activation, tf.transpose(before, (0, 2, 1, 3)))
    adjoint = (t[:, None] - tf.nn.softmax(tf.matmul(h, output) + output_bias[:, :, None])) * pace
    back = pull_back(shape.activation, h, tf.matmul(adjoint, output, transpose_b=True))
    flat = tf.reshape(tf.transpose(back, (0, 2, 1, 3)), (groups, batch, networks * shape.width))
    return [
        tf.matmul(x, flat, transpose_a=True),
        tf.reshape(tf.reduce_sum(back, axis=2), (groups, networks * shape.width)),
        tf.matmul(h, adjoint, transpose_a=True),
        tf.reduce_sum(adjoint, axis=2),
    ]


def _samples_contiguous(shape: Shape, x: Array, t: Array, pace: Array, first: Array, second: Array) -> list[Array]:
    import tensorflow as tf

    groups, batch, _ = x.shape
    networks = second.shape[1]
    samples = tf.concat([x, tf.ones_like(x[:, :, :1])], axis=2)
    before = tf.reshape(tf.matmul(first, samples, transpose_b=True), (groups, networks, shape.width, batch))
    h = activate(shape.activation, before)
    logits = tf.matmul(second[..., :-1], h) + second[..., -1:]
    powers = tf.exp(logits - tf.reduce_max(logits, axis=2, keepdims=True))
    shares = powers / tf.reduce_sum(powers, axis=2, keepdims=True)
    adjoint = (tf.transpose(t, (0, 2, 1))[:, None] - shares) * pace
    back = pull_back(shape.activation, h, tf.matmul(second[..., :-1], adjoint, transpose_a=True))
    of_output = tf.concat([tf.matmul(adjoint, h, transpose_b=True), tf.reduce_sum(adjoint, axis=3, keepdims=True)], axis=3)
    return [tf.matmul(tf.reshape(back, (groups, networks * shape.width, batch)), samples), of_output]
