"""Models without hidden units: z_s = W (x_s, 1) under a convex loss of the outputs, with gradient and Hessian in closed form.

Logistic regression is one output under :class:`BinaryCrossEntropy`, softmax regression several under ``CrossEntropy``, linear
regression any number under ``SquaredError``. z is linear in theta, so that J is convex if the loss is convex in z. A squared
loss of a sigmoid is not, and none of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import scipy.special

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


class ProductCurvature(Protocol):
    """Second derivative of a loss in the outputs, by its product with moves of them."""

    def product(self, moved: Array) -> Array:
        """[R, C, a, S] -> [R, C, a, S]."""


class SmoothLoss(Protocol):
    """What this landscape asks of a loss of the outputs."""

    @property
    def outputs(self) -> int:
        """C."""

    def evaluate(self, z: Array) -> tuple[Array, Array, ProductCurvature]:
        """Value [R], derivative in the outputs [R, C, S], second derivative."""


@dataclass(frozen=True)
class BernoulliCurvature:
    """p (1 - p) / S, [R, 1, S]."""

    weights: Array

    def product(self, moved: Array) -> Array:
        """See :class:`ProductCurvature`."""
        return np.asarray(self.weights[:, :, None] * moved)


@dataclass(frozen=True, eq=False)
class BinaryCrossEntropy:
    """Mean over samples of log(1 + exp z) - y z: minus the log-likelihood of labels y under P(y = 1) = 1 / (1 + exp(-z)).

    Attributes:
        labels: 0 or 1, [S].

    >>> value, slope, _ = BinaryCrossEntropy(np.array([0, 1])).evaluate(np.zeros((1, 1, 2)))
    >>> np.round(value / np.log(2.0), 12).tolist(), slope.tolist()
    ([1.0], [[[0.25, -0.25]]])
    """

    labels: Array

    @property
    def outputs(self) -> int:
        """One."""
        return 1

    def evaluate(self, z: Array) -> tuple[Array, Array, BernoulliCurvature]:
        """See :class:`SmoothLoss`."""
        p = scipy.special.expit(z)
        value = (np.logaddexp(0.0, z) - self.labels * z).mean(axis=(1, 2))
        curvature = BernoulliCurvature(p * scipy.special.expit(-z) / self.labels.size)
        return value, (p - self.labels) / self.labels.size, curvature


@dataclass(frozen=True, eq=False)
class LinearModel:
    """The landscape J over a stack of weights theta = W, row by row, the last column the bias.

    Attributes:
        x: samples, [S, d].
        loss: of the outputs.
    """

    x: Array
    loss: SmoothLoss

    @cached_property
    def inputs(self) -> Array:
        """Samples with a one behind each, [d + 1, S]."""
        return np.concatenate([np.asarray(self.x, dtype=np.float64).T, np.ones((1, self.x.shape[0]))])

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, W."""
        return (Block("output", (self.loss.outputs, self.inputs.shape[0]), 0),)

    @property
    def n_parameters(self) -> int:
        """P = C (d + 1)."""
        return self.loss.outputs * int(self.inputs.shape[0])

    def take(self, replicas: Array) -> LinearModel:  # noqa: ARG002
        """The landscape of some replicas: itself."""
        return self

    def value(self, theta: Array) -> Array:
        """J: [R, P] -> [R]."""
        return self.loss.evaluate(self._outputs(theta))[0]

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient: [R], [R, P]."""
        value, residual, _ = self.loss.evaluate(self._outputs(theta))
        return value, (residual @ self.inputs.T).reshape(residual.shape[0], -1)

    def hessian(self, theta: Array) -> Array:
        """sum_s A[c, c', s] x_s x_s^T, A the loss's curvature: [R, P] -> [R, P, P], symmetric to the last bit."""
        outputs = self._outputs(theta)
        replicas, classes, samples = outputs.shape
        curvature = self.loss.evaluate(outputs)[2]
        units = np.broadcast_to(np.eye(classes)[None, :, :, None], (replicas, classes, classes, samples))
        blocks = curvature.product(units) @ (self.inputs[:, None] * self.inputs[None]).reshape(-1, samples).T
        blocks = blocks.reshape(replicas, classes, classes, self.inputs.shape[0], -1).swapaxes(2, 3)
        hessian = blocks.reshape(replicas, self.n_parameters, self.n_parameters)
        return np.asarray(0.5 * (hessian + hessian.swapaxes(1, 2)))

    def _outputs(self, theta: Array) -> Array:
        theta = np.asarray(theta, dtype=np.float64)
        return theta.reshape(theta.shape[0], self.loss.outputs, -1) @ self.inputs
