"""Curves that the figures of the experiment on convexity show: f along one violating segment (A3, A9), and A12's functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from stationary.config.convexity import ConvexitySettings
from stationary.experiments import convexity_blocks, convexity_networks
from stationary.experiments.convexity_trials import CHUNK, Case, Row, excess, segments

Array = Any

PLACES = 101
PERIODS = 10

EXTREMA: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array], float, float]] = {
    "x^2": (np.square, lambda x: 2.0 * x, -10.0, 10.0),
    "-x^2": (lambda x: -np.square(x), lambda x: -2.0 * x, -10.0, 10.0),
    "sin x": (np.sin, np.cos, 0.0, 2.0 * np.pi * PERIODS),
}
"""A12: function, derivative, ends of the interval; the sine has ten periods."""

FINE = 2000
"""Places of A12's curves, at the middles of as many intervals, so that none falls on an extremum."""


def extrema(derivative: Array) -> int:
    """Sign changes of a derivative's values [n] along a line; zeros between are passed over.

    >>> extrema(np.array([-1.0, -0.5, 0.0, 0.5, -0.5]))
    2
    """
    signs = np.sign(derivative)
    signs = signs[signs != 0]
    return int((signs[1:] != signs[:-1]).sum())


def rows(settings: ConvexitySettings, seed: int) -> Iterator[Row]:
    """Rows of the schema ``CURVES``."""
    for name, network in convexity_networks.linear_networks(settings, seed).items():
        case = convexity_networks.case("A3", name, network, {})
        yield from _worst_segment(case, "jensen", seed)
    yield from _worst_segment(convexity_blocks.products()[0], "quasi", seed)
    for name, (function, derivative, low, high) in EXTREMA.items():
        x = low + (high - low) * (np.arange(FINE) + 0.5) / FINE
        for columns in zip(x, function(x), derivative(x), strict=True):
            yield _row("A12", name, *columns)


def _worst_segment(case: Case, test: str, seed: int) -> Iterator[Row]:
    """f along the segment of the first chunk whose midpoint lies farthest above, relative to the spread of f on it."""
    found = segments(case, 0, CHUNK, seed)
    spread = np.abs(found.middle) + np.abs(found.ends[0]) + np.abs(found.ends[1])
    worst = int(np.argmax((excess(found, test) / spread)[:, 0]))
    place = np.linspace(0.0, 1.0, PLACES)
    value = case.function(found.first[worst] + place[:, None] * (found.last[worst] - found.first[worst]), None)
    one, other = value[0], value[-1]
    chord = one + place * (other - one) if test == "jensen" else np.full(PLACES, max(one, other))
    for columns in zip(place, value, chord, strict=True):
        yield _row(case.claim, case.name, *columns)


def _row(claim: str, name: str, position: float, value: float, reference: float) -> Row:
    numbers = {"position": float(position), "value": float(value), "reference": float(reference)}
    return {"claim": claim, "case": name, **numbers}
