"""Stochastic gradient descent of thousands of small classifiers at once: one compiled loop per epoch over a stack of networks.

A stack is S order groups of G networks. A group shares its minibatches' order, so that one product [B, d] x [d, G n1] is the
first layer of all its networks. The last stack is filled up with copies, so that every stack of a condition has the same shape:
one trace, and a network's numbers are bitwise the same in whatever block it is trained. Other stack sizes (another ``mem_mb``)
change the order of summation, in float32 about 1e-6 relative per step.

An epoch is floor(n / B) full minibatches of a fresh permutation; the fewer than B samples left over sit that epoch out (digits:
8 of 898 at B = 10). The rate falls continuously: eta_0 / (1 + epoch / decay_epochs), epoch = steps / steps per epoch.

Source: Choromanska et al., The loss surfaces of multilayer networks (AISTATS 2015), section 5, and its authors' code.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.methods.ensemble_network import N_CLASSES, Shape, activate, pull_back, split_blocks
from stationary.progress import Advance

Array = Any

STACK_NETWORKS = 64
"""Networks in a stack at most: beyond it calls cost no more than arithmetic, measured in benchmarks/ensemble.py."""

STACK_BYTES = 2_000_000
"""Weights of a stack at most: each step reads and writes all of them, so they should stay in a core's cache."""

XLA_BELOW = 64
"""Widths below it compile with XLA, which fuses the many small operations; above, products rule and its are the slower ones."""


@dataclass(frozen=True)
class Descent:
    """How the networks of a stack are trained.

    Attributes:
        batch_size: B, samples per step; the whole of a smaller training set.
        epochs: passes over the training data.
        learning_rate: eta_0.
        decay_epochs: epochs after which the rate has halved.
        l2: weight of 1/2 |theta|^2, biases included.
    """

    batch_size: int
    epochs: int
    learning_rate: float
    decay_epochs: float
    l2: float = 0.0

    def rates(self, epoch: int, steps: int) -> Array:
        """Rates of the steps of one epoch, float32, [steps]."""
        passed = epoch + np.arange(steps) / steps
        return (self.learning_rate / (1.0 + passed / self.decay_epochs)).astype(np.float32)


def stack_size(width: int, inputs: int, group: int, mem_mb: float) -> int:
    """Networks trained at once: a power of two times ``group``, small enough for the cache and for ``mem_mb``.

    A group is never divided: where one alone exceeds ``mem_mb``, it is still the answer.

    >>> [stack_size(width, 64, 16, 1500) for width in (5, 100, 500)]
    [64, 64, 16]
    """
    weights = 4 * Shape(inputs, width).n_parameters
    # Old and new weights, the step, the gradient in float64 on the host, and the units of a chunk of samples.
    held = 6 * weights + 8 * weights + 4 * 4 * 1000 * width
    limit = min(STACK_NETWORKS, STACK_BYTES / weights, 1e6 * mem_mb / held)
    groups = 1
    while 2 * groups * group <= limit:
        groups *= 2
    return groups * group


def train(
    x: Array,
    y: Array,
    rows: Array,
    theta: Array,
    shape: Shape,
    descent: Descent,
    orders: Sequence[np.random.Generator],
    *,
    mem_mb: float = 1500.0,
    of_groups: int | None = None,
    advance: Advance = lambda _: None,
) -> Array:
    """Train every network of every group.

    Args:
        x: pixels, float32, [N, d], held once.
        y: labels, [N].
        rows: each group's training samples, indices into ``x``, [groups, n].
        theta: starts, float32, [groups, G, P].
        shape: architecture.
        descent: rate, length, batch.
        orders: one stream per group, which shuffles its samples anew each epoch.
        mem_mb: bound on the stack, see :func:`stack_size`.
        of_groups: how many groups the condition has in all blocks, if this is one of several; a stack is not larger.
        advance: called with the number of networks finished.

    Returns:
        end points, float32, [groups, G, P]; a network that diverged holds NaN or infinity, its neighbours do not notice.
    """
    groups, networks = theta.shape[:2]
    batch = min(descent.batch_size, rows.shape[1])
    steps = rows.shape[1] // batch
    stack = stack_size(shape.width, shape.inputs, networks, mem_mb) // networks
    while stack // 2 >= (of_groups or groups):
        stack //= 2
    loop = _epoch(shape, stack, networks, batch, steps, descent.l2)
    pixels, targets = _data(x, y)
    end = np.empty_like(theta, dtype=np.float32)
    for first in range(0, groups, stack):
        real = range(first, min(first + stack, groups))
        chosen = np.minimum(np.arange(first, first + stack), groups - 1)
        weights = pack(shape, theta[chosen])
        for epoch in range(descent.epochs):
            order = np.empty((stack, steps * batch), dtype=np.int32)
            for place, group in enumerate(real):
                order[place] = rows[group][orders[group].permutation(rows.shape[1])[: steps * batch]]
            order[len(real) :] = order[len(real) - 1]
            batches = order.reshape(stack, steps, batch).swapaxes(0, 1)
            weights = loop(pixels, targets, batches, descent.rates(epoch, steps), *weights)
        end[real.start : real.stop] = unpack(shape, weights)[: len(real)]
        advance(len(real) * networks)
    return end


