"""Activations acting on jets: a value together with its first and second derivative in the network's input.

A jet has C channels along axis 2 of an array [R, n, C, S] (replicas, units, channels, samples). C = 1 is the plain value;
C = 3 carries (z, dz/dx, d2z/dx2), which is what a second-order differential operator needs. An activation maps jets to
jets, h = phi(z):

    h0 = phi(z0),   h1 = phi'(z0) z1,   h2 = phi''(z0) z1^2 + phi'(z0) z2     (Faa di Bruno)

Everything the exact Hessian of the network needs of an activation is its value, the product with its Jacobian A = dh/dz
(``push``), with A transposed (``pull``), and the second derivative contracted with an adjoint (``curvature``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.landscapes.activations import Array, derivatives
from stationary.landscapes.triangles import pair_indices

CHANNEL_PAIRS = {1: [(0, 0)], 3: [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (1, 1)]}
"""Channels (k, k') that a second derivative can couple, by C: the orders of differentiation never add up to more than two."""


class ActivationJet:
    """One layer's activation, linearised at pre-activation jets ``z`` [R, n, C, S].

    Args:
        name: activation, see :mod:`stationary.landscapes.activations`.
        z: pre-activation jets, C = 1 or 3.
        order: 0 for the value, 1 for ``push`` and ``pull`` as well, 2 for ``curvature`` as well.
        xp: array namespace.
    """

    def __init__(self, name: str, z: Array, order: int, xp: Any = np) -> None:
        self.channels = int(z.shape[2])
        highest = order if self.channels == 1 else order + 2
        self.derivatives = derivatives(name, z[:, :, 0], highest, xp)
        if self.channels == 1:
            self.value = self.derivatives[0][:, :, None]
            return
        self._z1, self._z2 = z[:, :, 1], z[:, :, 2]
        d = self.derivatives
        self._a10 = d[2] * self._z1
        channels = [d[0], d[1] * self._z1, self._a10 * self._z1 + d[1] * self._z2]
        self.value = xp.stack(channels, axis=2) if xp is not np else _channels(channels)
        if order >= 1:
            self._a20 = d[3] * self._z1 * self._z1 + d[2] * self._z2

    def push(self, tangent: Array) -> Array:
        """A t: tangents of the activation jets from tangents of the pre-activations, [R, n, ..., C, S]."""
        slope = _spread(self.derivatives[1], tangent)
        if self.channels == 1:
            return slope * tangent
        a10, a20 = _spread(self._a10, tangent), _spread(self._a20, tangent)
        t0, t1 = tangent[..., 0:1, :], tangent[..., 1:2, :]
        pushed = slope * tangent
        pushed[..., 1:2, :] += a10 * t0
        pushed[..., 2:3, :] += a20 * t0
        pushed[..., 2:3, :] += 2.0 * a10 * t1
        return pushed

    def pull(self, adjoint: Array) -> Array:
        """A^T e: adjoints of the pre-activation jets from adjoints of the activations, [R, n, ..., C, S]."""
        slope = _spread(self.derivatives[1], adjoint)
        if self.channels == 1:
            return slope * adjoint
        a10, a20 = _spread(self._a10, adjoint), _spread(self._a20, adjoint)
        e1, e2 = adjoint[..., 1:2, :], adjoint[..., 2:3, :]
        pulled = slope * adjoint
        pulled[..., 0:1, :] += a10 * e1
        pulled[..., 0:1, :] += a20 * e2
        pulled[..., 1:2, :] += 2.0 * a10 * e2
        return pulled

    def pull_pairs(self, bent: Array) -> Array:
        """A_i^T b A_p for all pairs of units i <= p, in place.

        Args:
            bent: one symmetric form per pair, [R, channel pairs, unit pairs, S], ordered as :data:`CHANNEL_PAIRS` and
                :func:`~stationary.landscapes.triangles.pair_indices` say.
        """
        for side, units in enumerate(pair_indices(self.derivatives[1].shape[1])):
            slope = self.derivatives[1].take(units, axis=1)
            if self.channels == 3:
                b00, b01, b02, b10, b20, b11 = np.moveaxis(bent, 1, 0)
                if side == 1:  # the second unit owns the second channel index
                    b01, b02, b10, b20 = b10, b20, b01, b02
                a10, a20 = self._a10.take(units, axis=1), self._a20.take(units, axis=1)
                b00_gain, b01_gain, b10_gain = a10 * b10 + a20 * b20, a10 * b11, 2.0 * a10 * b20
            bent *= slope[:, None]
            if self.channels == 3:
                b00 += b00_gain
                b01 += b01_gain
                b10 += b10_gain
        return bent

    def curvature(self, adjoint: Array) -> Array:
        """Second derivative of <adjoint, h> in z, [R, n, C, S] -> [R, n, C, C, S], symmetric in the channels."""
        d = self.derivatives
        if self.channels == 1:
            return (d[2] * adjoint[:, :, 0])[:, :, None, None]
        e0, e1, e2 = adjoint[:, :, 0], adjoint[:, :, 1], adjoint[:, :, 2]
        z1, z2 = self._z1, self._z2
        second = np.zeros(e0.shape[:2] + (3, 3) + e0.shape[2:])
        second[:, :, 0, 0] = d[2] * e0 + d[3] * z1 * e1 + (d[4] * z1 * z1 + d[3] * z2) * e2
        second[:, :, 0, 1] = second[:, :, 1, 0] = d[2] * e1 + 2.0 * d[3] * z1 * e2
        second[:, :, 0, 2] = second[:, :, 2, 0] = d[2] * e2
        second[:, :, 1, 1] = 2.0 * d[2] * e2
        return second


def _channels(parts: list[Array]) -> Array:
    """``np.stack`` along axis 2, without its checks."""
    value = np.empty((*parts[0].shape[:2], len(parts), parts[0].shape[2]))
    for number, part in enumerate(parts):
        value[:, :, number] = part
    return value


def _spread(coefficient: Array, like: Array) -> Array:
    """Insert the axes between units and samples, so that [R, n, S] broadcasts against [R, n, ..., C, S]."""
    replicas, units, samples = coefficient.shape
    return coefficient.reshape((replicas, units) + (1,) * (like.ndim - 3) + (samples,))
