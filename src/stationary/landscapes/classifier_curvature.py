"""The exact Hessian of softmax cross-entropy with one hidden layer, as a few products of triangles.

With probabilities p, residual r = (p - e_y)/S and A = (diag p - p p^T)/S per sample, x and h with their ones appended,

    output-output   [(c, k), (c', k')] = sum_s A[c, c'] h[k] h[k']
    hidden-hidden   [(i, j), (i', j')] = sum_s (phi'_i phi'_i' v_i^T A v_i' + [i = i'] phi''_i v_i^T r) x[j] x[j']
    hidden-output   [(i, j), (c, k)]   = sum_s (phi'_i (A v_i)[c] h[k] + [k = i] phi'_i r[c]) x[j]

The two square blocks are products of symmetric factors: of each only the triangle is formed, a quarter of the work. Forming
the Jacobian of the logits and its Gram matrix instead costs C times as many samples and four times as many entries. Each
entry of a triangle is written to all places where it stands, so that symmetric entries are one number.
Source: N. N. Schraudolph, Fast curvature matrix-vector products (2002), for the two parts; the layout is ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.landscapes.triangles import pair_indices, pair_positions, pair_products

Array = Any

CHUNK_BYTES = 64_000_000
"""Factors of one product; more samples than fit are added up chunk by chunk, whatever the stack."""


def write_hessian(
    out: Array,
    inputs: Array,
    hat: Array,
    slope: Array,
    bend: Array,
    weights: Array,
    probabilities: Array,
    residual: Array,
) -> None:
    """Write the Hessian of the mean cross-entropy, symmetric to the last bit.

    Args:
        out: written to, every entry, [R, P, P].
        inputs: samples with a row of ones, [d + 1, S].
        hat: activations with a row of ones, [R, n + 1, S].
        slope: phi', [R, n, S].
        bend: phi'' v_i^T r, [R, n, S].
        weights: output weights without the bias, v_i in rows, [R, n, C].
        probabilities: p, [R, C, S].
        residual: r, [R, C, S].
    """
    (wide, samples), units, classes = inputs.shape, slope.shape[1], residual.shape[1]
    chunk = max(1, CHUNK_BYTES // (8 * _factor_rows(units, wide, classes)))
    hidden: Array = None
    output: Array = None
    cross: Array = None
    moved: Array = None
    for start in range(0, samples, chunk):
        part = slice(start, start + chunk)
        x, h, phi, p, r = inputs[None, :, part], hat[..., part], slope[..., part], probabilities[..., part], residual[..., part]
        mean = weights @ p
        bent = pair_products(weights) @ p
        bent -= pair_products(mean)
        bent *= pair_products(phi)
        bent /= samples
        bent[:, :units] += bend[..., part]
        hidden = _add(hidden, bent, pair_products(x))
        output = _add(output, _softmax_curvature(p) / samples, pair_products(h))
        joint = weights[..., None] - mean[:, :, None]
        joint *= p[:, None]
        joint *= (phi / samples)[:, :, None]
        cross = _add(cross, _flat(joint), _flat(x[:, :, None] * h[:, None]))
        moved = _add(moved, _flat(phi[:, :, None] * r[:, None]), x)
    end = units * wide
    _write_square(out[:, :end, :end], hidden, units, wide)
    _write_square(out[:, end:, end:], output, classes, units + 1)
    cross = cross.reshape(-1, units, classes, wide, units + 1)
    own = np.arange(units)
    cross[:, own, :, :, own] += moved.reshape(-1, units, classes, wide).swapaxes(0, 1)
    shape = (-1, units, wide, classes, units + 1)
    out[:, :end, end:].reshape(shape)[...] = cross.transpose(0, 1, 3, 2, 4)
    out[:, end:, :end] = out[:, :end, end:].swapaxes(1, 2)


def working_bytes(units: int, wide: int, classes: int, samples: int) -> int:
    """Memory that one replica needs beside its Hessian."""
    triangles = _triangle(units) * _triangle(wide) + _triangle(classes) * _triangle(units + 1)
    products = triangles + units * wide * classes * (units + 2)
    return 16 * products + min(CHUNK_BYTES, 8 * samples * _factor_rows(units, wide, classes))


def _factor_rows(units: int, wide: int, classes: int) -> int:
    """Rows of all factors that live at once."""
    return 2 * _triangle(units) + _triangle(wide) + 2 * units * classes + wide * (units + 1) + _triangle(units + 1)


def _triangle(length: int) -> int:
    return length * (length + 1) // 2


def _softmax_curvature(p: Array) -> Array:
    """diag p - p p^T for pairs of classes, diagonal first: [R, C, S] -> [R, C (C + 1)/2, S]."""
    pairs = -pair_products(p)
    pairs[:, : p.shape[1]] += p
    return pairs


def _add(total: Array, left: Array, right: Array) -> Array:
    """Total plus the product over samples, [R, a, S] and [R or 1, b, S] -> [R, a, b]; None counts as zero."""
    product = left @ right.swapaxes(1, 2)
    if total is None:
        return product
    total += product
    return total


def _flat(factor: Array) -> Array:
    """[R, a, b, S] -> [R, a b, S]."""
    return factor.reshape(factor.shape[0], -1, factor.shape[-1])


def _write_square(block: Array, packed: Array, units: int, inputs: int) -> None:
    """Spread a product of triangles, [R, pairs of units, pairs of inputs], over the block [R, units inputs, units inputs].

    Pairs of units one by one: an index of all entries would be as large as the Hessian.
    """
    columns = pair_positions(inputs).reshape(-1)
    view = block.reshape(-1, units, inputs, units, inputs)
    for pair, (i, k) in enumerate(zip(*pair_indices(units), strict=True)):
        entries = packed[:, pair].take(columns, axis=1).reshape(-1, inputs, inputs)
        view[:, i, :, k] = entries
        view[:, k, :, i] = entries
