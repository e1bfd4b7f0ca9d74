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

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.network import ForwardPass, Network, apply, contract


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
    diagonal = forward.jets[last].curvature(etas[last])  # [R, n, C, C, S]
    # adjoint of z_last per unit of its own kernel: carried[(p, q), k'] = sum_k B_last[p, k, k'] h_{last-1}[q, k]
    carried = sum(
        diagonal[:, :, None, k] * forward.hats[last][:, None, :, k, None] for k in range(network.channels)
    )  # [R, n, inputs, C, S]
    _add_unit_blocks(hessian, network, last, contract(carried, forward.hats[last]))
    for lower in range(last):
        _add_pair(hessian, network, lower, last, _contract_tangent(network, forward, carried, last, lower))
    dense = None
    for layer in range(last - 1, -1, -1):
        dense = _pull_curvature(network, forward, etas, diagonal if dense is None else dense, layer)
        _add_square(hessian, network, forward, dense, layer)
        for lower in range(layer):
            moved = _carry(dense, forward.hats[layer])
            pair = _contract_tangent(network, forward, moved, layer, lower).sum(axis=1)
            _add_pair(hessian, network, lower, layer, pair)
    for upper in range(1, depth + 1):
        _add_input_motion(hessian, network, forward, deltas, upper)


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


def _carry(dense: Array, hat: Array) -> Array:
    """B[(u, k'), (p, k)] h[q, k] summed over k: [R, n, n, C, C, S] -> [R, u, (p, q), C, S]."""
    replicas, units, _, channels, _, points = dense.shape
    moved = sum(dense[:, :, :, None, :, k] * hat[:, None, None, :, k, None] for k in range(channels))
    return moved.reshape(replicas, units, -1, channels, points)


def _contract_tangent(network: Network, forward: ForwardPass, adjoint: Array, upper: int, lower: int) -> Array:
    """Sum over samples of an adjoint of z_upper times dz_upper / d(kernel of lower), lower < upper.

    Args:
        network: architecture.
        forward: pass.
        adjoint: [R, u, a, C, S] with u the units of ``upper``; the axis a is whatever the caller batches over.
        upper: layer of the adjoint.
        lower: layer of the kernel.

    Returns:
        [R, u, a, i, j], the contribution of each unit u of ``upper``.
    """
    units, batch = adjoint.shape[1:3]
    weights = network.weights(forward.kernels[upper], upper)
    below = network.hidden[upper - 1]
    if lower == upper - 1:
        hat = forward.hats[lower]
        tangent = (
            forward.jets[lower]
            .push(np.broadcast_to(hat.swapaxes(1, 2)[:, None], (hat.shape[0], below, *hat.swapaxes(1, 2).shape[1:])))
            .swapaxes(2, 3)
        )  # [R, i, j, C, S]
        inputs = hat.shape[1]
        product = contract(adjoint, tangent).reshape(-1, units, batch, below, inputs)
        return product * weights[:, :, None, :, None]
    spread = weights[:, :, :, None, None, None] * adjoint[:, :, None]  # [R, u, i, a, C, S]
    spread = spread.transpose(0, 2, 4, 1, 3, 5).reshape(-1, below, network.channels, units * batch, network.x.size)
    pulled = forward.jets[upper - 1].pull(spread).swapaxes(2, 3)  # [R, i, u a, C, S]
    lowered = _contract_tangent(network, forward, pulled, upper - 1, lower).sum(axis=1)
    return lowered.reshape(-1, units, batch, *network.layout[lower].shape)


