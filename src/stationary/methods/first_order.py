"""First-order optimisers through Keras, all runs of a stack in one variable.

Their updates act element by element, so one Keras optimizer on the [R, P] variable is R independent optimizers, which may even
differ in their learning rates. The loop between
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
steadily (at 0.2 it rises now and then). Adam: ten times Keras' default, whose steps are short for full batches. The others have
none: whoever runs them says which."""

MOMENTUM = 0.9
"""Of Nesterov's method."""

OPTIMISERS = ("gradient_descent", "adam", "nesterov", "adagrad", "rmsprop", "adadelta")
"""Keras' SGD without momentum, Adam, SGD with Nesterov's momentum, AdaGrad, RMSProp, Adadelta; what is not said is Keras'
default."""


def first_order(
    landscape: Any,
    theta: Array,
    stopping: Stopping,
    *,
    method: str,
    rate: float | Array | None = None,
    observe: Observer | None = None,
    wanted: Callable[[int], bool] | None = None,
) -> Result:
    """Run one of Keras' optimizers on every start until the budget is spent.

    Args:
        landscape: with ``value(theta, xp)`` for TensorFlow's NumPy interface, and ``value_and_gradient``.
        theta: starts, [R, P].
        stopping: common stopping rule; one step costs one gradient.
        method: one of :data:`OPTIMISERS`.
        rate: learning rate, or one per start, [R]; that of :data:`LEARNING_RATES` if None.
        observe: called at the start and at the wanted iterations.
        wanted: predicate on iteration numbers; the end is always one.
    """
    import tensorflow as tf

    optimizer = _optimizer(method, LEARNING_RATES[method] if rate is None else rate)
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


def _optimizer(method: str, rate: float | Array) -> Any:
    import keras

    if not np.isscalar(rate):
        # Keras takes any callable and multiplies by what it returns; a column acts on each start's row.
        column = np.asarray(rate, dtype=np.float64)[:, None]
        rate = lambda: column  # noqa: E731

    choices = {
        "gradient_descent": lambda: keras.optimizers.SGD(rate),
        "adam": lambda: keras.optimizers.Adam(rate),
        "nesterov": lambda: keras.optimizers.SGD(rate, momentum=MOMENTUM, nesterov=True),
        "adagrad": lambda: keras.optimizers.Adagrad(rate),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate),
        "adadelta": lambda: keras.optimizers.Adadelta(rate),
    }
    return choices[method]()
