"""The exact Hessian of a least-squares loss for networks of one or two hidden layers, at the speed of a few small products.

For plain values (no jets) both parts of H share one form: with pre-activation adjoints delta, curvatures B and input
activations h of the layers l <= m,

    H[(i, j), (p, q)] = sum_s K[p, i] h_m[q] h_l[j] + motion,   K = delta_m[p] delta_l[i] + r (B_m dz_m/dz_l)[p, i],

so neither the per-sample Jacobian nor its rank-S product is formed; ``motion`` is what the lower kernel does to the upper
layer's input. On the diagonal blocks K and h h^T are both symmetric: a product of their triangles, n(n+1)/2 x k(k+1)/2 x S,
replaces one of (n k) x (n k) x S, a quarter of the work. The products stand side by side in one array from which a single
gather reads H, so that symmetric entries are one number. Deeper nets and differential operators take the general route of
:mod:`stationary.landscapes.curvature`, which is also the test of this one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.network import ForwardPass, Network
from stationary.landscapes.triangles import pair_positions, pair_products


def shallow_hessian(network: Network, forward: ForwardPass, residual: Array, hessian: Array) -> None:
    """Write the Hessian of 1/2 mean residual^2, symmetric to the last bit, into ``hessian`` [R, P, P].

    Args:
        network: one or two hidden layers, one channel.
        forward: pass of order 2.
        residual: u - f, [R, S].
        hessian: written to, every entry; contiguous.
    """
    root = np.sqrt(network.x.size)
    rho = residual[:, None] / root
    hats = [hat[:, :, 0] for hat in forward.hats]
    top = len(network.hidden) - 1
    slope, bend = forward.jets[top].derivatives[1:3]
    eta = network.weights(forward.kernels[-1], top + 1).swapaxes(1, 2) / root
    delta = eta * slope
    kappa = eta * bend * rho
    moved_top = slope * (rho / root)  # how the top layer's activations move, times the residual
    output = hats[-1] / root

    shapes = tuple(block.shape for block in network.layout)
    packed = np.empty((hessian.shape[0], _segments(shapes)[-1][1]))
    parts = [packed[:, start:stop].reshape(-1, *shape) for start, stop, shape in _segments(shapes)]
    np.matmul(output, output.swapaxes(1, 2), out=parts[0])
    _product(_with_diagonal(pair_products(delta), kappa), pair_products(hats[top]), parts[1])
    joint = _outer(delta, output)  # (p, r): unit p of the top layer against output weight r
    joint[:, :: output.shape[1] + 1][:, : delta.shape[1]] += moved_top
    _product(joint, hats[top], parts[2])
    if top == 1:
        _lower_layer(network, forward, rho, delta, kappa, moved_top, output, parts[3:])
    packed.take(_gather(shapes), axis=1, out=hessian.reshape(hessian.shape[0], -1), mode="clip")


def _lower_layer(
    network: Network,
    forward: ForwardPass,
    rho: Array,
    delta: Array,
    kappa: Array,
    moved_top: Array,
    output: Array,
    parts: list[Array],
) -> None:
    """The blocks of the first of two hidden layers: with itself, with the second, with the output."""
    inputs, hats = forward.hats[0][:, :, 0], forward.hats[1][:, :, 0]
    slope, bend = forward.jets[0].derivatives[1:3]
    weights = network.weights(forward.kernels[1], 1)
    eta = weights.swapaxes(1, 2) @ delta
    bent = pair_products(weights.swapaxes(1, 2)) @ kappa
    bent += pair_products(eta)
    bent *= pair_products(slope)
    _product(_with_diagonal(bent, rho * eta * bend), pair_products(inputs), parts[0])

    cross = weights[..., None] * kappa[:, :, None]  # (p, i): unit p of the second layer against unit i of the first
    cross += delta[:, :, None] * eta[:, None]
    cross *= slope[:, None]
    _product(cross.reshape(cross.shape[0], -1, cross.shape[-1]), _outer(hats, inputs), parts[1])
    pushed = _outer(slope, inputs)  # (i, j): how activation i moves with its own kernel
    units = slope.shape[1]
    motion = (rho * delta) @ pushed.swapaxes(1, 2)
    near = parts[1].reshape(*weights.shape, units + 1, -1)[:, :, :, :units]
    np.einsum("rpiij->rpij", near)[...] += motion.reshape(*weights.shape, -1)

    _product(output, _outer(slope * eta, inputs), parts[2])
    through = (moved_top @ pushed.swapaxes(1, 2)).reshape(*weights.shape, -1) * weights[..., None]
    parts[2][:, : weights.shape[1]] += through.reshape(through.shape[0], weights.shape[1], -1)


def _product(left: Array, right: Array, out: Array) -> None:
    np.matmul(left, right.swapaxes(1, 2), out=out)


def _outer(left: Array, right: Array) -> Array:
    """Products left[i] right[j], [R, n, S] and [R or 1, m, S] -> [R, n m, S]."""
    products = left[:, :, None] * right[:, None]
    return products.reshape(products.shape[0], -1, products.shape[-1])


def _with_diagonal(triangle: Array, diagonal: Array) -> Array:
    triangle[:, : diagonal.shape[1]] += diagonal
    return triangle


@lru_cache(maxsize=64)
def _segments(shapes: tuple[tuple[int, int], ...]) -> list[tuple[int, int, tuple[int, int]]]:
    """Start, stop and shape of each product in the packed array, in the order in which they are made."""
    triangles = [(units * (units + 1) // 2, inputs * (inputs + 1) // 2) for units, inputs in shapes]
    top, last = len(shapes) - 2, shapes[-1][1]
    products = [(last, last), triangles[top], (shapes[top][0] * last, shapes[top][1])]
    if top == 1:
        (units, inputs), (upper_units, upper_inputs) = shapes[:2]
        products += [triangles[0], (upper_units * units, upper_inputs * inputs), (last, units * inputs)]
    stops = np.cumsum([rows * columns for rows, columns in products]).tolist()
    return list(zip([0, *stops], stops, products, strict=False))


@lru_cache(maxsize=64)
def _gather(shapes: tuple[tuple[int, int], ...]) -> Array:
    """Where each entry of H stands in the packed array, [P * P]."""
    bounds = np.cumsum([0] + [units * inputs for units, inputs in shapes])
    index = np.empty((bounds[-1], bounds[-1]), dtype=np.intp)
    starts = [start for start, _, _ in _segments(shapes)]
    top = len(shapes) - 2

    def place(lower: int, upper: int, positions: Array) -> None:
        rows, columns = slice(*bounds[lower : lower + 2]), slice(*bounds[upper : upper + 2])
        block = positions.reshape(bounds[lower + 1] - bounds[lower], -1)
        index[rows, columns], index[columns, rows] = block, block.T

    (units, inputs), last = shapes[top], shapes[-1][1]
    place(top + 1, top + 1, starts[0] + np.arange(last * last))
    place(top, top, starts[1] + _square_positions(units, inputs))
    place(top, top + 1, starts[2] + np.arange(units * last * inputs).reshape(units, last, inputs).swapaxes(1, 2))
    if top == 1:
        lower_units, lower_inputs = shapes[0]
        place(0, 0, starts[3] + _square_positions(lower_units, lower_inputs))
        cross = np.arange(units * lower_units * inputs * lower_inputs)
        place(0, 1, starts[4] + cross.reshape(units, lower_units, inputs, lower_inputs).transpose(1, 3, 0, 2))
        place(0, 2, starts[5] + np.arange(last * lower_units * lower_inputs).reshape(last, -1).T)
    return index.reshape(-1)


def _square_positions(units: int, inputs: int) -> Array:
    """Position of ((i, j), (p, q)) in a product of triangles, [units, inputs, units, inputs]."""
    rows, columns = pair_positions(units), pair_positions(inputs)
    return rows[:, None, :, None] * (inputs * (inputs + 1) // 2) + columns[None, :, None, :]
