"""The exact Hessian of a loss of a feed-forward network's outputs, as a few products over samples per pair of layers.

Layers are numbered 0 to D, the output last; z_l = W_l h_l with h_0 the inputs and h_{l+1} = phi(z_l), ones appended where
there are biases; delta_m is the adjoint of z_m. For units p of layer m, i of layer l < m and their inputs q, j,

    H[(i, j), (p, q)] = sum_s K[p, i] h_m[q] h_l[j] + delta_m[p] T[q, i] h_l[j],
    K = d delta_m / d z_l,  T = d h_m / d z_l,

of which the first is how the lower kernel moves the upper adjoint, the second how it moves the upper layer's input. Both come
from one tangent sweep upwards and one adjoint sweep downwards per layer l,

    J_{l+1} = W_{l+1} phi'_l,   T_{m+1} = phi'_m J_m,   J_{m+1} = W_{m+1} T_{m+1},
    K_D = A J_D,                K_m = phi'_m W_{m+1}^T K_{m+1} + phi''_m eta_m J_m,

with A the loss' curvature and eta_m = W_{m+1}^T delta_{m+1}. On the diagonal blocks K and h h^T are both symmetric: a product
of their triangles takes a quarter of the work. Neither the outputs' Jacobian nor its Gram matrix is formed, which would cost C
times as many samples. Each entry of a product is written to all places where it stands, so that symmetric entries are one
number. Source: the chain rule, split as in N. N. Schraudolph, Fast curvature matrix-vector products (2002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.output_losses import Curvature
from stationary.landscapes.triangles import pair_indices, pair_positions, pair_products

CHUNK_BYTES = 16_000_000
"""Factors of one product; more samples than fit are added up chunk by chunk, whatever the stack."""


@dataclass(frozen=True)
class Sweeps:
    """What a forward and a backward sweep leave behind, sample by sample.

    Attributes:
        hats: h_l of the layers 0 to D, [R, inputs, S], of the first [1, inputs, S].
        slopes: phi'_l of the hidden layers, [R, n, S].
        bends: phi''_l eta_l of the hidden layers, [R, n, S].
        deltas: adjoints of the layers' pre-activations, [R, n, S].
        weights: W_l without the biases, [R, n, inputs].
        curvature: of the loss in the outputs.
    """

    hats: list[Array]
    slopes: list[Array]
    bends: list[Array]
    deltas: list[Array]
    weights: list[Array]
    curvature: Curvature

    def part(self, samples: slice) -> Sweeps:
        """Those of some samples."""
        hats, slopes, bends, deltas = (
            [array[..., samples] for array in arrays] for arrays in (self.hats, self.slopes, self.bends, self.deltas)
        )
        return Sweeps(hats, slopes, bends, deltas, self.weights, self.curvature.part(samples))


class _Sums:
    """Products by name, added up over chunks of samples."""

    def __init__(self) -> None:
        self.products: dict[tuple[str, int, int], Array] = {}

    def add(self, kind: str, lower: int, upper: int, product: Array) -> None:
        key = (kind, lower, upper)
        if key in self.products:
            self.products[key] += product
        else:
            self.products[key] = product

    def take(self, kind: str, lower: int, upper: int) -> Array:
        return self.products.pop((kind, lower, upper))


def write_hessian(out: Array, sweeps: Sweeps) -> None:
    """Write the Hessian, symmetric to the last bit.

    Args:
        out: written to, every entry, [R, P, P]; layer by layer, kernels (units, inputs) row by row, the bias last.
        sweeps: at the point.
    """
    shapes = [(delta.shape[1], hat.shape[1]) for delta, hat in zip(sweeps.deltas, sweeps.hats, strict=True)]
    samples, top = sweeps.deltas[-1].shape[-1], len(shapes) - 1
    chunk = max(1, CHUNK_BYTES // (8 * factor_rows(shapes)))
    sums = _Sums()
    for start in range(0, samples, chunk):
        part = sweeps.part(slice(start, start + chunk))
        sums.add("square", top, top, part.curvature.square(part.hats[top]))
        _add_top_layer(sums, part, top - 1)
        for lower in range(top - 1):
            _add_layer(sums, part, lower)
    offsets = np.cumsum([0, *(units * inputs for units, inputs in shapes)])
    bounds = [slice(*offsets[layer : layer + 2]) for layer in range(top + 1)]
    for lower, (units, inputs) in enumerate(shapes):
        _write_square(out[:, bounds[lower], bounds[lower]], sums.take("square", lower, lower), units, inputs)
        for upper in range(lower + 1, top + 1):
            block = out[:, bounds[lower], bounds[upper]]
            _write_cross(block, sums, lower, upper, shapes)
            out[:, bounds[upper], bounds[lower]] = block.swapaxes(1, 2)


def factor_rows(shapes: list[tuple[int, int]]) -> int:
    """Rows of the factors that live at once, per replica and sample."""
    squares = max(_triangle(units) + _triangle(inputs) for units, inputs in shapes)
    crosses = 0
    for lower, (units, inputs) in enumerate(shapes[:-1]):
        moves = sum(2 * above * units for above, _ in shapes[lower + 1 :])
        crosses = max(crosses, moves + max(2 * above * units + inner * inputs for above, inner in shapes[lower + 1 :]))
    return squares + crosses


def product_entries(shapes: list[tuple[int, int]]) -> int:
    """Numbers in all products of one replica, at most."""
    sizes = [units * inputs for units, inputs in shapes]
    return sum(sizes) ** 2


def _triangle(length: int) -> int:
    return length * (length + 1) // 2


def _add_top_layer(sums: _Sums, at: Sweeps, lower: int) -> None:
    """The last hidden layer with itself and with the outputs; only the loss' curvature stands above it."""
    upper, slope = lower + 1, at.slopes[lower]
    outgoing = at.weights[upper].swapaxes(1, 2)
    pairs = pair_products(slope)
    pairs *= at.curvature.pulled(outgoing)
    _add_own(sums, at, lower, pairs)
    sums.add("cross", lower, upper, at.curvature.cross(outgoing, slope, _outer(at.hats[upper], at.hats[lower])))
    _add_near(sums, at, lower)


