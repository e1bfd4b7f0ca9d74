"""Minibatch SGD and Adam at several learning rates at once, all from one start and in one order of the samples.

Rows of the stack share their minibatches, so that rates are compared on the same noise; runs from other starts are given
streams of their own. At these sizes a step is a few products of small matrices, and importing Keras would cost more than all
steps of a run; both updates are tested against Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np

Array = Any


class Update(Protocol):
    """How gradients become steps; ``rates`` has one entry per row."""

    rates: Array

    def step(self, gradient: Array) -> Array:
        """What to subtract from theta: [K, P] -> [K, P]."""


class Sgd:
    """Step: rate times gradient, no momentum."""

    def __init__(self, rates: Sequence[float]) -> None:
        self.rates = np.asarray(rates, dtype=np.float64)

    def step(self, gradient: Array) -> Array:
        """What to subtract from theta: [K, P] -> [K, P]."""
        return self.rates[:, None] * gradient


class Adam:
    """Kingma and Ba 2015 (arXiv 1412.6980) with the constants of Keras: 0.9, 0.999, 1e-7 beside the corrected moment's root."""

    def __init__(self, rates: Sequence[float]) -> None:
        self.rates = np.asarray(rates, dtype=np.float64)
        self._count, self._mean, self._square = 0, 0.0, 0.0

    def step(self, gradient: Array) -> Array:
        """What to subtract from theta: [K, P] -> [K, P]."""
        self._count += 1
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._square = 0.999 * self._square + 0.001 * gradient * gradient
        corrected = self.rates[:, None] * np.sqrt(1.0 - 0.999**self._count) / (1.0 - 0.9**self._count)
        return corrected * self._mean / (np.sqrt(self._square) + 1e-7)


def descend(
    part: Callable[[Array], Any],
    samples: int,
    start: Array,
    updates: Sequence[Update],
    *,
    batch: int,
    epochs: int,
    stream: np.random.Generator,
) -> Iterator[Array]:
    """Walk from one start with every update and rate.

    Args:
        part: landscape of the samples with the given indices.
        samples: their number.
        start: [P].
        updates: K rates in all.
        batch: samples per step; the last step of an epoch takes what is left.
        epochs: passes over the samples.
        stream: draws a new order for each pass.

    Yields:
        the points after each epoch, [K, P], rows in the order of updates and rates; a run that diverged is no longer finite.
    """
    ends = np.cumsum([len(update.rates) for update in updates])
    theta = np.repeat(np.asarray(start, dtype=np.float64)[None], ends[-1], axis=0)
    for _ in range(epochs):
        order = stream.permutation(samples)
        with np.errstate(over="ignore", invalid="ignore"):
            for first in range(0, samples, batch):
                gradients = np.split(part(order[first : first + batch]).gradient(theta), ends[:-1])
                theta = theta - np.concatenate(
                    [update.step(gradient) for update, gradient in zip(updates, gradients, strict=True)]
                )
        yield theta
