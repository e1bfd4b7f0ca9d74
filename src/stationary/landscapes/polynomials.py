"""Functions of two variables with exact derivatives, in the landscape protocol: saddles, a degenerate one, a flat gradient.

A polynomial is its table of coefficients, c[i, j] of x^i y^j; its derivatives are tables as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import polynomial

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class Polynomial:
    """The landscape sum_ij c[i, j] x^i y^j over points (x, y).

    Attributes:
        coefficients: c, [degree in x + 1, degree in y + 1].

    >>> bowl = Polynomial(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]]))  # 3x^2 + y^2
    >>> bowl.value(np.array([[1.0, 2.0]])).tolist(), bowl.gradient(np.array([[1.0, 2.0]])).tolist()
    ([7.0], [[6.0, 4.0]])
    """

    coefficients: Array

    @property
    def n_parameters(self) -> int:
        """P = 2."""
        return 2

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, the point itself."""
        return (Block("point", (2,), 0),)

    def take(self, replicas: Array) -> Polynomial:  # noqa: ARG002
        """The landscape of some replicas: itself."""
        return self

    def value(self, theta: Array) -> Array:
        """[R, 2] -> [R]."""
        return _at(self.coefficients, theta)

    def gradient(self, theta: Array) -> Array:
        """[R, 2] -> [R, 2]."""
        return np.stack([_at(table, theta) for table in self._first], axis=1)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Both: [R], [R, 2]."""
        return self.value(theta), self.gradient(theta)

    def hessian(self, theta: Array) -> Array:
        """[R, 2] -> [R, 2, 2]."""
        xx, xy, yy = (_at(table, theta) for table in self._second)
        return np.stack([xx, xy, xy, yy], axis=1).reshape(-1, 2, 2)

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, 2], [R, 2] -> [R, 2]."""
        return np.asarray(np.matvec(self.hessian(theta), vector))

    def gradient_scale(self, theta: Array) -> Array:
        """What a small gradient is small against, [R]: one, since the coefficients here are of order one."""
        return np.ones(len(theta))

    @cached_property
    def _first(self) -> tuple[Array, Array]:
        return _derivative(self.coefficients, 0), _derivative(self.coefficients, 1)

    @cached_property
    def _second(self) -> tuple[Array, Array, Array]:
        along_x, along_y = self._first
        return _derivative(along_x, 0), _derivative(along_x, 1), _derivative(along_y, 1)


def polynomial_of(terms: Mapping[tuple[int, int], float]) -> Polynomial:
    """From coefficients by exponents: ``{(2, 0): 5.0, (0, 2): -1.0}`` is 5x^2 - y^2."""
    coefficients = np.zeros(np.max(list(terms), axis=0) + 1)
    for exponents, coefficient in terms.items():
        coefficients[exponents] = coefficient
    return Polynomial(coefficients)


PLAIN_SADDLE = polynomial_of({(2, 0): 5.0, (0, 2): -1.0})
"""5x^2 - y^2: one critical point, a strict saddle (Dauphin et al. 2014, figure 2)."""

MONKEY_SADDLE = polynomial_of({(3, 0): 1.0, (1, 2): -3.0})
"""x^3 - 3xy^2: one critical point, the origin, where the Hessian vanishes."""

FRYE_QUARTIC = polynomial_of({(4, 0): 0.25, (2, 0): -3.0, (1, 0): 9.0, (0, 4): 0.9, (0, 2): 5.0, (0, 0): 40.0})
"""x^4/4 - 3x^2 + 9x + 0.9y^4 + 5y^2 + 40: critical at (-3, 0) alone, a minimum; at (sqrt 2, 0) the gradient is flat, and its
norm has a local minimum (Frye et al. 2021, arXiv 2003.10397)."""

FUNCTIONS = {"5x^2 - y^2": PLAIN_SADDLE, "monkey_saddle": MONKEY_SADDLE, "frye_quartic": FRYE_QUARTIC}
"""By the names that tables use."""


def _at(coefficients: Array, theta: Array) -> Array:
    return np.asarray(polynomial.polyval2d(theta[:, 0], theta[:, 1], coefficients))


def _derivative(coefficients: Array, axis: int) -> Array:
    return np.asarray(polynomial.polyder(coefficients, axis=axis))
