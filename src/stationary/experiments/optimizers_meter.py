"""A landscape that notes what each run has spent when it first meets its target value."""

from __future__ import annotations

from typing import Any

import numpy as np

from stationary.methods.result import GRADIENT_COST, PRODUCT_COST, VALUE_COST

Array = Any


class Metered:
    """Passes all calls on and charges them, in gradient-equivalents.

    Args:
        landscape: of R runs.
        target: value that each run should reach, [R].

    ``cost_to_target`` is [R], NaN where the target was never met.
    """

    def __init__(self, landscape: Any, target: Array) -> None:
        self._landscape, self._target = landscape, target
        self._rows = np.arange(len(target))
        self._spent = np.zeros(len(target))
        self.cost_to_target = np.full(len(target), np.nan)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._landscape, name)

    def take(self, replicas: Array) -> Metered:
        """Some runs, with the same meters."""
        part = Metered.__new__(Metered)
        part._landscape, part._target = self._landscape.take(replicas), self._target
        part._rows, part._spent, part.cost_to_target = self._rows[replicas], self._spent, self.cost_to_target
        return part

    def value(self, theta: Array) -> Array:
        """[R, P] -> [R]."""
        return self._charged(self._landscape.value(theta), VALUE_COST)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """[R, P] -> [R], [R, P]."""
        value, gradient = self._landscape.value_and_gradient(theta)
        return self._charged(value, GRADIENT_COST), gradient

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector."""
        self._spent[self._rows] += PRODUCT_COST
        return self._landscape.hvp(theta, vector)

    def _charged(self, value: Array, cost: float) -> Array:
        self._spent[self._rows] += cost
        first = self._rows[(value <= self._target[self._rows]) & np.isnan(self.cost_to_target[self._rows])]
        self.cost_to_target[first] = self._spent[first]
        return value
