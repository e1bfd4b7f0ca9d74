"""Gradient descent and Adam through Keras, all runs of a stack in one variable.

Both updates act element by element, so one Keras optimizer on the [R, P] variable is R independent optimizers. The loop between
two recorded iterations is one compiled TensorFlow function; TensorFlow is imported only when this module is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stationary.methods.result import GRADIENT_COST, Observer, Result, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

LEARNING_RATES = {"gradient_descent": 0.1, "adam": 0.01}
"""Ours, constant over the run. Descent: the largest of 0.05, 0.1, 0.2, 0.5, 1 at which the loss of the base networks falls
steadily (at 0.2 it rises now and then). Adam: ten times Keras' default, whose steps are short for full batches."""


def first_order(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    method: str,
    observe: Observer | None = None,
    wanted: Callable[[int], bool] | None = None,
) -> Result:
    """Run Keras' SGD (no momentum) or Adam on every start until the budget is spent.

    Args:
        landscape: with ``value(theta, xp)`` for TensorFlow's NumPy interface, and ``value_and_gradient``.
        theta: starts, [R, P].
        stopping: common stopping rule; one step costs one gradient.
        method: ``gradient_descent`` or ``adam``.
        observe: called at the start and at the wanted iterations.
        wanted: predicate on iteration numbers; the end is always one.
    """
    import keras
    import tensorflow as tf

    rate = LEARNING_RATES[method]
    optimizer = keras.optimizers.Adam(rate) if method == "adam" else keras.optimizers.SGD(rate)
    steps = min(stopping.max_iterations, int(stopping.budget / GRADIENT_COST))
    variable = tf.Variable(np.asarray(theta, dtype=np.float64))
    optimizer.build([variable])

    @tf.function  # type: ignore[untyped-decorator]
    def advance(number: Any) -> None:
        for _ in tf.range(number):
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(landscape.value(variable, tf.experimental.numpy))
            optimizer.apply_gradients([(tape.gradient(total, variable), variable)])

    now, everyone = 0, np.arange(variable.shape[0])
    for stop in range(steps + 1):
        if stop < steps and (wanted is None or observe is None or not wanted(stop)):
            continue
        before = variable.numpy()
        advance(tf.constant(stop - now))
        now, point = stop, variable.numpy()
        if observe is not None:
            loss, gradient = landscape.value_and_gradient(point)
            moved = np.linalg.norm(point - before, axis=1)
            unknown = np.full(everyone.size, -1)
            observe(Snapshot(everyone, now, point, loss, np.linalg.norm(gradient, axis=1), moved, unknown))
    end = variable.numpy()
    spent = np.full(everyone.size, steps)
    codes = judge_end(landscape, end, stopping, np.full(everyone.size, Termination.MAX_ITERATIONS, dtype=object))
    return Result(end, codes, spent, spent * GRADIENT_COST)
