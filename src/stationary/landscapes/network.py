"""A feed-forward network of one input and one output, evaluated for a stack of parameter vectors.

Hidden layers are ``h_l = phi(W_l h_{l-1} + b_l)``; the output is linear, with or without a bias. Every layer is one block of
theta, shape (units, inputs + 1), the last column being the bias, so that each layer is a single matrix product with the
activations augmented by a row of ones. Arrays are laid out [R, units, C, S]: replicas, units, jet channels (see
:mod:`stationary.landscapes.jets`), samples; samples are contiguous because every large product contracts over them.

Products run replica by replica inside one call: a replica's result is bitwise the same in any stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.jets import ActivationJet


@dataclass(frozen=True)
class Block:
    """A named block of theta: ``theta[offset : offset + prod(shape)]`` reshaped row-major to ``shape``."""

    name: str
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        """How many entries of theta the block holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class ForwardPass:
    """What a forward pass leaves behind: kernels, augmented activation jets, linearised activations, output jet."""

    kernels: list[Array]
    hats: list[Array]
    jets: list[ActivationJet]
    output: Array


class Network:
    """Architecture and samples; parameters are arguments.

    Args:
        hidden: units per hidden layer, at least one layer.
        activation: name of the activation.
        output_bias: whether the output unit has a bias.
        x: sample points, shape [S].
        channels: 1 for the value, 3 to carry first and second derivatives in x.
    """

    def __init__(self, hidden: tuple[int, ...], activation: str, output_bias: bool, x: Array, channels: int) -> None:
        self.hidden, self.activation, self.output_bias = tuple(hidden), activation, output_bias
        self.x, self.channels = np.asarray(x, dtype=np.float64), channels
        self.layout = _layout(self.hidden, output_bias)
        self.n_parameters = sum(block.size for block in self.layout)
        points = self.x.size
        self.inputs = np.zeros((1, 2, channels, points))
        self.inputs[0, 0, 0], self.inputs[0, 1, 0] = self.x, 1.0
        if channels == 3:
            self.inputs[0, 0, 1] = 1.0

    def unpack(self, theta: Array, xp: Any = np) -> list[Array]:
        """Views of the blocks: [R, P] -> one [R, units, inputs + 1] per layer."""
        if xp is np:  # the method: for a single run the function's detour is a good part of the whole
            return [theta[:, block.offset : block.offset + block.size].reshape(-1, *block.shape) for block in self.layout]
        return [xp.reshape(theta[:, block.offset : block.offset + block.size], (-1, *block.shape)) for block in self.layout]

    def weights(self, kernel: Array, layer: int) -> Array:
        """The kernel of ``layer`` (0-based) without its bias column, if it has one."""
        if layer == len(self.hidden) and not self.output_bias:
            return kernel
        return kernel[:, :, :-1]

    def forward(self, theta: Array, order: int, xp: Any = np) -> ForwardPass:
        """Propagate the stack; ``order`` as in :class:`ActivationJet`.

        Returns:
            the pass, with ``output`` the jet of the network's output, [R, C, S].
        """
        kernels = self.unpack(theta, xp)
        shape = (-1, self.channels, self.x.size)
        hats, jets = [self.inputs if xp is np else xp.asarray(self.inputs)], []
        for layer, kernel in enumerate(kernels[:-1]):
            pre = _reshape(apply(kernel, hats[-1], xp), (-1, kernel.shape[1], *shape[1:]), xp)
            jet = ActivationJet(self.activation, pre, order, xp)
            jets.append(jet)
            last = layer == len(self.hidden) - 1
            hats.append(jet.value if last and not self.output_bias else self._augment(jet.value, xp))
        output = _reshape(apply(kernels[-1], hats[-1], xp), shape, xp)
        return ForwardPass(kernels, hats, jets, output)

    def _augment(self, value: Array, xp: Any) -> Array:
        """Append the constant unit, whose jet is (1, 0, 0)."""
        if xp is not np:
            ones = xp.zeros_like(value[:, :1]) + xp.asarray(self.inputs[:, 1:])
            return xp.concatenate([value, ones], axis=1)
        replicas, units, channels, points = value.shape
        hat = np.empty((replicas, units + 1, channels, points))
        hat[:, :units] = value
        hat[:, units:] = self.inputs[:, 1:]
        return hat

    def backward(self, forward: ForwardPass, seed: Array) -> tuple[list[Array], list[Array]]:
        """Adjoints of every layer's pre-activations and activations.

        Args:
            forward: pass of order >= 1.
            seed: adjoint of the output jet, [R or 1, C, S].

        Returns:
            ``deltas``: per layer (output last) the adjoint of its pre-activation jets, [R, n, C, S];
            ``etas``: per hidden layer the adjoint of its activation jets, [R, n, C, S].
        """
        deltas = [seed[:, None]]
        etas: list[Array] = []
        for layer in range(len(self.hidden), 0, -1):
            weights = self.weights(forward.kernels[layer], layer)
            eta = apply(weights.swapaxes(1, 2), deltas[0])
            eta = eta.reshape(eta.shape[:2] + (self.channels, -1))
            etas.insert(0, eta)
            deltas.insert(0, forward.jets[layer - 1].pull(eta))
        return deltas, etas

    def gradient(self, forward: ForwardPass, deltas: list[Array]) -> Array:
        """Sum over samples and channels of adjoint times activation, [R, P]."""
        gradient = np.empty((forward.output.shape[0], self.n_parameters))
        for block, delta, hat in zip(self.unpack(gradient), deltas, forward.hats, strict=True):
            contract(delta, hat, out=block)
        return gradient

    def jacobian(self, forward: ForwardPass, deltas: list[Array]) -> Array:
        """Per-sample gradients, [R, P, S], for ``deltas`` seeded per sample."""
        replicas, points = forward.output.shape[0], self.x.size
        jacobian = np.empty((replicas, self.n_parameters, points))
        for block, delta, hat in zip(self.layout, deltas, forward.hats, strict=True):
            units, inputs = block.shape
            view = jacobian[:, block.offset : block.offset + block.size].reshape(replicas, units, inputs, points)
            np.multiply(delta[:, :, None, 0], hat[:, None, :, 0], out=view)
            for channel in range(1, self.channels):
                view += delta[:, :, None, channel] * hat[:, None, :, channel]
        return jacobian