def _pull_curvature(network: Network, forward: ForwardPass, etas: list[Array], above: Array, layer: int) -> Array:
    """The adjoint recursion for B_layer, [R, n, n, C, C, S]; ``above`` is diagonal [R, n, C, C, S] or dense."""
    jet, channels, points = forward.jets[layer], network.channels, network.x.size
    weights = network.weights(forward.kernels[layer + 1], layer + 1)  # [R, above, n]
    replicas, upper_units, units = weights.shape
    flat = (channels, channels, points)
    if above.ndim == 5:
        pairs = (weights[:, :, :, None] * weights[:, :, None, :]).reshape(replicas, upper_units, -1)
        bent = pairs.swapaxes(1, 2) @ above.reshape(replicas, upper_units, -1)
    else:
        half = weights.swapaxes(1, 2) @ above.reshape(replicas, upper_units, -1)
        half = half.reshape(replicas, units, upper_units, -1).swapaxes(1, 2).reshape(replicas, upper_units, -1)
        bent = (weights.swapaxes(1, 2) @ half).reshape(replicas, units, units, -1).swapaxes(1, 2)
    bent = bent.reshape(replicas, units, units, *flat)  # [R, i, p, k, k', S]
    bent = jet.pull(np.moveaxis(bent, 3, 2))  # [R, i, k, p, k', S]
    bent = jet.pull(bent.transpose(0, 3, 4, 1, 2, 5))  # [R, p, k', i, k, S]
    dense = np.ascontiguousarray(bent.transpose(0, 3, 1, 4, 2, 5))
    own = np.arange(units)
    dense[:, own, own] += jet.curvature(etas[layer])
    return dense


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


def _add_square(hessian: Array, network: Network, forward: ForwardPass, dense: Array, layer: int) -> None:
    """Add the (l, l) block of a layer whose B couples its units; ``dense`` is [R, n, n, C, C, S]."""
    hat = forward.hats[layer]
    inputs = hat.shape[1]
    pairs = hat[:, :, None, :, None] * hat[:, None, :, None, :]  # [R, j, q, k, k', S]
    samples = pairs.shape[-1] * pairs.shape[-2] * pairs.shape[-3]
    units = dense.shape[1]
    product = dense.reshape(dense.shape[0], units * units, samples) @ pairs.reshape(
        pairs.shape[0], inputs * inputs, samples
    ).swapaxes(1, 2)
    product = product.reshape(-1, units, units, inputs, inputs).swapaxes(2, 3).reshape(-1, units * inputs, units * inputs)
    _block(hessian, network, layer, layer)[...] += 0.5 * (product + product.swapaxes(1, 2))


def _add_pair(hessian: Array, network: Network, lower: int, upper: int, product: Array) -> None:
    """Add an off-diagonal block given as [R, .., upper kernel.., lower kernel..], and its transpose."""
    product = product.reshape(-1, network.layout[upper].size, network.layout[lower].size)
    _block(hessian, network, upper, lower)[...] += product
    _block(hessian, network, lower, upper)[...] += product.swapaxes(1, 2)


def _add_input_motion(hessian: Array, network: Network, forward: ForwardPass, deltas: list[Array], upper: int) -> None:
    """Add delta_m[p] dh_{m-1}[q] / d(kernel of l) for m = ``upper`` and every l < m; the bias column does not move."""
    delta = np.ascontiguousarray(deltas[upper])
    below = network.hidden[upper - 1]
    replicas, units = forward.output.shape[0], delta.shape[1]
    spread = np.broadcast_to(delta.swapaxes(1, 2)[:, None], (delta.shape[0], below, delta.shape[2], units, delta.shape[3]))
    pulled = forward.jets[upper - 1].pull(spread).swapaxes(2, 3)  # [R, q, p, C, S]
    rows = network.layout[upper]
    for lower in range(upper):
        columns = network.layout[lower]
        if lower == upper - 1:
            inputs = columns.shape[1]
            near = contract(pulled, forward.hats[lower]).reshape(replicas, below, units, inputs)
            product = np.zeros((replicas, below, units, below, inputs))
            for own in range(below):
                product[:, own, :, own] = near[:, own]
        else:
            product = _contract_tangent(network, forward, pulled, upper - 1, lower)
        full = np.zeros((replicas, units, rows.shape[1], columns.size))
        full[:, :, :below] = product.reshape(replicas, below, units, columns.size).swapaxes(1, 2)
        _add_pair(hessian, network, lower, upper, full)
