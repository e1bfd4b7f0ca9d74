"""The straight line between two minima, before and after the second one's units are matched to the first one's (A4).

Matching pairs units so that the sum of their squared distances is smallest (a linear assignment); a unit is its incoming
weights, bias and outgoing weights, and one of an odd activation may come with both signs flipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from stationary import seeds
from stationary.config.symmetry import SymmetrySettings
from stationary.experiments.symmetry_minima import ends, name, network, trivial_loss
from stationary.landscapes import symmetries
from stationary.landscapes.deep_network import DeepNetwork

Array = Any
Row = dict[str, object]

PLACES = 51
"""Of a curve, both ends included."""

ODD = ("tanh",)


def rows(activation: str, minima: pa.Table, settings: SymmetrySettings, seed: int) -> Iterator[Row]:
    """Twins of every minimum and pairs of minima of successive starts: rows of the schema ``BARRIERS``.

    If no start arrived at a minimum, the ends of the descents take their place.

    The twin's order of units is drawn among all but the identity.
    """
    landscape = network(activation, settings, seed)
    starts, points, arrived = ends(minima)
    if not len(starts):
        return
    called = name(activation, settings)
    twins = np.concatenate([_twin(landscape, called, start, theta, seed) for start, theta in zip(starts, points, strict=True)])
    pairs = [("twin", starts, twins)]
    if len(starts) > 1:
        pairs.append(("others", np.roll(starts, -1), np.roll(points, -1, axis=0)))
    for pair, others, seconds in pairs:
        for matched in (False, True):
            last = seconds
            if matched:
                both = zip(points, seconds, strict=True)
                last = np.concatenate([match(landscape, *one, odd=activation in ODD) for one in both])
            curves = line(landscape, points, last)
            for place, curve in enumerate(curves):
                yield {
                    "network": called,
                    "pair": pair,
                    "matched": matched,
                    "arrived": arrived,
                    "start": int(starts[place]),
                    "other": int(others[place]),
                    "difference": float(abs(curve[-1] - curve[0])),
                    "barrier": float(curve.max() - max(curve[0], curve[-1])),
                    "curve": curve.tolist(),
                }


def match(landscape: DeepNetwork, first: Array, second: Array, *, odd: bool) -> Array:
    """The arrangement of the second network's units nearest to the first: [P], [P] -> [1, P].

    Args:
        landscape: of both, one hidden layer.
        first: theta that stays.
        second: theta whose units are put in order.
        odd: whether a unit's sign may be flipped.
    """
    one, other = (_units(landscape, theta) for theta in (first, second))
    costs = np.stack([((one[:, None] - sign * other[None]) ** 2).sum(axis=2) for sign in ((1.0, -1.0) if odd else (1.0,))])
    _, order = linear_sum_assignment(costs.min(axis=0))
    signs = np.where(costs.argmin(axis=0)[np.arange(len(order)), order] == 1, -1.0, 1.0)
    return symmetries.scaled(landscape.layout, symmetries.permuted(landscape.layout, second[None], [order]), [signs])


def line(landscape: DeepNetwork, first: Array, second: Array) -> Array:
    """J over the trivial loss, without unit, at PLACES even steps along straight lines: [n, P], [n, P] -> [n, PLACES]."""
    place = np.linspace(0.0, 1.0, PLACES)[:, None]
    theta = (1.0 - place) * first[:, None] + place * second[:, None]
    value = landscape.value(theta.reshape(-1, theta.shape[-1])).reshape(len(first), PLACES)
    return np.asarray(value / trivial_loss(landscape))


def _twin(landscape: DeepNetwork, called: str, start: int, theta: Array, seed: int) -> Array:
    stream = seeds.generator(seed, "symmetry/twin", called, int(start))
    every = symmetries.arrangements(landscape.layout)
    return symmetries.permuted(landscape.layout, theta[None], every[int(stream.integers(1, len(every)))])


def _units(landscape: DeepNetwork, theta: Array) -> Array:
    """Incoming weights, bias and outgoing weights of every unit: [P] -> [units, inputs + 1 + C]."""
    first, last = (theta[block.offset : block.offset + block.size].reshape(block.shape) for block in landscape.layout)
    return np.concatenate([first, last[:, :-1].T], axis=1)
