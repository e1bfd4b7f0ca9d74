"""Softmax cross-entropy of a network with one hidden layer on labelled samples.

J(theta) = mean_s [log sum_c exp o_sc - o_{s, y_s}] + l2/2 |theta|^2,   o = V (h, 1),   h = phi(W (x, 1)).

theta is the block ``hidden_1``, (n, d + 1), then ``output``, (classes, n + 1), each row-major, the last column the bias; l2
weighs biases too. Arrays are laid out [R, units, S]: every large product contracts over the samples, replica by replica, so
that a replica's numbers are bitwise the same in any stack. Source of the network: Choromanska et al. 2015 (arXiv 1412.0233).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from stationary.landscapes import classifier_curvature, classifier_nulls
from stationary.landscapes.activations import derivatives
from stationary.landscapes.network import Block

Array = Any

CHUNK_BYTES = 64_000_000
"""Working set, beside the Hessians, of the replicas that are treated together."""


@dataclass(frozen=True)
class Pass:
    """A forward pass: kernels, activations with their ones [R, n + 1, S], derivatives of phi, probabilities [R, C, S]."""

    hidden: Array
    output: Array
    hat: Array
    slope: Array
    bend: Array
    probabilities: Array
    loss: Array


@dataclass(frozen=True, eq=False)
class MLPClassifier:
    """The landscape J over a stack of parameter vectors; all replicas see the same samples.

    Attributes:
        x: samples, [S, d].
        labels: classes from 0, [S].
        width: hidden units n.
        activation: ``relu``, with derivative 0 at 0, or a smooth one, see :mod:`stationary.landscapes.activations`.
        l2: weight of 1/2 |theta|^2.
        classes: C.

    >>> net = MLPClassifier(np.eye(3), np.array([0, 1, 1]), width=2, classes=2)
    >>> net.n_parameters, [block.shape for block in net.layout]
    (14, [(2, 4), (2, 3)])
    >>> bool(np.isclose(net.value(np.zeros((1, 14)))[0], np.log(2.0)))  # all classes alike
    True
    """

    x: Array
    labels: Array
    width: int
    activation: str = "relu"
    l2: float = 0.0
    classes: int = 10

    @cached_property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        hidden = Block("hidden_1", (self.width, self.x.shape[1] + 1), 0)
        return hidden, Block("output", (self.classes, self.width + 1), hidden.size)

    @property
    def n_parameters(self) -> int:
        """P, the length of theta."""
        return sum(block.size for block in self.layout)

    @cached_property
    def inputs(self) -> Array:
        """The samples in columns, with a row of ones: [d + 1, S], float64."""
        x = np.asarray(self.x, dtype=np.float64)
        return np.ascontiguousarray(np.concatenate([x.T, np.ones((1, x.shape[0]))]))

    @property
    def n_samples(self) -> int:
        """S."""
        return int(self.inputs.shape[1])

    def take(self, replicas: Array) -> MLPClassifier:  # noqa: ARG002
        """The landscape of some replicas: itself, since all see the same samples."""
        return self

    def value(self, theta: Array) -> Array:
        """J: [R, P] -> [R]."""
        theta = np.asarray(theta, dtype=np.float64)
        return self._forward(theta, 0).loss + self._penalty(theta)

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient from one forward and one backward sweep: [R], [R, P]."""
        theta = np.asarray(theta, dtype=np.float64)
        forward = self._forward(theta, 1)
        residual = self._residual(forward)
        delta = forward.slope * (_transposed(forward.output[:, :, :-1]) @ residual)
        gradient = self._flat(delta @ self.inputs.T, residual @ _transposed(forward.hat))
        gradient += self.l2 * theta
        return forward.loss + self._penalty(theta), gradient

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2, exact: [R, P] -> [R, P, P], symmetric to the last bit."""
        theta = np.asarray(theta, dtype=np.float64)
        result = np.empty((theta.shape[0], self.n_parameters, self.n_parameters))
        own = classifier_curvature.working_bytes(self.width, self.inputs.shape[0], self.classes, self.n_samples)
        chunk = max(1, CHUNK_BYTES // own)
        for start in range(0, theta.shape[0], chunk):
            forward = self._forward(theta[start : start + chunk], 2)
            residual, weights = self._residual(forward), _transposed(forward.output[:, :, :-1])
            classifier_curvature.write_hessian(
                result[start : start + chunk],
                self.inputs,
                forward.hat,
                forward.slope,
                forward.bend * (weights @ residual),
                weights,
                forward.probabilities,
                residual,
            )
        diagonal = np.arange(self.n_parameters)
        result[:, diagonal, diagonal] += self.l2
        return result

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector without the Hessian: [R, P], [R, P] -> [R, P]."""
        theta, vector = np.asarray(theta, dtype=np.float64), np.asarray(vector, dtype=np.float64)
        forward, (hidden, output) = self._forward(theta, 2), self._kernels(vector)
        residual = self._residual(forward)
        moved_z = hidden @ self.inputs
        moved_h = forward.slope * moved_z
        moved_logits = output @ forward.hat + forward.output[:, :, :-1] @ moved_h
        p = forward.probabilities
        moved_residual = p * (moved_logits - (p * moved_logits).sum(axis=1, keepdims=True)) / self.n_samples
        weights = _transposed(forward.output[:, :, :-1])
        moved_eta = _transposed(output[:, :, :-1]) @ residual + weights @ moved_residual
        moved_delta = forward.bend * moved_z * (weights @ residual) + forward.slope * moved_eta
        upper = moved_residual @ _transposed(forward.hat)
        upper[:, :, :-1] += residual @ _transposed(moved_h)
        return self._flat(moved_delta @ self.inputs.T, upper) + self.l2 * vector

    def gradient_scale(self, theta: Array) -> Array:
        """Root mean square of the logits' Jacobian (Frobenius) times the residual of equal probabilities: [R].

        The gradient is a mean of J_s^T (p - e_y); with p = 1/C the second factor has norm sqrt(1 - 1/C).
        """
        forward = self._forward(np.asarray(theta, dtype=np.float64), 1)
        weights = (forward.output[:, :, :-1] ** 2).sum(axis=1)[:, :, None]
        square = self.classes * (forward.hat**2).sum(axis=1)
        square += (self.inputs**2).sum(axis=0) * (forward.slope**2 * weights).sum(axis=1)
        return np.sqrt(square.mean(axis=1) * (1.0 - 1.0 / self.classes))

    def kink_margin(self, theta: Array) -> Array:
        """Smallest |pre-activation| over units and samples: [R, P] -> [R]; NaN for a smooth activation.

        A rectifier's Hessian holds as long as no pre-activation changes sign; at a kink it is one-sided.
        """
        if self.activation != "relu":
            return np.full(np.shape(theta)[0], np.nan)
        hidden, _ = self._kernels(np.asarray(theta, dtype=np.float64))
        return np.asarray(np.abs(hidden @ self.inputs).min(axis=(1, 2)))

    def n_structural(self, theta: Array) -> Array:
        """How many null directions of the Hessian need no computation: [R, P] -> [R]; none with l2 > 0."""
        if self.l2:
            return np.zeros(np.shape(theta)[0], dtype=np.int64)
        constant = classifier_nulls.constant_directions(self.inputs).shape[0]
        return classifier_nulls.count(self.dead(theta), inputs=self.inputs.shape[0], classes=self.classes, constant=constant)

    def structural_basis(self, theta: Array) -> Array:
        """Orthonormal columns spanning them at one point: [P] -> [P, n_structural]; see :mod:`.classifier_nulls`."""
        if self.l2:
            return np.zeros((self.n_parameters, 0))
        constant = classifier_nulls.constant_directions(self.inputs)
        dead = self.dead(np.asarray(theta)[None])[0]
        return classifier_nulls.basis(dead, inputs=self.inputs.shape[0], classes=self.classes, constant=constant)

    def dead(self, theta: Array) -> Array:
        """Units that are off on every sample: [R, P] -> boolean [R, n]; none for a smooth activation."""
        if self.activation != "relu":
            return np.zeros((np.shape(theta)[0], self.width), dtype=bool)
        hidden, _ = self._kernels(np.asarray(theta, dtype=np.float64))
        return np.asarray((hidden @ self.inputs <= 0.0).all(axis=2))

    def _kernels(self, theta: Array) -> tuple[Array, Array]:
        hidden, output = (theta[:, block.offset : block.offset + block.size].reshape(-1, *block.shape) for block in self.layout)
        return hidden, output

    def _flat(self, hidden: Array, output: Array) -> Array:
        replicas = hidden.shape[0]
        return np.concatenate([hidden.reshape(replicas, -1), output.reshape(replicas, -1)], axis=1)

    def _forward(self, theta: Array, order: int) -> Pass:
        hidden, output = self._kernels(theta)
        activation, slope, bend = _activation(self.activation, hidden @ self.inputs, order)
        hat = np.ones((theta.shape[0], self.width + 1, self.n_samples))
        hat[:, :-1] = activation
        logits = output @ hat
        logits -= logits.max(axis=1, keepdims=True)
        right = logits[:, self.labels, np.arange(self.n_samples)]
        probabilities = np.exp(logits)
        total = probabilities.sum(axis=1, keepdims=True)
        probabilities /= total
        loss = (np.log(total[:, 0]) - right).mean(axis=1)
        return Pass(hidden, output, hat, slope, bend, probabilities, loss)

    def _residual(self, forward: Pass) -> Array:
        """d mean cross-entropy / d logits, (p - e_y) / S: [R, C, S]."""
        residual = forward.probabilities.copy()
        residual[:, self.labels, np.arange(self.n_samples)] -= 1.0
        residual /= self.n_samples
        return residual

    def _penalty(self, theta: Array) -> Array:
        return 0.5 * self.l2 * (theta * theta).sum(axis=1)


def _activation(name: str, z: Array, order: int) -> tuple[Array, Array, Array]:
    """phi, phi', phi''; what ``order`` does not ask for is None."""
    if name == "relu":
        series = [np.maximum(z, 0.0), (z > 0.0).astype(np.float64), np.zeros_like(z)][: order + 1]
    else:
        series = derivatives(name, z, order)
    padded: list[Array] = [*series, None, None]
    return padded[0], padded[1], padded[2]


def _transposed(stack: Array) -> Array:
    return stack.swapaxes(1, 2)
