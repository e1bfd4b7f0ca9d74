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

from stationary.config.devices import Xla
from stationary.methods.ensemble_network import N_CLASSES, Shape
from stationary.methods.ensemble_steps import pack, stepper, unpack, weight_shapes
from stationary.progress import Advance

Array = Any

STACK_NETWORKS = 64
"""Networks in a stack at most: 128 took as long per network as 64 at widths 2 to 25, and fill more memory."""

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
    xla: Xla = "auto",
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
        xla: whether XLA compiles the loop; ``auto``: below width :data:`XLA_BELOW`.
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
    compiled = {"never": False, "auto": shape.width < XLA_BELOW, "always": True}[xla]
    loop = _epoch(shape, stack, networks, batch, steps, descent.l2, compiled)
    pixels, targets = _data(x, y)
    end = np.empty_like(theta, dtype=np.float32)
    for first in range(0, groups, stack):
        real = range(first, min(first + stack, groups))
        chosen = np.minimum(np.arange(first, first + stack), groups - 1)
        weights = pack(shape, theta[chosen], batch)
        for epoch in range(descent.epochs):
            order = np.empty((stack, steps * batch), dtype=np.int32)
            for place, group in enumerate(real):
                order[place] = rows[group][orders[group].permutation(rows.shape[1])[: steps * batch]]
            order[len(real) :] = order[len(real) - 1]
            batches = order.reshape(stack, steps, batch).swapaxes(0, 1)
            weights = loop(pixels, targets, batches, descent.rates(epoch, steps), *weights)
        end[real.start : real.stop] = unpack(shape, weights, batch)[: len(real)]
        advance(len(real) * networks)
    return end


def _data(x: Array, y: Array) -> tuple[Array, Array]:
    import tensorflow as tf

    return tf.constant(x, dtype=tf.float32), tf.one_hot(y, N_CLASSES, dtype=tf.float32)


@functools.cache
def _epoch(shape: Shape, stack: int, networks: int, batch: int, steps: int, l2: float, compiled: bool) -> Callable[..., Array]:
    """One epoch as one TensorFlow function; traced once, at its first call."""
    import tensorflow as tf

    step = stepper(shape, batch)

    def epoch(pixels: Array, targets: Array, batches: Array, rates: Array, *weights: Array) -> Array:
        def body(number: Array, *now: Array) -> list[Array]:
            rows = batches[number]
            return [number + 1, *step(tf.gather(pixels, rows), tf.gather(targets, rows), rates[number], l2, *now)]

        start = (tf.constant(0), *weights)
        return tf.while_loop(lambda number, *_: number < steps, body, start, maximum_iterations=steps)[1:]

    signature = [
        tf.TensorSpec((None, shape.inputs), tf.float32),
        tf.TensorSpec((None, N_CLASSES), tf.float32),
        tf.TensorSpec((steps, stack, batch), tf.int32),
        tf.TensorSpec((steps,), tf.float32),
        *(tf.TensorSpec(part, tf.float32) for part in weight_shapes(shape, stack, networks, batch)),
    ]
    loop: Callable[..., Array] = tf.function(epoch, input_signature=signature, jit_compile=compiled)
    return loop
