"""Functions of two variables with exact derivatives, in the landscape protocol: saddles, wells, a plateau, cliffs.

A polynomial is its table of coefficients, c[i, j] of x^i y^j; its derivatives are tables as well. A stack of replicas may hold
one table or a table per replica.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial import polynomial

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class Polynomial:
    """The landscape sum_ij c[i, j] x^i y^j over points (x, y).

    Attributes:
        coefficients: c, [degree in x + 1, degree in y + 1], shared; or [R, ., .], one function per replica.

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

    def take(self, replicas: Array) -> Polynomial:
        """The landscape of some replicas (index array): itself if the function is shared."""
        return self if self.coefficients.ndim == 2 else Polynomial(self.coefficients[replicas])

    def value(self, theta: Array, xp: Any = np) -> Array:
        """[R, 2] -> [R]; ``xp`` is NumPy or TensorFlow's interface of that name."""
        return _at(self.coefficients, theta, xp)

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
        return _derivative(self.coefficients, -2), _derivative(self.coefficients, -1)

    @cached_property
    def _second(self) -> tuple[Array, Array, Array]:
        along_x, along_y = self._first
        return _derivative(along_x, -2), _derivative(along_x, -1), _derivative(along_y, -1)


def polynomial_of(terms: Mapping[tuple[int, int], float]) -> Polynomial:
    """From coefficients by exponents: ``{(2, 0): 5.0, (0, 2): -1.0}`` is 5x^2 - y^2."""
    coefficients = np.zeros(np.max(list(terms), axis=0) + 1)
    for exponents, coefficient in terms.items():
        coefficients[exponents] = coefficient
    return Polynomial(coefficients)


def stack_of(functions: Sequence[Polynomial], counts: Sequence[int]) -> Polynomial:
    """Several functions side by side in one stack, each for its own number of replicas, in the given order.

    >>> stack_of([PLAIN_SADDLE, MONKEY_SADDLE], [1, 2]).value(np.ones((3, 2))).tolist()
    [4.0, -2.0, -2.0]
    """
    shape = np.max([function.coefficients.shape for function in functions], axis=0)
    padded = np.zeros((len(functions), *shape))
    for table, function in zip(padded, functions, strict=True):
        rows, columns = function.coefficients.shape
        table[:rows, :columns] = function.coefficients
    return Polynomial(np.repeat(padded, counts, axis=0))


PLAIN_SADDLE = polynomial_of({(2, 0): 5.0, (0, 2): -1.0})
"""5x^2 - y^2: one critical point, a strict saddle (Dauphin et al. 2014, figure 2)."""

MONKEY_SADDLE = polynomial_of({(3, 0): 1.0, (1, 2): -3.0})
"""x^3 - 3xy^2: one critical point, the origin, where the Hessian vanishes."""

FRYE_QUARTIC = polynomial_of({(4, 0): 0.25, (2, 0): -3.0, (1, 0): 9.0, (0, 4): 0.9, (0, 2): 5.0, (0, 0): 40.0})
"""x^4/4 - 3x^2 + 9x + 0.9y^4 + 5y^2 + 40: critical at (-3, 0) alone, a minimum; at (sqrt 2, 0) the gradient is flat, and its
norm has a local minimum (Frye et al. 2021, arXiv 2003.10397)."""

HIMMELBLAU = polynomial_of(
    {(4, 0): 1, (0, 4): 1, (2, 1): 2, (1, 2): 2, (2, 0): -21, (0, 2): -13, (1, 0): -14, (0, 1): -22, (0, 0): 170}
)
"""(x^2 + y - 11)^2 + (x + y^2 - 7)^2: four minima of the value 0 (Himmelblau 1972, Applied Nonlinear Programming)."""

SIX_HUMP_CAMEL = polynomial_of({(2, 0): 4.0, (4, 0): -2.1, (6, 0): 1.0 / 3.0, (1, 1): 1.0, (0, 2): -4.0, (0, 4): 4.0})
"""4x^2 - 2.1x^4 + x^6/3 + xy - 4y^2 + 4y^4: six minima, two of them global (Dixon & Szego 1978, Towards Global
Optimisation 2)."""

TILTED_DOUBLE_WELL = polynomial_of({(4, 0): 3.0, (3, 0): 4.0, (2, 0): -12.0, (0, 2): 12.0})
"""3x^4 + 4x^3 - 12x^2 + 12y^2: minima at (1, 0), value -5, and (-2, 0), value -32. Ours, as the two below."""

PLATEAU = polynomial_of({(6, 0): 1.0 / 6.0, (5, 0): -0.4, (0, 2): 0.5})
"""x^6/6 - 2x^5/5 + y^2/2: a minimum at (2, 0), value -32/15, and at the origin a plateau on which the gradient is 2x^4."""

CLIFFS = polynomial_of({(4, 0): 51.5, (2, 1): -100.0, (0, 2): 50.0, (3, 0): 2.0, (2, 0): -6.0})
"""50(y - x^2)^2 + (3x^4 + 4x^3 - 12x^2)/2: a bent valley between walls a thousand times as steep as its floor, with minima at
(1, 1), value -2.5, and (-2, 4), value -16."""

FUNCTIONS = {"5x^2 - y^2": PLAIN_SADDLE, "monkey_saddle": MONKEY_SADDLE, "frye_quartic": FRYE_QUARTIC}
"""The toys of the saddle experiment, by the names that tables use."""

BOUNDED = {
    "himmelblau": HIMMELBLAU,
    "six_hump_camel": SIX_HUMP_CAMEL,
    "tilted_double_well": TILTED_DOUBLE_WELL,
    "plateau": PLATEAU,
    "cliffs": CLIFFS,
}
"""Functions with a global minimum, by the names that tables use."""


def _at(coefficients: Array, theta: Array, xp: Any = np) -> Array:
    """Horner's rule in y of Horner's rules in x; columns of zeros cost nothing."""
    x, y = theta[:, 0], theta[:, 1]
    total = xp.zeros_like(x)
    for column in np.moveaxis(coefficients, -1, 0)[::-1]:
        total = total * y
        if not column.any():
            continue
        inner = xp.zeros_like(x)
        for power in np.moveaxis(column, -1, 0)[::-1]:
            inner = inner * x + power
        total = total + inner
    return np.asarray(total) if xp is np else total


def _derivative(coefficients: Array, axis: int) -> Array:
    return np.asarray(polynomial.polyder(coefficients, axis=axis))
