"""A function with one minimum, convex sublevel sets and an indefinite Hessian: log(1 + sum_i c_i x_i^2).

It grows with the convex q = sum_i c_i x_i^2, so that its sublevel sets are q's ellipsoids and the origin is its only critical
point; along axis i its second derivative, 2 c_i (1 - c_i x_i^2) / (1 + c_i x_i^2)^2, is negative beyond x_i = c_i^(-1/2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class LogBowl:
    """The landscape over points x.

    Attributes:
        weights: c, positive, [P].

    >>> np.linalg.eigvalsh(LogBowl(np.array([1.0, 5.0])).hessian(np.array([[2.0, 0.0]]))).round(12).tolist()
    [[-0.24, 2.0]]
    """

    weights: Array

    @property
    def n_parameters(self) -> int:
        """P."""
        return int(self.weights.size)

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, the point itself."""
        return (Block("point", (self.n_parameters,), 0),)

    def take(self, replicas: Array) -> LogBowl:  # noqa: ARG002
        """The landscape of some replicas: itself."""
        return self

    def value(self, theta: Array) -> Array:
        """[R, P] -> [R]."""
        return np.asarray(np.log1p((self.weights * theta * theta).sum(axis=1)))

    def gradient(self, theta: Array) -> Array:
        """[R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Both: [R], [R, P]."""
        above = 1.0 + (self.weights * theta * theta).sum(axis=1, keepdims=True)
        return self.value(theta), 2.0 * self.weights * theta / above

    def hessian(self, theta: Array) -> Array:
        """[R, P] -> [R, P, P]."""
        above = 1.0 + (self.weights * theta * theta).sum(axis=1)[:, None, None]
        slope = 2.0 * self.weights * theta
        return np.asarray(np.diag(2.0 * self.weights) / above - slope[:, :, None] * slope[:, None] / above**2)

    def gradient_scale(self, theta: Array) -> Array:
        """What a small gradient is small against, [R]: one."""
        return np.ones(len(theta))
