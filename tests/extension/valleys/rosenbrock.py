"""The landscape: Rosenbrock's bent valley, chained through N variables.

f(x) = sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, least at (1, ..., 1). Its Hessian is tridiagonal. Source: H. H. Rosenbrock,
An automatic method for finding the greatest or least value of a function, The Computer Journal 3 (1960) 175-184 (N = 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.landscapes.network import Block

Array = Any

WALL = 100.0
"""Steepness of the valley's walls."""


@dataclass(frozen=True)
class Rosenbrock:
    """The landscape over points x, in the protocol of ``stationary.landscapes.protocol``.

    Attributes:
        n_parameters: N, at least 2.

    >>> valley = Rosenbrock(2)
    >>> valley.value(np.array([[1.0, 1.0], [0.0, 0.0]])).tolist()
    [0.0, 1.0]
    """

    n_parameters: int

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, the point itself."""
        return (Block("point", (self.n_parameters,), 0),)

    def take(self, replicas: Array) -> Rosenbrock:  # noqa: ARG002
        """The landscape of some replicas: itself, for all share one function."""
        return self

    def value(self, theta: Array) -> Array:
        """[R, N] -> [R]."""
        return self.value_and_gradient(theta)[0]

    def gradient(self, theta: Array) -> Array:
        """[R, N] -> [R, N]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Both: [R], [R, N]."""
        here, off = theta[:, :-1], theta[:, 1:] - theta[:, :-1] ** 2
        gradient = np.zeros_like(theta)
        gradient[:, :-1] = -4.0 * WALL * here * off - 2.0 * (1.0 - here)
        gradient[:, 1:] += 2.0 * WALL * off
        return (WALL * off**2 + (1.0 - here) ** 2).sum(axis=1), gradient

    def hessian(self, theta: Array) -> Array:
        """[R, N] -> [R, N, N]."""
        here, link = theta[:, :-1], np.arange(self.n_parameters - 1)
        hessian = np.zeros((*theta.shape, self.n_parameters))
        hessian[:, link, link] = 4.0 * WALL * (3.0 * here**2 - theta[:, 1:]) + 2.0
        hessian[:, link + 1, link + 1] += 2.0 * WALL
        hessian[:, link, link + 1] = hessian[:, link + 1, link] = -4.0 * WALL * here
        return hessian

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, N], [R, N] -> [R, N]."""
        return np.asarray(np.matvec(self.hessian(theta), vector))

    def gradient_scale(self, theta: Array) -> Array:
        """What a small gradient is small against, [R]: one, the order of f between its critical points."""
        return np.ones(len(theta))
