"""A loss of the outputs of a feed-forward network with any number of hidden layers, on common samples.

J(theta) = loss(z_D) + l2/2 |theta|^2,   z_l = W_l (h_l, 1),   h_{l+1} = phi(z_l),   h_0 = x.

theta is ``hidden_1``, ``hidden_2``, ..., ``output``, each (units, inputs + 1) row by row, the last column the bias (absent
without biases); l2 weighs biases too. Arrays are laid out [R, units, S]: every large product contracts over the samples,
replica by replica, so that a replica's numbers are bitwise the same in any stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg

from stationary.landscapes import deep_curvature
from stationary.landscapes.activations import Array, derivatives
from stationary.landscapes.classifier_nulls import constant_directions
from stationary.landscapes.network import Block
from stationary.landscapes.output_losses import CrossEntropy, OutputLoss, SquaredError

CHUNK_BYTES = 64_000_000
"""Working set, beside the Hessians, of the replicas that are treated together."""


@dataclass(frozen=True)
class _Pass:
    """Kernels, augmented activations and activation derivatives per layer, outputs [R, C, S]."""

    kernels: list[Array]
    hats: list[Array]
    series: list[list[Array]]
    output: Array


@dataclass(frozen=True, eq=False)
class DeepNetwork:
    """The landscape J over a stack of parameter vectors; all replicas see the same samples.

    Attributes:
        x: samples, [S, d].
        loss: of the outputs, :class:`CrossEntropy` or :class:`SquaredError`.
        hidden: units per hidden layer, at least one layer.
        activation: see :mod:`stationary.landscapes.activations`; ``identity`` makes a linear network.
        biases: whether the layers have biases.
        l2: weight of 1/2 |theta|^2.

    >>> net = DeepNetwork(np.eye(3), SquaredError(np.eye(3)), hidden=(2, 4))
    >>> net.n_parameters, [block.shape for block in net.layout]
    (35, [(2, 4), (4, 3), (3, 5)])
    >>> round(float(net.value(np.zeros((1, 35)))[0]), 12)  # the mean square of the target
    0.333333333333
    """

    x: Array
    loss: OutputLoss
    hidden: tuple[int, ...]
    activation: str = "tanh"
    biases: bool = True
    l2: float = 0.0

    @cached_property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        blocks, offset, inputs = [], 0, self.x.shape[1]
        for number, units in enumerate([*self.hidden, self.loss.outputs], start=1):
            name = f"hidden_{number}" if number <= len(self.hidden) else "output"
            blocks.append(Block(name, (units, inputs + int(self.biases)), offset))
            offset, inputs = offset + blocks[-1].size, units
        return tuple(blocks)

    @property
    def n_parameters(self) -> int:
        """P, the length of theta."""
        return sum(block.size for block in self.layout)

    @cached_property
    def inputs(self) -> Array:
        """The samples in columns, with a row of ones where there are biases: [d (+ 1), S], float64."""
        columns = np.asarray(self.x, dtype=np.float64).T
        ones = np.ones((int(self.biases), columns.shape[1]))
        return np.ascontiguousarray(np.concatenate([columns, ones]))

    @property
    def n_samples(self) -> int:
        """S."""
        return int(self.x.shape[0])

    def take(self, replicas: Array) -> DeepNetwork:  # noqa: ARG002
        """The landscape of some replicas: itself, since all see the same samples."""
        return self

    def output(self, theta: Array, xp: Any = np) -> Array:
        """Outputs at the samples: [R, P] -> [R, C, S]."""
        return self._forward(theta, 0, xp).output

    def value(self, theta: Array, xp: Any = np) -> Array:
        """J: [R, P] -> [R]."""
        return self.loss.value(self.output(theta, xp), xp) + 0.5 * self.l2 * xp.sum(theta * theta, axis=1)

    def error(self, theta: Array) -> Array:
        """Share of misclassified samples: [R, P] -> [R]; NaN where the loss knows no labels."""
        return self.loss.error(self.output(theta))

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient from one forward and one backward sweep: [R], [R, P]."""
        theta = np.asarray(theta, dtype=np.float64)
        forward = self._forward(theta, 1)
        value, residual, _ = self.loss.evaluate(forward.output)
        deltas, _ = self._backward(forward, residual)
        gradient = _flat([delta @ _transposed(hat) for delta, hat in zip(deltas, forward.hats, strict=True)])
        gradient += self.l2 * theta
        return value + 0.5 * self.l2 * (theta * theta).sum(axis=1), gradient

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2, exact: [R, P] -> [R, P, P], symmetric to the last bit."""
        theta = np.asarray(theta, dtype=np.float64)
        result = np.empty((theta.shape[0], self.n_parameters, self.n_parameters))
        chunk = max(1, CHUNK_BYTES // self._working_bytes())
        for start in range(0, theta.shape[0], chunk):
            forward = self._forward(theta[start : start + chunk], 2)
            _, residual, curvature = self.loss.evaluate(forward.output)
            deltas, etas = self._backward(forward, residual)
            slopes = [series[1] for series in forward.series]
            bends = [series[2] * eta for series, eta in zip(forward.series, etas, strict=True)]
            weights = [self._weights(kernel) for kernel in forward.kernels]
            sweeps = deep_curvature.Sweeps(forward.hats, slopes, bends, deltas, weights, curvature)
            deep_curvature.write_hessian(result[start : start + chunk], sweeps)
        diagonal = np.arange(self.n_parameters)
        result[:, diagonal, diagonal] += self.l2
        return result

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector without the Hessian: [R, P], [R, P] -> [R, P]."""
        theta, vector = np.asarray(theta, dtype=np.float64), np.asarray(vector, dtype=np.float64)
        forward, moves = self._forward(theta, 2), self._unpack(vector)
        _, residual, curvature = self.loss.evaluate(forward.output)
        deltas, etas = self._backward(forward, residual)
        tangents = [moves[0] @ forward.hats[0]]
        moved = []  # how each hidden layer's activations move
        for layer, series in enumerate(forward.series, start=1):
            moved.append(series[1] * tangents[-1])
            tangents.append(moves[layer] @ forward.hats[layer] + self._weights(forward.kernels[layer]) @ moved[-1])
        delta = curvature.product(tangents[-1][:, :, None])[:, :, 0]
        blocks: list[Array] = []
        for layer in range(len(self.hidden), -1, -1):
            block = delta @ _transposed(forward.hats[layer])
            if layer > 0:
                self._weights(block)[...] += deltas[layer] @ _transposed(moved[layer - 1])
                eta = _transposed(self._weights(forward.kernels[layer])) @ delta
                eta += _transposed(self._weights(moves[layer])) @ deltas[layer]
                _, slope, bend = forward.series[layer - 1]
                delta = slope * eta + bend * etas[layer - 1] * tangents[layer - 1]
            blocks.insert(0, block)
        return _flat(blocks) + self.l2 * vector

    def residual_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        """Residuals [R, C S] and their derivatives [R, P, C S], scaled so that J = 1/2 |r|^2 and g = Jac r.

        Raises:
            TypeError: if the loss is not a sum of squares.
        """
        loss = self._squares()
        forward = self._forward(np.asarray(theta, dtype=np.float64), 1)
        replicas, outputs, samples = forward.output.shape
        jacobian = np.zeros((replicas, self.n_parameters, outputs, samples))
        root = np.sqrt(loss.curvature.scale)
        for block, reach, hat in zip(self.layout[:-1], self._reaches(forward), forward.hats, strict=False):
            view = jacobian[:, block.offset : block.offset + block.size].reshape(replicas, *block.shape, outputs, samples)
            np.multiply(root * reach.swapaxes(1, 2)[:, :, None], hat[:, None, :, None], out=view)
        last = jacobian[:, self.layout[-1].offset :].reshape(replicas, outputs, -1, outputs, samples)
        own = np.arange(outputs)
        last[:, own, :, own] = root * forward.hats[-1]
        residual = root * (forward.output - loss.columns)
        return residual.reshape(replicas, -1), jacobian.reshape(replicas, self.n_parameters, -1)

    def target_square(self) -> Array:
        """Twice the loss of zero outputs, [1], where the loss is a sum of squares: the scale of its residuals."""
        return np.array([self._squares().target_square()])

    def gradient_scale(self, theta: Array) -> Array:
        """Root mean square of the outputs' Jacobian (Frobenius) times that of the loss' derivative at zero outputs: [R]."""
        forward = self._forward(np.asarray(theta, dtype=np.float64), 1)
        square = self.loss.outputs * (forward.hats[-1] ** 2).sum(axis=1)
        outgoing = (self._weights(forward.kernels[-1]) ** 2).sum(axis=1)[:, :, None]
        square += (forward.hats[-2] ** 2).sum(axis=1) * (forward.series[-1][1] ** 2 * outgoing).sum(axis=1)
        if len(self.hidden) > 1:
            for reach, hat in zip(self._reaches(forward)[:-1], forward.hats, strict=False):
                square += (hat**2).sum(axis=1) * (reach**2).sum(axis=(1, 2))
        return np.asarray(np.sqrt(square.mean(axis=1)) * self.loss.residual_scale())

    def n_structural(self, theta: Array) -> Array:
        """How many null directions of the Hessian need no computation: [R, P] -> [R]; none with l2 > 0."""
        if self.l2:
            return np.zeros(np.shape(theta)[0], dtype=np.int64)
        return np.full(np.shape(theta)[0], self.structural_basis(theta).shape[1])

    def structural_basis(self, theta: Array) -> Array:  # noqa: ARG002 - the same at every point
        """Orthonormal columns spanning them, [P, n_structural]: constant inputs against the bias, a shift of all logits."""
        if self.l2:
            return np.zeros((self.n_parameters, 0))
        first, last = self.layout[0], self.layout[-1]
        constant = constant_directions(self.inputs) if self.biases else np.zeros((0, first.shape[1]))
        shifts = np.zeros((0, last.size))
        if isinstance(self.loss, CrossEntropy):
            shifts = np.kron(np.full((1, last.shape[0]), last.shape[0] ** -0.5), np.eye(last.shape[1]))
        middle = np.zeros((0, last.offset - first.size))
        return np.asarray(scipy.linalg.block_diag(np.kron(np.eye(first.shape[0]), constant), middle, shifts).T)

    def _squares(self) -> SquaredError:
        if not isinstance(self.loss, SquaredError) or self.l2:
            raise TypeError("residuals exist for a SquaredError with l2 = 0 only")
        return self.loss

    def _unpack(self, theta: Array, xp: Any = np) -> list[Array]:
        return [xp.reshape(theta[:, block.offset : block.offset + block.size], (-1, *block.shape)) for block in self.layout]

    def _weights(self, kernel: Array) -> Array:
        return kernel[:, :, :-1] if self.biases else kernel

    def _forward(self, theta: Array, order: int, xp: Any = np) -> _Pass:
        kernels = self._unpack(theta, xp)
        hats, series = [xp.asarray(self.inputs[None])], []
        for kernel in kernels[:-1]:
            series.append(derivatives(self.activation, xp.matmul(kernel, hats[-1]), order, xp))
            hats.append(self._augment(series[-1][0], xp))
        return _Pass(kernels, hats, series, xp.matmul(kernels[-1], hats[-1]))

    def _augment(self, h: Array, xp: Any) -> Array:
        if not self.biases:
            return h
        if xp is not np:
            return xp.concatenate([h, xp.ones_like(h[:, :1])], axis=1)
        hat = np.ones((h.shape[0], h.shape[1] + 1, h.shape[2]))
        hat[:, :-1] = h
        return hat

    def _backward(self, forward: _Pass, residual: Array) -> tuple[list[Array], list[Array]]:
        """Adjoints of every layer's pre-activations, and of the hidden layers' activations."""
        deltas = [residual]
        etas: list[Array] = []
        for kernel, series in zip(forward.kernels[:0:-1], forward.series[::-1], strict=True):
            etas.insert(0, _transposed(self._weights(kernel)) @ deltas[0])
            deltas.insert(0, series[1] * etas[0])
        return deltas, etas

    def _reaches(self, forward: _Pass) -> list[Array]:
        """Derivatives of the outputs in the hidden layers' pre-activations, each [R, C, n, S]."""
        reaches = [self._weights(forward.kernels[-1])[..., None] * forward.series[-1][1][:, None]]
        for kernel, series in zip(forward.kernels[-2:0:-1], forward.series[-2::-1], strict=True):
            pulled = _transposed(self._weights(kernel))[:, None] @ reaches[0]
            reaches.insert(0, pulled * series[1][:, None])
        return reaches

    def _working_bytes(self) -> int:
        """Memory that one replica needs beside its Hessian."""
        shapes = [block.shape for block in self.layout]
        pairs = [(units, inputs) for units, inputs in shapes]
        rows = deep_curvature.factor_rows(pairs)
        factors = min(deep_curvature.CHUNK_BYTES, 8 * self.n_samples * rows)
        return 8 * deep_curvature.product_entries(pairs) + factors


def _flat(kernels: list[Array]) -> Array:
    """[R, units, inputs] per layer -> [R, P]."""
    return np.concatenate([kernel.reshape(kernel.shape[0], -1) for kernel in kernels], axis=1)


def _transposed(stack: Array) -> Array:
    return stack.swapaxes(1, 2)
