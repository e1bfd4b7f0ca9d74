"""Changes of theta that leave a feed-forward network's function as it is.

Permuting the units of a hidden layer is one for every activation, flipping a unit's sign for odd ones, and scaling its incoming
weights and bias by alpha > 0 and its outgoing weights by 1 / alpha for rectifiers (Goodfellow et al. 2016, section 8.2.2). All
act on a landscape's ``layout``: ``hidden_1``, ..., ``output``, each (units, inputs + 1), the last column the bias, or
(units, inputs) without biases.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block

Layout = Sequence[Block]


def permuted(layout: Layout, theta: Array, orders: Sequence[Array]) -> Array:
    """Units of each hidden layer in another order.

    Args:
        layout: of the network.
        theta: [R, P].
        orders: one per hidden layer, [R, units] or [units]: place i is taken by unit orders[i].

    >>> from stationary.landscapes.network import Block
    >>> layout = (Block("hidden_1", (2, 2), 0), Block("output", (1, 3), 4))
    >>> permuted(layout, np.arange(7.0)[None], [np.array([1, 0])]).tolist()
    [[2.0, 3.0, 0.0, 1.0, 5.0, 4.0, 6.0]]
    """
    kernels = _kernels(layout, theta)
    for layer, order in enumerate(orders):
        places = np.broadcast_to(order, (len(theta), layout[layer].shape[0]))
        kernels[layer] = np.take_along_axis(kernels[layer], places[:, :, None], axis=1)
        outgoing = kernels[layer + 1][:, :, : places.shape[1]]
        outgoing[...] = np.take_along_axis(outgoing, places[:, None], axis=2)
    return _theta(kernels)


def scaled(layout: Layout, theta: Array, factors: Sequence[Array]) -> Array:
    """Incoming weights and bias of every hidden unit times a factor, outgoing weights divided by it.

    Args:
        layout: of the network.
        theta: [R, P].
        factors: one per hidden layer, [R, units] or [units]: positive for a rectifier, +-1 for an odd activation.
    """
    kernels = _kernels(layout, theta)
    for layer, factor in enumerate(factors):
        alpha = np.broadcast_to(factor, (len(theta), layout[layer].shape[0]))
        kernels[layer] *= alpha[:, :, None]
        kernels[layer + 1][:, :, : alpha.shape[1]] /= alpha[:, None]
    return _theta(kernels)


def scale_tangents(layout: Layout, theta: Array) -> Array:
    """Derivatives of :func:`scaled` in the units' factors at 1: incoming weights, minus outgoing ones; [P] -> [units, P]."""
    rows = []
    for layer, block in enumerate(layout[:-1]):
        for unit in range(block.shape[0]):
            kernels = [np.zeros_like(kernel) for kernel in _kernels(layout, theta[None])]
            own = _kernels(layout, theta[None])
            kernels[layer][:, unit] = own[layer][:, unit]
            kernels[layer + 1][:, :, unit] = -own[layer + 1][:, :, unit]
            rows.append(_theta(kernels)[0])
    return np.array(rows)


def arrangements(layout: Layout) -> list[list[Array]]:
    """Every choice of one order per hidden layer, the identity first: (n!)^m of them for m layers of n units.

    >>> from stationary.landscapes.network import Block
    >>> len(arrangements((Block("hidden_1", (3, 2), 0), Block("hidden_2", (3, 4), 6), Block("output", (1, 4), 18))))
    36
    """
    per_layer = [[np.array(order) for order in itertools.permutations(range(block.shape[0]))] for block in layout[:-1]]
    return [list(orders) for orders in itertools.product(*per_layer)]


def _kernels(layout: Layout, theta: Array) -> list[Array]:
    """Copies, [R, units, inputs] per layer."""
    return [
        np.array(theta[:, block.offset : block.offset + block.size], dtype=np.float64).reshape(-1, *block.shape)
        for block in layout
    ]


def _theta(kernels: list[Array]) -> Array:
    return np.concatenate([kernel.reshape(kernel.shape[0], -1) for kernel in kernels], axis=1)
