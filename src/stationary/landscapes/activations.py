"""Activations and their derivatives in closed form, up to the fourth; all are smooth but the rectifier.

The fourth derivative is what the exact Hessian of a second-order differential operator applied to a network needs
(two derivatives in the input, two in the parameters).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any
"""A NumPy array, or a TensorFlow tensor when ``xp`` is ``tensorflow.experimental.numpy``."""


def _tanh(z: Array, order: int, xp: Any) -> list[Array]:
    t = xp.tanh(z)
    series = [t]
    if order >= 1:
        series.append((1.0 - t) * (1.0 + t))
    if order >= 2:
        series.append(-2.0 * t * series[1])
    if order >= 3:
        series.append(-2.0 * (series[1] * series[1] + t * series[2]))
    if order >= 4:
        series.append(-2.0 * (3.0 * series[1] * series[2] + t * series[3]))
    return series


def _sine(z: Array, order: int, xp: Any) -> list[Array]:
    sine = xp.sin(z)
    if order == 0:
        return [sine]
    cosine = xp.cos(z)
    return [sine, cosine, -sine, -cosine, sine][: order + 1]


def _logistic(z: Array, decay: Array, order: int, xp: Any) -> list[Array]:
    """1 / (1 + exp(-z)) and its derivatives, given decay = exp(-|z|)."""
    series = [xp.where(z >= 0.0, xp.ones_like(z), decay) / (1.0 + decay)]
    if order >= 1:
        # decay / (1 + decay)^2 keeps full relative accuracy in both tails, where s (1 - s) cancels.
        series.append(decay / ((1.0 + decay) * (1.0 + decay)))
    if order >= 2:
        series.append(series[1] * (1.0 - 2.0 * series[0]))
    if order >= 3:
        series.append(series[1] * (1.0 - 6.0 * series[1]))
    if order >= 4:
        series.append(series[2] * (1.0 - 12.0 * series[1]))
    return series


def _sigmoid(z: Array, order: int, xp: Any) -> list[Array]:
    return _logistic(z, xp.exp(-xp.abs(z)), order, xp)


def _softplus(z: Array, order: int, xp: Any) -> list[Array]:
    decay = xp.exp(-xp.abs(z))
    value = xp.maximum(z, 0.0) + xp.log1p(decay)
    return [value, *_logistic(z, decay, order - 1, xp)] if order else [value]


def _swish(z: Array, order: int, xp: Any) -> list[Array]:
    s = _logistic(z, xp.exp(-xp.abs(z)), order, xp)
    return [z * s[0], *(z * s[k] + float(k) * s[k - 1] for k in range(1, order + 1))]  # Leibniz


def _identity(z: Array, order: int, xp: Any) -> list[Array]:
    return [z, xp.ones_like(z), *(xp.zeros_like(z) for _ in range(3))][: order + 1]


def _relu(z: Array, order: int, xp: Any) -> list[Array]:
    slope = xp.where(z > 0.0, xp.ones_like(z), xp.zeros_like(z))
    return [xp.maximum(z, 0.0), slope, *(xp.zeros_like(z) for _ in range(3))][: order + 1]


def _gaussian(z: Array, order: int, xp: Any) -> list[Array]:
    bell = xp.exp(-0.5 * z * z)
    series = [bell]
    if order >= 1:
        series.append(-z * bell)
    for k in range(2, order + 1):  # Hermite recursion: f^(k) = -z f^(k-1) - (k-1) f^(k-2)
        series.append(-z * series[k - 1] - (k - 1) * series[k - 2])
    return series


ACTIVATIONS: dict[str, Callable[[Array, int, Any], list[Array]]] = {
    "gaussian": _gaussian,
    "identity": _identity,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "sine": _sine,
    "softplus": _softplus,
    "swish": _swish,
    "tanh": _tanh,
}


def derivatives(name: str, z: Array, order: int, xp: Any = np) -> list[Array]:
    """Evaluate an activation and its derivatives up to ``order`` (0 to 4), element by element.

    Args:
        name: ``gaussian`` (exp(-z^2/2)), ``identity``, ``relu`` (derivatives 0 at its kink), ``sigmoid``
            (1 / (1 + exp(-z))), ``sine``, ``softplus``, ``swish`` (z times the sigmoid) or ``tanh``.
        z: pre-activations, any shape.
        order: highest derivative wanted.
        xp: array namespace, NumPy or ``tensorflow.experimental.numpy``.

    Returns:
        ``order + 1`` arrays of the shape of ``z``.

    >>> [float(d) for d in derivatives("sine", np.array(0.0), 3)]
    [0.0, 1.0, -0.0, -1.0]
    """
    return ACTIVATIONS[name](z, order, xp)
