"""Directions in which a classifier's cross-entropy is flat by construction, wherever theta lies.

* softmax shift: the same row added to the output weights of every class leaves the probabilities as they are (a squared error
  does not forgive it: ``shift=False``);
* constant inputs: what a unit's weights on them gain, its bias can lose;
* dead units: a rectifier that is off on every sample ignores its incoming and its outgoing weights.

Along each the loss is constant near theta, so the Hessian has an exact zero there, at critical points and elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

Array = Any


def constant_directions(inputs: Array) -> Array:
    """Orthonormal directions of a unit's weights that no sample feels: [d + 1, S], ones last -> [constant inputs, d + 1].

    >>> np.abs(constant_directions(np.array([[0.0, 0.0], [1.0, 2.0], [1.0, 1.0]]))).tolist()
    [[1.0, 0.0, 0.0]]
    """
    constant = np.flatnonzero(np.ptp(inputs[:-1], axis=1) == 0.0)
    directions = np.zeros((inputs.shape[0], constant.size))
    directions[constant, np.arange(constant.size)] = 1.0
    directions[-1] = -inputs[constant, 0]
    return np.linalg.qr(directions)[0].T if constant.size else directions.T


def count(dead: Array, *, inputs: int, classes: int, constant: int, shift: bool = True) -> Array:
    """Number of directions: n + 1 shifts of live units and bias, ``constant`` per live unit, all weights of dead units.

    Args:
        dead: [R, n].
        inputs: d + 1.
        classes: C.
        constant: constant inputs.
        shift: whether the loss ignores a shift of all logits.

    >>> count(np.array([[False, True]]), inputs=4, classes=3, constant=1).tolist()
    [10]
    """
    off = dead.sum(axis=1)
    return np.asarray(off * (inputs + classes) + (dead.shape[1] - off) * (constant + shift) + shift)


def basis(dead: Array, *, inputs: int, classes: int, constant: Array, shift: bool = True) -> Array:
    """Orthonormal columns spanning the directions, [P, count].

    Args:
        dead: of one network, [n].
        inputs: d + 1.
        classes: C.
        constant: from :func:`constant_directions`.
        shift: as in :func:`count`.
    """
    units, outputs = np.eye(dead.size), np.eye(dead.size + 1)
    off = np.append(dead, False)
    incoming = [np.kron(units[dead], np.eye(inputs)), np.kron(units[~dead], constant)]
    outgoing = [np.kron(np.eye(classes), outputs[off])]
    if shift:
        outgoing.append(np.kron(np.full((1, classes), classes**-0.5), outputs[~off]))
    return np.asarray(scipy.linalg.block_diag(np.concatenate(incoming), np.concatenate(outgoing)).T)
