"""What a run has spent, in gradient-equivalents, when it meets which value: a landscape that charges its calls, and who keeps
the record.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from stationary.methods.result import GRADIENT_COST, PRODUCT_COST, VALUE_COST

Array = Any


class Record(Protocol):
    """What is told of every value of R runs."""

    runs: int

    def note(self, rows: Array, spent: Array | float, values: Array) -> None:
        """Runs with the numbers ``rows``, [k], have spent [k] and stand at values [k]; a run never spends less than before."""


class Meeting:
    """What each run has spent when it first meets a target that is known beforehand.

    Args:
        target: value that each run should reach, [R].

    ``cost`` is [R], in gradient-equivalents, NaN where the target was never met.
    """

    def __init__(self, target: Array) -> None:
        self.runs, self._target = len(target), target
        self.cost = np.full(len(target), np.nan)

    def note(self, rows: Array, spent: Array | float, values: Array) -> None:
        """See :class:`Record`."""
        met = (values <= self._target[rows]) & np.isnan(self.cost[rows])
        self.cost[rows[met]] = np.broadcast_to(spent, len(rows))[met]


class Trace:
    """All values of R runs, for a target that is known only once every run is done.

    >>> trace = Trace(2)
    >>> trace.note(np.array([0, 1]), 1.0, np.array([5.0, 4.0]))
    >>> trace.note(np.array([0]), np.array([3.0]), np.array([2.0]))
    >>> trace.lowest().tolist(), trace.cost_to(3.0).tolist()
    ([2.0, 4.0], [3.0, nan])
    """

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self._notes: list[tuple[Array, Array, Array]] = []

    def note(self, rows: Array, spent: Array | float, values: Array) -> None:
        """See :class:`Record`."""
        self._notes.append((np.array(rows), np.array(np.broadcast_to(spent, len(rows)), dtype=np.float64), np.array(values)))

    def lowest(self) -> Array:
        """Lowest value of each run, [R]; infinite for one that has none."""
        rows, _, values = self._joined()
        lowest = np.full(self.runs, np.inf)
        np.fmin.at(lowest, rows, values)
        return lowest

    def cost_to(self, target: float) -> Array:
        """What each run has spent when it first meets the target, [R], NaN where it never does."""
        rows, spent, values = self._joined()
        met = values <= target
        first = np.full(self.runs, np.inf)
        np.minimum.at(first, rows[met], spent[met])
        return np.where(np.isfinite(first), first, np.nan)

    def _joined(self) -> list[Array]:
        return [np.concatenate(column) for column in zip(*self._notes, strict=True)]


class Metered:
    """A landscape that passes all calls on, charges them, and has every value recorded.

    Args:
        landscape: of R runs.
        record: kept over all parts that :meth:`take` makes.
    """

    def __init__(self, landscape: Any, record: Record) -> None:
        self._landscape, self._record = landscape, record
        self._rows = np.arange(record.runs)
        self._spent = np.zeros(record.runs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._landscape, name)

    def take(self, replicas: Array) -> Metered:
        """Some runs, [k] of them by their places here, with the same meters."""
        part = Metered.__new__(Metered)
        part._landscape, part._record = self._landscape.take(replicas), self._record
        part._rows, part._spent = self._rows[replicas], self._spent
        return part

    def value(self, theta: Array) -> Array:
        """[R, P] -> [R]."""
        return self._charged(self._landscape.value(theta), VALUE_COST)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """[R, P] -> [R], [R, P]."""
        value, gradient = self._landscape.value_and_gradient(theta)
        return self._charged(value, GRADIENT_COST), gradient

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, P], [R, P] -> [R, P]."""
        self._spent[self._rows] += PRODUCT_COST
        return self._landscape.hvp(theta, vector)

    def _charged(self, value: Array, cost: float) -> Array:
        self._spent[self._rows] += cost
        self._record.note(self._rows, self._spent[self._rows], value)
        return value
