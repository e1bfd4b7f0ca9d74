"""Losses of a network's outputs, and their curvature in the outputs, which is all that a Hessian in theta needs of them.

* :class:`CrossEntropy`: mean over samples of log sum_c exp z_c - z_y; curvature A = (diag p - p p^T) / S per sample.
* :class:`SquaredError`: weight times the mean over samples **and** outputs of (z - f)^2, weight 1 as in Frye et al. 2019
  (arXiv 1901.10244), 1/2 where least squares write it so; curvature 2 weight / (S C) times the identity, for every sample.

Outputs z are [R, C, S]: replicas, outputs, samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.triangles import pair_indices, pair_products


class Curvature(Protocol):
    """Second derivative of a loss in the outputs, A[c, c', s], in the products in which the Hessian needs it."""

    def part(self, samples: slice) -> Curvature:
        """That of some samples."""

    def product(self, moved: Array) -> Array:
        """A v for moves of the outputs: [R, C, a, S] -> [R, C, a, S]."""

    def pulled(self, weights: Array) -> Array:
        """W A W^T for pairs of units: weights [R, n, C] -> [R, n (n + 1) / 2, S], or one column for all samples."""

    def square(self, hat: Array) -> Array:
        """Sum over samples of A[c, c'] h[k] h[k']: hat [R, k, S] -> [R, pairs of outputs, pairs of k]."""

    def cross(self, weights: Array, slope: Array, joint: Array) -> Array:
        """Sum over samples of (A W^T)[c, i] slope[i] joint[a]: [R, n, C], [R, n, S], [R, a, S] -> [R, C, n, a]."""


class OutputLoss(Protocol):
    """A mean over samples of a function of the outputs."""

    @property
    def outputs(self) -> int:
        """C."""

    def value(self, z: Array, xp: Any = np) -> Array:
        """[R, C, S] -> [R]."""

    def error(self, z: Array) -> Array:
        """Share of samples whose largest output is not their label's: [R]; NaN where there are no labels."""

    def evaluate(self, z: Array) -> tuple[Array, Array, Curvature]:
        """Value [R], derivative in the outputs [R, C, S], second derivative."""

    def residual_scale(self) -> float:
        """Root mean square over samples of |derivative|, times S, where all outputs are zero."""


@dataclass(frozen=True)
class SoftmaxCurvature:
    """(diag p - p p^T) / S with probabilities p, [R, C, S]."""

    p: Array
    samples: int

    def part(self, samples: slice) -> SoftmaxCurvature:
        """Some samples; S remains that of all."""
        return SoftmaxCurvature(self.p[..., samples], self.samples)

    def product(self, moved: Array) -> Array:
        """See :class:`Curvature`."""
        weighted = moved * self.p[:, :, None]
        mean = weighted.sum(axis=1, keepdims=True)
        weighted -= self.p[:, :, None] * mean
        weighted /= self.samples
        return weighted

    def pulled(self, weights: Array) -> Array:
        """See :class:`Curvature`; sum_c w_c w'_c p_c less the product of the means, C products instead of C (C + 1) / 2."""
        pairs = pair_products(weights) @ self.p
        pairs -= pair_products(weights @ self.p)
        pairs /= self.samples
        return pairs

    def square(self, hat: Array) -> Array:
        """See :class:`Curvature`."""
        pairs = -pair_products(self.p)
        pairs[:, : self.p.shape[1]] += self.p
        pairs /= self.samples
        return pairs @ pair_products(hat).swapaxes(1, 2)

    def cross(self, weights: Array, slope: Array, joint: Array) -> Array:
        """See :class:`Curvature`."""
        factor = weights.swapaxes(1, 2)[..., None] - (weights @ self.p)[:, None]
        factor *= self.p[:, :, None]
        factor *= (slope / self.samples)[:, None]
        replicas, classes, units, points = factor.shape
        product = factor.reshape(replicas, classes * units, points) @ joint.swapaxes(1, 2)
        return product.reshape(replicas, classes, units, -1)


@dataclass(frozen=True)
class ConstantCurvature:
    """``scale`` times the identity on C outputs, for every sample."""

    scale: float
    outputs: int

    def part(self, samples: slice) -> ConstantCurvature:  # noqa: ARG002 - the same for all
        """Itself."""
        return self

    def product(self, moved: Array) -> Array:
        """See :class:`Curvature`."""
        return self.scale * moved

    def pulled(self, weights: Array) -> Array:
        """See :class:`Curvature`; one column."""
        first, second = pair_indices(weights.shape[1])
        return self.scale * (weights @ weights.swapaxes(1, 2))[:, first, second, None]

    def square(self, hat: Array) -> Array:
        """See :class:`Curvature`; no two outputs meet."""
        first, second = pair_indices(hat.shape[1])
        gram = self.scale * (hat @ hat.swapaxes(1, 2))[:, first, second]
        square = np.zeros((hat.shape[0], self.outputs * (self.outputs + 1) // 2, gram.shape[1]))
        square[:, : self.outputs] = gram[:, None]
        return square

    def cross(self, weights: Array, slope: Array, joint: Array) -> Array:
        """See :class:`Curvature`; the weights do not depend on the sample and stay outside of the sum."""
        return (self.scale * weights.swapaxes(1, 2))[..., None] * (slope @ joint.swapaxes(1, 2))[:, None]


@dataclass(frozen=True, eq=False)
class CrossEntropy:
    """Mean softmax cross-entropy.

    Attributes:
        labels: classes from 0, [S].
        outputs: C.
    """

    labels: Array
    outputs: int

    @cached_property
    def one_hot(self) -> Array:
        """[C, S]."""
        return one_hot(self.labels, self.outputs).T.copy()

    def value(self, z: Array, xp: Any = np) -> Array:
        """See :class:`OutputLoss`."""
        z = z - xp.max(z, axis=1, keepdims=True)
        right = xp.sum(xp.asarray(self.one_hot) * z, axis=1)
        return xp.mean(xp.log(xp.sum(xp.exp(z), axis=1)) - right, axis=1)

    def error(self, z: Array) -> Array:
        """See :class:`OutputLoss`."""
        return np.asarray((z.argmax(axis=1) != self.labels).mean(axis=1))

    def evaluate(self, z: Array) -> tuple[Array, Array, Curvature]:
        """See :class:`OutputLoss`."""
        z = z - z.max(axis=1, keepdims=True)
        right = (self.one_hot * z).sum(axis=1)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        p /= total
        residual = p - self.one_hot
        residual /= self.labels.size
        return (np.log(total[:, 0]) - right).mean(axis=1), residual, SoftmaxCurvature(p, self.labels.size)

    def residual_scale(self) -> float:
        """See :class:`OutputLoss`: |p - e_y| with p = 1/C."""
        return float(np.sqrt(1.0 - 1.0 / self.outputs))


@dataclass(frozen=True, eq=False)
class SquaredError:
    """Weighted mean over samples and outputs of the squared residual.

    Attributes:
        target: f, [S, C].
        weight: 1 for the mean square itself, 1/2 for half of it.

    >>> loss = SquaredError(np.array([[1.0, 3.0]]))
    >>> loss.value(np.zeros((1, 2, 1))).tolist()
    [5.0]
    """

    target: Array
    weight: float = 1.0

    @property
    def outputs(self) -> int:
        """C."""
        return int(self.target.shape[1])

    @cached_property
    def columns(self) -> Array:
        """The target in columns, [C, S], float64."""
        return np.ascontiguousarray(self.target.T, dtype=np.float64)

    @property
    def curvature(self) -> ConstantCurvature:
        """2 weight / (S C) on the diagonal."""
        return ConstantCurvature(2.0 * self.weight / self.target.size, self.outputs)

    def value(self, z: Array, xp: Any = np) -> Array:
        """See :class:`OutputLoss`."""
        residual = z - xp.asarray(self.columns)
        return self.weight * xp.mean(residual * residual, axis=(1, 2))

    def error(self, z: Array) -> Array:
        """See :class:`OutputLoss`."""
        return np.full(z.shape[0], np.nan)

    def evaluate(self, z: Array) -> tuple[Array, Array, Curvature]:
        """See :class:`OutputLoss`."""
        residual = z - self.columns
        value = self.weight * (residual * residual).mean(axis=(1, 2))
        return value, self.curvature.scale * residual, self.curvature

    def residual_scale(self) -> float:
        """See :class:`OutputLoss`."""
        return float(np.sqrt(2.0 * self.weight / self.outputs * self.target_square()))

    def target_square(self) -> float:
        """Twice the loss of zero outputs, which for weight 1/2 is the mean square of the target."""
        return float(2.0 * self.weight * (self.columns * self.columns).mean())


def one_hot(labels: Array, classes: int) -> Array:
    """Classes as targets of a squared error: [S] -> [S, C].

    >>> one_hot(np.array([1, 0]), 3).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(classes)[labels]