def pack(shape: Shape, theta: Array) -> list[Array]:
    """[S, G, P] -> kernels and biases as the loop holds them: [S, d, G n1], [S, G n1], [S, G, n1, 10], [S, G, 10]."""
    first, second = split_blocks(shape, np.asarray(theta, dtype=np.float32))
    groups = theta.shape[0]
    columns = np.moveaxis(first, 3, 1).reshape(groups, shape.inputs + 1, -1)
    output = second.swapaxes(2, 3)
    return [np.ascontiguousarray(part) for part in (columns[:, :-1], columns[:, -1], output[:, :, :-1], output[:, :, -1])]


def unpack(shape: Shape, weights: Sequence[Array]) -> Array:
    """The inverse of :func:`pack`; tensors become arrays."""
    kernel, bias, output, output_bias = (np.asarray(part) for part in weights)
    groups, networks = output.shape[:2]
    columns = np.concatenate([kernel, bias[:, None]], axis=1).reshape(groups, shape.inputs + 1, networks, shape.width)
    first = np.moveaxis(columns, 1, 3).reshape(groups, networks, -1)
    second = np.concatenate([output, output_bias[:, :, None]], axis=2).swapaxes(2, 3).reshape(groups, networks, -1)
    return np.concatenate([first, second], axis=2)


def _data(x: Array, y: Array) -> tuple[Array, Array]:
    import tensorflow as tf

    return tf.constant(x, dtype=tf.float32), tf.one_hot(y, N_CLASSES, dtype=tf.float32)


@functools.cache
def _epoch(shape: Shape, stack: int, networks: int, batch: int, steps: int, l2: float) -> Callable[..., Array]:
    """One epoch as one TensorFlow function; traced once, at its first call."""
    import tensorflow as tf

    units, width = networks * shape.width, shape.width

    def step(x: Array, t: Array, rate: Array, kernel: Array, bias: Array, output: Array, output_bias: Array) -> list[Array]:
        """x [S, B, d], t [S, B, 10]; the adjoints carry -rate / B, so that they are steps already."""
        before = tf.matmul(x, kernel) + bias[:, None]
        # [B, n1] per network: what the output layer multiplies network by network.
        h = activate(shape.activation, tf.transpose(tf.reshape(before, (stack, batch, networks, width)), (0, 2, 1, 3)))
        adjoint = (t[:, None] - tf.nn.softmax(tf.matmul(h, output) + output_bias[:, :, None])) * (rate / batch)
        back = pull_back(shape.activation, h, tf.matmul(adjoint, output, transpose_b=True))
        moved = tf.reshape(tf.transpose(back, (0, 2, 1, 3)), (stack, batch, units))
        steps_taken = (
            tf.matmul(x, moved, transpose_a=True),
            tf.reshape(tf.reduce_sum(back, axis=2), (stack, units)),
            tf.matmul(h, adjoint, transpose_a=True),
            tf.reduce_sum(adjoint, axis=2),
        )
        weights = (kernel, bias, output, output_bias)
        if l2:
            weights = tuple(part * (1.0 - rate * l2) for part in weights)
        return [part + change for part, change in zip(weights, steps_taken, strict=True)]

    def epoch(pixels: Array, targets: Array, batches: Array, rates: Array, *weights: Array) -> Array:
        def body(number: Array, *now: Array) -> list[Array]:
            rows = batches[number]
            return [number + 1, *step(tf.gather(pixels, rows), tf.gather(targets, rows), rates[number], *now)]

        start = (tf.constant(0), *weights)
        return tf.while_loop(lambda number, *_: number < steps, body, start, maximum_iterations=steps)[1:]

    single, index = tf.float32, tf.int32
    signature = [
        tf.TensorSpec((None, shape.inputs), single),
        tf.TensorSpec((None, N_CLASSES), single),
        tf.TensorSpec((steps, stack, batch), index),
        tf.TensorSpec((steps,), single),
        tf.TensorSpec((stack, shape.inputs, units), single),
        tf.TensorSpec((stack, units), single),
        tf.TensorSpec((stack, networks, width, N_CLASSES), single),
        tf.TensorSpec((stack, networks, N_CLASSES), single),
    ]
    compiled: Callable[..., Array] = tf.function(epoch, input_signature=signature, jit_compile=width < XLA_BELOW)
    return compiled