def apply(kernel: Array, hat: Array, xp: Any = np) -> Array:
    """[R, m, n] times [R or 1, n, C, S] over the units, as [R, m, C * S]."""
    return xp.matmul(kernel, _reshape(hat, (hat.shape[0], hat.shape[1], -1), xp))


def _reshape(values: Array, shape: tuple[int, ...], xp: Any) -> Array:
    return values.reshape(shape) if xp is np else xp.reshape(values, shape)


def contract(left: Array, right: Array, out: Array | None = None) -> Array:
    """Inner products over channels and samples: [R, ..a, C, S], [R or 1, ..b, C, S] -> [R, a, b], one product per replica."""
    samples = left.shape[-1] * left.shape[-2]
    left = np.ascontiguousarray(left).reshape(left.shape[0], -1, samples)
    right = np.ascontiguousarray(right).reshape(right.shape[0], -1, samples)
    return np.matmul(left, right.swapaxes(1, 2), out=out)


def _layout(hidden: tuple[int, ...], output_bias: bool) -> tuple[Block, ...]:
    blocks, offset, inputs = [], 0, 1
    for number, units in enumerate(hidden, start=1):
        blocks.append(Block(f"hidden_{number}", (units, inputs + 1), offset))
        offset += blocks[-1].size
        inputs = units
    blocks.append(Block("output", (1, inputs + int(output_bias)), offset))
    return tuple(blocks)
