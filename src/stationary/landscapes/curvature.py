"""Exact second derivatives of a network's output, contracted with weights on the samples.

For v(theta) = sum_s <seed_s, output jet_s> the Hessian in theta is assembled block by block, (l, m) standing for the
kernels of two layers l <= m, from small per-sample factors instead of by differentiating P times:

    B_l = d2v / dz_l dz_l,   B_last = diag over units of the activation's curvature,
    B_l = A_l^T W_{l+1}^T B_{l+1} W_{l+1} A_l + diag(curvature of layer l)                       (adjoint recursion)

    (l, l):  sum_s B_l[i, p] h_{l-1}[j] h_{l-1}[q]
    (l, m):  sum_s (B_m dz_m/dz_l)[p, i] h_{m-1}[q] h_{l-1}[j] + delta_m[p] (dh_{m-1}/dz_l)[q, i] h_{l-1}[j]

The first line of (l, m) is how a lower layer moves the adjoint of the upper one, the second how it moves the upper layer's
input. Every sum over samples is a matrix product per replica; nothing here has more than (units x inputs x samples) entries
except for nets of three and more hidden layers. Source: the chain rule; checked against finite differences and JAX.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.jets import CHANNEL_PAIRS
from stationary.landscapes.network import ForwardPass, Network, apply, contract
from stationary.landscapes.triangles import pair_indices, pair_positions, pair_products


def add_curvature(hessian: Array, network: Network, forward: ForwardPass, deltas: list[Array], etas: list[Array]) -> None:
    """Add the Hessian of v in place, keeping ``hessian`` [R, P, P] symmetric to the last bit.

    Args:
        hessian: symmetric on entry.
        network: architecture and samples.
        forward: pass of order 2.
        deltas: adjoints of v from :meth:`Network.backward`.
        etas: likewise.
    """
    depth = len(network.hidden)
    last = depth - 1
    tangents = [_own_tangents(forward, layer) for layer in range(last)]
    diagonal = forward.jets[last].curvature(etas[last])  # [R, n, C, C, S]
    # adjoint of z_last per unit of its own kernel: carried[(p, q), k'] = sum_k B_last[p, k, k'] h_{last-1}[q, k]
    carried = _carry(diagonal[:, :, None], forward.hats[last][:, None])  # [R, n, inputs, C, S]
    _add_unit_blocks(hessian, network, last, contract(carried, forward.hats[last]))
    for lower in range(last):
        _add_pair(hessian, network, lower, last, _contract_tangent(network, forward, tangents, carried, last, lower))
    above = np.stack([diagonal[:, :, k, m] for k, m in CHANNEL_PAIRS[network.channels]], axis=1)
    for layer in range(last - 1, -1, -1):
        pairs = _pull_curvature(network, forward, etas, above, layer)
        _add_square(hessian, network, forward, pairs, layer)
        if layer == 0:
            break
        above = _unfold(pairs, network)
        dense = _channel_matrix(above, network.channels)  # [R, u, p, C, C, S]
        moved = _carry(dense[:, :, :, None], forward.hats[layer][:, None, None])
        moved = moved.reshape(moved.shape[0], moved.shape[1], -1, *moved.shape[-2:])
        for lower in range(layer):
            pair = _contract_tangent(network, forward, tangents, moved, layer, lower).sum(axis=1)
            _add_pair(hessian, network, lower, layer, pair)
    for upper in range(1, depth + 1):
        _add_input_motion(hessian, network, forward, tangents, deltas, upper)


def hessian_vector_product(
    network: Network, forward: ForwardPass, seed: Array, output_curvature: Array, vector: Array
) -> Array:
    """Product of d2/dtheta2 of sum_s loss_s(output jet) with a vector, [R, P], by one forward and one backward sweep.

    Args:
        network: architecture and samples.
        forward: pass of order 2.
        seed: derivative of the loss in the output jet, [R, C, S].
        output_curvature: its second derivative, [C, C, S].
        vector: [R, P].
    """
    moves = network.unpack(vector)
    hat_dots: list[Array] = [None]
    pre_dots: list[Array] = []
    for layer, (kernel, move) in enumerate(zip(forward.kernels, moves, strict=True)):
        dot = apply(move, forward.hats[layer])
        if layer > 0:
            dot = dot + apply(network.weights(kernel, layer), hat_dots[layer])
        dot = dot.reshape(dot.shape[:2] + (network.channels, -1))
        pre_dots.append(dot)
        if layer < len(network.hidden):
            hat_dots.append(forward.jets[layer].push(dot))
    deltas, etas = network.backward(forward, seed)
    delta_dot = (output_curvature * pre_dots[-1]).sum(axis=2)[:, None]
    blocks: list[Array] = []
    for layer in range(len(network.hidden), -1, -1):
        block = contract(delta_dot, forward.hats[layer])
        if layer > 0:
            inner = contract(deltas[layer], hat_dots[layer])
            block[:, :, : inner.shape[2]] += inner
            eta_dot = apply(network.weights(forward.kernels[layer], layer).swapaxes(1, 2), delta_dot)
            eta_dot = eta_dot + apply(network.weights(moves[layer], layer).swapaxes(1, 2), deltas[layer])
            eta_dot = eta_dot.reshape(eta_dot.shape[:2] + (network.channels, -1))
            jet = forward.jets[layer - 1]
            bent = (jet.curvature(etas[layer - 1]) * pre_dots[layer - 1][:, :, None]).sum(axis=3)
            delta_dot = jet.pull(eta_dot) + bent
        blocks.insert(0, block.reshape(block.shape[0], -1))
    return np.concatenate(blocks, axis=1)


def _own_tangents(forward: ForwardPass, layer: int) -> Array:
    """How each activation of a layer moves with its own kernel row, [R, i, j, C, S]."""
    return forward.jets[layer].push(forward.hats[layer][:, None])


def _carry(curvature: Array, hat: Array) -> Array:
    """Sum over k of curvature[.., k, k', s] h[.., k, s], broadcasting: [.., C, C, S], [.., C, S] -> [.., C, S]."""
    channels = hat.shape[-2]
    shape = np.broadcast_shapes(curvature.shape[:-3], hat.shape[:-2])
    moved = np.empty((*shape, channels, hat.shape[-1]))
    for m in range(channels):
        np.multiply(curvature[..., 0, m, :], hat[..., 0, :], out=moved[..., m, :])
    for k, m in CHANNEL_PAIRS[channels][channels:]:  # the pairs with k = 0 stand first
        moved[..., m, :] += curvature[..., k, m, :] * hat[..., k, :]
    return moved


def _contract_tangent(
    network: Network, forward: ForwardPass, tangents: list[Array], adjoint: Array, upper: int, lower: int
) -> Array:
    """Sum over samples of an adjoint of z_upper times dz_upper / d(kernel of lower), lower < upper.

    Args:
        network: architecture.
        forward: pass.
        tangents: of :func:`_own_tangents`, per layer.
        adjoint: [R, u, a, C, S] with u the units of ``upper``; the axis a is whatever the caller batches over.
        upper: layer of the adjoint.
        lower: layer of the kernel.

    Returns:
        [R, u, a, i, j], the contribution of each unit u of ``upper``.
    """
    units, batch = adjoint.shape[1:3]
    weights = network.weights(forward.kernels[upper], upper)
    if lower == upper - 1:
        product = contract(adjoint, tangents[lower]).reshape(-1, units, batch, *tangents[lower].shape[1:3])
        return product * weights[:, :, None, :, None]
    spread = weights.swapaxes(1, 2)[:, :, :, None, None, None] * adjoint[:, None]  # [R, i, u, a, C, S]
    pulled = forward.jets[upper - 1].pull(spread)
    pulled = pulled.reshape(*pulled.shape[:2], units * batch, *pulled.shape[4:])
    lowered = _contract_tangent(network, forward, tangents, pulled, upper - 1, lower).sum(axis=1)
    return lowered.reshape(-1, units, batch, *network.layout[lower].shape)


def _pull_curvature(network: Network, forward: ForwardPass, etas: list[Array], above: Array, layer: int) -> Array:
    """The adjoint recursion for B_layer, kept for pairs of units i <= p: [R, channel pairs, unit pairs, S].

    ``above`` is B of the next layer: diagonal, [R, channel pairs, n, S], or dense, [R, channel pairs, n, n, S].
    """
    weights = network.weights(forward.kernels[layer + 1], layer + 1).swapaxes(1, 2)[:, None]  # [R, 1, n, above]
    units = weights.shape[2]
    if above.ndim == 4:
        bent = pair_products(weights[:, 0])[:, None] @ above
    else:
        half = weights @ above.reshape(*above.shape[:3], -1)
        half = half.reshape(*half.shape[:3], *above.shape[3:]).swapaxes(2, 3)  # [R, pairs, above, i, S]
        half = weights @ half.reshape(*half.shape[:3], -1)
        first, second = pair_indices(units)
        bent = half.reshape(*half.shape[:3], units, -1)[:, :, second, first]
    bent = forward.jets[layer].pull_pairs(bent)
    own = forward.jets[layer].curvature(etas[layer])
    for position, (k, m) in enumerate(CHANNEL_PAIRS[network.channels]):
        bent[:, position, :units] += own[:, :, k, m]
    return bent


def _unfold(pairs: Array, network: Network) -> Array:
    """[R, channel pairs, unit pairs, S] -> [R, channel pairs, n, n, S]; swapping the units swaps their channels."""
    units = int(np.sqrt(2 * pairs.shape[2]))
    dense = np.empty((*pairs.shape[:2], units, units, pairs.shape[3]))
    first, second = pair_indices(units)
    coupled = CHANNEL_PAIRS[network.channels]
    for position, (k, m) in enumerate(coupled):
        dense[:, position, first, second] = pairs[:, position]
        dense[:, coupled.index((m, k)), second, first] = pairs[:, position]
    return dense


def _channel_matrix(dense: Array, channels: int) -> Array:
    """[R, channel pairs, n, n, S] -> [R, n, n, C, C, S]."""
    replicas, _, units, _, points = dense.shape
    matrix = np.zeros((replicas, units, units, channels, channels, points))
    for position, (k, m) in enumerate(CHANNEL_PAIRS[channels]):
        matrix[:, :, :, k, m] = dense[:, position]
    return matrix


def _block(hessian: Array, network: Network, row: int, column: int) -> Array:
    rows, columns = network.layout[row], network.layout[column]
    return hessian[:, rows.offset : rows.offset + rows.size, columns.offset : columns.offset + columns.size]


def _add_unit_blocks(hessian: Array, network: Network, layer: int, product: Array) -> None:
    """Add sum_s B[i] h[j] h[q], present only between parameters of one unit; ``product`` is [R, (i, j), q]."""
    block = network.layout[layer]
    units, inputs = block.shape
    product = product.reshape(-1, units, inputs, inputs)
    product = 0.5 * (product + product.swapaxes(2, 3))
    for unit in range(units):
        start = block.offset + unit * inputs
        hessian[:, start : start + inputs, start : start + inputs] += product[:, unit]


def _add_square(hessian: Array, network: Network, forward: ForwardPass, pairs: Array, layer: int) -> None:
    """Add the (l, l) block of a layer whose B couples its units; ``pairs`` is [R, channel pairs, unit pairs, S]."""
    hat = forward.hats[layer]
    units, inputs = network.layout[layer].shape
    product: Array = 0.0
    for position, (k, m) in enumerate(CHANNEL_PAIRS[network.channels]):
        joint = (hat[:, :, None, k] * hat[:, None, :, m]).reshape(hat.shape[0], inputs * inputs, -1)
        product = product + pairs[:, position] @ joint.swapaxes(1, 2)
    product = product.reshape(product.shape[0], -1, inputs, inputs)
    own = product[:, :units]
    own[...] = 0.5 * (own + own.swapaxes(2, 3))
    full = product.reshape(product.shape[0], -1).take(_square_gather(units, inputs), axis=1)
    _block(hessian, network, layer, layer)[...] += full.reshape(-1, units * inputs, units * inputs)


@lru_cache(maxsize=64)
def _square_gather(units: int, inputs: int) -> Array:
    """Where entry ((i, j), (p, q)) of a square block stands in the product over pairs of units, flattened."""
    start = pair_positions(units)[:, None, :, None] * inputs * inputs
    j, q = np.arange(inputs)[:, None, None], np.arange(inputs)
    upper, lower = start + j * inputs + q, start + q * inputs + j
    unit = np.arange(units)
    return np.where(unit[:, None, None, None] <= unit[:, None], upper, lower).reshape(-1)


def _add_pair(hessian: Array, network: Network, lower: int, upper: int, product: Array) -> None:
    """Add an off-diagonal block given as [R, .., upper kernel.., lower kernel..], and its transpose."""
    product = product.reshape(-1, network.layout[upper].size, network.layout[lower].size)
    _block(hessian, network, upper, lower)[...] += product
    _block(hessian, network, lower, upper)[...] += product.swapaxes(1, 2)


def _add_input_motion(
    hessian: Array, network: Network, forward: ForwardPass, tangents: list[Array], deltas: list[Array], upper: int
) -> None:
    """Add delta_m[p] dh_{m-1}[q] / d(kernel of l) for m = ``upper`` and every l < m; the bias column does not move."""
    delta, hats = deltas[upper], forward.hats
    below = network.hidden[upper - 1]
    replicas, units = forward.output.shape[0], delta.shape[1]
    rows = network.layout[upper]
    pulled: Array = None
    if upper == len(network.hidden) or upper > 1:
        pulled = forward.jets[upper - 1].pull(delta[:, None])  # [R, q, p, C, S]
    for lower in range(upper):
        columns = network.layout[lower]
        inputs = columns.shape[1]
        if lower < upper - 1:
            product = _contract_tangent(network, forward, tangents, pulled, upper - 1, lower)
            product = product.reshape(replicas, below, units, columns.size)
        else:
            if pulled is None:
                near = contract(delta, tangents[lower]).reshape(-1, units, below, inputs).swapaxes(1, 2)
            else:
                near = contract(pulled, hats[lower]).reshape(replicas, below, units, inputs)
            product = np.zeros((replicas, below, units, below, inputs))
            own = np.arange(below)
            product[:, own, :, own] = near.swapaxes(0, 1)
            product = product.reshape(replicas, below, units, columns.size)
        full = np.zeros((replicas, units, rows.shape[1], columns.size))
        full[:, :, :below] = product.swapaxes(1, 2)
        _add_pair(hessian, network, lower, upper, full)