def _add_layer(sums: _Sums, at: Sweeps, lower: int) -> None:
    """A lower layer with itself and with all above it."""
    top, slope = len(at.slopes), at.slopes[lower]
    reach = {lower + 1: at.weights[lower + 1][..., None] * slope[:, None]}
    for upper in range(lower + 2, top + 1):
        moved = at.slopes[upper - 1][:, :, None] * reach[upper - 1]
        reach[upper] = _apply(at.weights[upper], moved)
        far = _product(_outer(at.deltas[upper], at.hats[lower]), _rows(moved))
        sums.add("far", lower, upper, far)
    _add_near(sums, at, lower)
    bent = at.curvature.product(reach[top])
    for upper in range(top, lower, -1):
        if upper < top:
            bent = _apply(at.weights[upper + 1].swapaxes(1, 2), bent)
            bent *= at.slopes[upper][:, :, None]
            bent += at.bends[upper][:, :, None] * reach[upper]
        sums.add("cross", lower, upper, _product(_rows(bent), _outer(at.hats[upper], at.hats[lower])))
    first, second = pair_indices(slope.shape[1])
    pairs = _apply(at.weights[lower + 1].swapaxes(1, 2), bent)[:, first, second]
    pairs *= slope[:, first]
    _add_own(sums, at, lower, pairs)


def _add_own(sums: _Sums, at: Sweeps, layer: int, pairs: Array) -> None:
    """The square block from K without the bends, for pairs of units, [R, pairs, S]."""
    pairs[:, : at.bends[layer].shape[1]] += at.bends[layer]
    sums.add("square", layer, layer, _product(pairs, pair_products(at.hats[layer])))


def _add_near(sums: _Sums, at: Sweeps, lower: int) -> None:
    """The next layer's input moves unit by unit: delta[p] phi'[i] h[j], [R, (p, i), j]."""
    sums.add("near", lower, lower + 1, _product(_outer(at.deltas[lower + 1], at.slopes[lower]), at.hats[lower]))


def _apply(kernel: Array, moves: Array) -> Array:
    """[R, m, n] times [R, n, a, S] -> [R, m, a, S]."""
    replicas, _, count, samples = moves.shape
    return (kernel @ moves.reshape(replicas, -1, count * samples)).reshape(replicas, -1, count, samples)


def _outer(left: Array, right: Array) -> Array:
    """Products left[a] right[b]: [R, a, S], [R or 1, b, S] -> [R, a b, S]."""
    return _rows(left[:, :, None] * right[:, None])


def _rows(factor: Array) -> Array:
    """[R, a, b, S] -> [R, a b, S]."""
    return factor.reshape(factor.shape[0], -1, factor.shape[-1])


def _product(left: Array, right: Array) -> Array:
    """Sum over samples: [R, a, S], [R or 1, b, S] -> [R, a, b]."""
    return left @ right.swapaxes(1, 2)


def _write_cross(block: Array, sums: _Sums, lower: int, upper: int, shapes: list[tuple[int, int]]) -> None:
    """Spread the products over a block [R, lower kernel, upper kernel]."""
    (units, inputs), (above, inner) = shapes[lower], shapes[upper]
    below = shapes[upper - 1][0]
    view = block.reshape(-1, units, inputs, above, inner)
    view[...] = sums.take("cross", lower, upper).reshape(-1, above, units, inner, inputs).transpose(0, 2, 4, 1, 3)
    if upper == lower + 1:
        own = np.arange(units)
        view[:, own, :, :, own] += sums.take("near", lower, upper).reshape(-1, above, units, inputs).transpose(2, 0, 3, 1)
    else:
        far = sums.take("far", lower, upper).reshape(-1, above, inputs, below, units)
        view[..., :below] += far.transpose(0, 4, 2, 1, 3)


def _write_square(block: Array, packed: Array, units: int, inputs: int) -> None:
    """Spread a product of triangles, [R, pairs of units, pairs of inputs], over the block [R, units inputs, units inputs].

    Unit by unit: an index of all entries would be as large as the Hessian.
    """
    rows, columns = pair_positions(units), pair_positions(inputs).reshape(-1)
    view = block.reshape(-1, units, inputs, units, inputs)
    for unit in range(units):
        entries = packed.take(rows[unit], axis=1).take(columns, axis=2)
        view[:, unit] = entries.reshape(-1, units, inputs, inputs).swapaxes(1, 2)
