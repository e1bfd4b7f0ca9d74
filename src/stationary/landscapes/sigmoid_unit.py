"""A network without hidden units: one sigmoid of a weighted sum, squared loss, with bounds that make its minima countable.

J(theta) = sum_i (s(theta . x_i) - y_i)^2 / n. It is not convex: residuals of saturated samples carry no gradient, and a sum of
bounded terms can have many local minima (Sontag and Sussmann 1989; Brady, Raghavan and Slawny 1989; Auer, Herbster and Warmuth
1996). A bias is a sample's constant last entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.special

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class SigmoidUnit:
    """The landscape J over a stack of parameter vectors.

    Attributes:
        x: samples, [n, P].
        y: targets in [0, 1], [n].

    >>> unit = SigmoidUnit(np.array([[1.0]]), np.array([0.5]))
    >>> unit.value(np.zeros((1, 1))).tolist(), unit.hessian(np.zeros((1, 1))).tolist()
    ([0.0], [[[0.125]]])
    """

    x: Array
    y: Array

    @property
    def n_parameters(self) -> int:
        """P."""
        return int(self.x.shape[1])

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, the weights."""
        return (Block("output", (1, self.n_parameters), 0),)

    def take(self, replicas: Array) -> SigmoidUnit:  # noqa: ARG002
        """The landscape of some replicas: itself."""
        return self

    def value(self, theta: Array) -> Array:
        """[R, P] -> [R]."""
        return np.asarray(((scipy.special.expit(theta @ self.x.T) - self.y) ** 2).mean(axis=1))

    def gradient(self, theta: Array) -> Array:
        """[R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Both: [R], [R, P]."""
        s = scipy.special.expit(theta @ self.x.T)
        residual = s - self.y
        slope = 2.0 * residual * s * (1.0 - s) / self.y.size
        return (residual**2).mean(axis=1), slope @ self.x

    def hessian(self, theta: Array) -> Array:
        """[R, P] -> [R, P, P]."""
        s = scipy.special.expit(theta @ self.x.T)
        slope = s * (1.0 - s)
        bend = 2.0 * (slope**2 + (s - self.y) * slope * (1.0 - 2.0 * s)) / self.y.size
        result = np.swapaxes(bend[:, :, None] * self.x, 1, 2) @ self.x
        return np.asarray(0.5 * (result + np.swapaxes(result, 1, 2)))

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, P], [R, P] -> [R, P]."""
        return np.asarray(np.matvec(self.hessian(theta), vector))

    def gradient_scale(self, theta: Array) -> Array:
        """What a small gradient is small against, [R]: the largest that a sample of this size can have."""
        return np.full(len(theta), float(0.5 * np.linalg.norm(self.x, axis=1).mean()))

    def lipschitz(self, theta: Array, radius: float) -> tuple[Array, Array]:
        """Lipschitz constants of gradient and Hessian (spectral norm) within ``radius`` of every row: [R, P] -> [R], [R].

        From |s''| <= s', |s'''| <= s' and |s - y| <= 1: the second derivative of a squared residual in z is at most
        2 (s'^2 + s'), the third 2 (3 s'^2 + s'), and s' is largest where |z| is smallest.
        """
        length = np.linalg.norm(self.x, axis=1)
        nearest = np.maximum(0.0, np.abs(theta @ self.x.T) - radius * length)
        s = scipy.special.expit(-nearest)
        slope = s * (1.0 - s)
        second, third = 2.0 * (slope + 1.0) * slope, 2.0 * (3.0 * slope + 1.0) * slope
        return (second * length**2).mean(axis=1), (third * length**3).mean(axis=1)

    def bound_outside(self, radius: float, sectors: int = 20_000) -> float:
        """A number that J exceeds nowhere further than ``radius`` from the origin, for one or two parameters.

        In a sector of directions every theta . x_i lies in an interval, and so does its squared residual; the lower ends add
        up to a bound of the sector, the least of which holds for all.

        Args:
            radius: of the disc (interval) left out.
            sectors: into which the directions are divided; more make the bound tighter.

        Raises:
            ValueError: with more than two parameters.
        """
        if self.n_parameters == 1:
            low = high = np.array([[1.0], [-1.0]]) * self.x[:, 0]
        elif self.n_parameters == 2:
            angle, half = (np.arange(sectors) + 0.5) * (2.0 * np.pi / sectors), np.pi / sectors
            along = np.stack([np.cos(angle), np.sin(angle)], axis=1) @ self.x.T
            spread = np.linalg.norm(self.x, axis=1) * half  # a direction turns by at most half a sector
            low, high = along - spread, along + spread
        else:
            raise ValueError(f"sectors are made for one or two parameters, not {self.n_parameters}")
        s_low = np.where(low > 0, scipy.special.expit(radius * low), np.where(low < 0, 0.0, 0.5))
        s_high = np.where(high < 0, scipy.special.expit(radius * high), np.where(high > 0, 1.0, 0.5))
        away = np.maximum(0.0, np.maximum(s_low - self.y, self.y - s_high))
        return float((away**2).mean(axis=1).min())
