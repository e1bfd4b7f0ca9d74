"""All critical points of a polynomial in two variables, by elimination and with proof.

With f_x and f_y over the rationals, their resultants eliminate one variable each, so that the coordinates of every critical
point are real roots of two polynomials in one variable (D. Cox, J. Little & D. O'Shea, Ideals, Varieties, and Algorithms,
4th ed. 2015, section 3.6). Arb isolates those roots (through python-flint). Each pair of them is then shown to be no critical
point, because a derivative's ball excludes zero, or to be exactly one: by exact arithmetic where both coordinates are
rational, by Krawczyk's test otherwise (R. Krawczyk, Computing 4, 187, 1969). No search is involved and none can be missed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mpoly_ctx, fmpz_poly

from stationary.landscapes.polynomials import Polynomial

Kind = Literal["minimum", "saddle", "maximum", "degenerate"]
_Terms = dict[tuple[int, ...], Any]

PRECISION = 400
"""Bits of the balls."""

LARGEST_DENOMINATOR = 1000
"""Coefficients are read as the simplest fractions that round to them, e.g. 1/3 from its double."""


@dataclass(frozen=True)
class CriticalPoint:
    """A critical point that is proved to be there.

    Attributes:
        x: first coordinate, rounded to double.
        y: second.
        kind: by the signs of the exact Hessian's determinant and trace; degenerate if the determinant is zero.
        rational: whether both coordinates are rational, and the point was checked in exact arithmetic.
    """

    x: float
    y: float
    kind: Kind
    rational: bool


def critical_points(function: Polynomial) -> list[CriticalPoint]:
    """All real critical points, ordered by x, then y.

    Args:
        function: one table of coefficients, whose entries are doubles of fractions with small denominators.

    Raises:
        ValueError: if a coefficient is no such double, if the critical points are not isolated, or if a pair of roots can be
            neither proved nor excluded (a degenerate point with an irrational coordinate).

    >>> from stationary.landscapes.polynomials import MONKEY_SADDLE
    >>> critical_points(MONKEY_SADDLE)
    [CriticalPoint(x=0.0, y=0.0, kind='degenerate', rational=True)]
    """
    variables = fmpq_mpoly_ctx.get(["x", "y"], "lex")
    polynomial = variables.from_dict(dict(_fractions(function.coefficients)))
    along_x, along_y = polynomial.derivative("x"), polynomial.derivative("y")
    with ctx.workprec(PRECISION):
        columns = _real_roots(along_x.resultant(along_y, "y"), 0)
        rows = _real_roots(along_x.resultant(along_y, "x"), 1)
        gradient: list[Any] = [along_x.to_dict(), along_y.to_dict()]
        hessian: list[list[Any]] = [[part.derivative(name).to_dict() for name in ("x", "y")] for part in (along_x, along_y)]
        found = [_at(gradient, hessian, (x, y)) for x in columns for y in rows]
    return sorted((point for point in found if point is not None), key=lambda point: (point.x, point.y))


def _fractions(coefficients: Any) -> _Terms:
    terms: _Terms = {}
    for exponents, coefficient in np.ndenumerate(coefficients):
        simple = Fraction(float(coefficient)).limit_denominator(LARGEST_DENOMINATOR)
        if float(simple) != coefficient:
            raise ValueError(f"{coefficient!r} is no double of a fraction with a denominator up to {LARGEST_DENOMINATOR}")
        if simple:
            terms[exponents[0], exponents[1]] = fmpq(simple.numerator, simple.denominator)
    return terms


def _real_roots(resultant: Any, variable: int) -> list[Any]:
    """Each distinct real root once: exact where it is rational, a ball otherwise."""
    terms = resultant.to_dict()
    if not terms:
        raise ValueError("the resultant vanishes: the critical points are not isolated")
    common = math.lcm(*(int(value.q) for value in terms.values()))
    whole = [0] * (1 + max(exponents[variable] for exponents in terms))
    for exponents, value in terms.items():
        whole[exponents[variable]] = int(value * common)
    roots: list[Any] = []
    factors: list[tuple[Any, int]] = fmpz_poly(whole).factor()[1]
    for factor, _ in factors:
        if factor.degree() == 1:
            roots.append(fmpq(-int(factor[0]), int(factor[1])))
        else:  # Arb gives a real root of a polynomial over the integers an imaginary part that is exactly zero
            roots += [root.real for root, _ in factor.complex_roots() if root.imag.is_zero()]
    return roots


def _at(gradient: Sequence[_Terms], hessian: Sequence[Sequence[_Terms]], point: tuple[Any, Any]) -> CriticalPoint | None:
    """The critical point at this pair of roots, or None if it is proved that there is none."""
    rational = all(isinstance(coordinate, fmpq) for coordinate in point)
    if rational:
        if any(_value(part, point) != 0 for part in gradient):
            return None
        place = point
    else:
        balls = (arb(point[0]), arb(point[1]))
        if any(not _value(part, balls).contains(0) for part in gradient):
            return None
        place = _krawczyk(gradient, hessian, balls)
    (xx, xy), (_, yy) = ([_value(part, place) for part in row] for row in hessian)
    return CriticalPoint(_double(point[0]), _double(point[1]), _kind(xx * yy - xy * xy, xx + yy), rational)


def _krawczyk(gradient: Sequence[_Terms], hessian: Sequence[Sequence[_Terms]], balls: tuple[arb, arb]) -> tuple[arb, arb]:
    """A box around the balls that holds exactly one critical point."""
    centre = tuple(ball.mid() for ball in balls)
    reach = arb(2) ** (-PRECISION // 4)
    box = tuple(middle + arb(0, reach) for middle in centre)
    inside = all(around.contains(ball) for around, ball in zip(box, balls, strict=True))
    inverse = arb_mat([[_value(part, centre) for part in row] for row in hessian])
    if inside and not inverse.det().contains(0):
        inverse = inverse.inv()
        slope = arb_mat([[_value(part, box) for part in row] for row in hessian])
        newton = inverse * arb_mat([[_value(part, centre)] for part in gradient])
        spread = (arb_mat([[1, 0], [0, 1]]) - inverse * slope) * arb_mat([[arb(0, reach)], [arb(0, reach)]])
        image = [centre[k] - newton[k, 0] + spread[k, 0] for k in range(2)]
        if all(around.contains_interior(part) for around, part in zip(box, image, strict=True)):
            return image[0], image[1]
    raise ValueError("a pair of roots can be neither proved nor excluded: degenerate, or too few bits")


def _kind(determinant: Any, trace: Any) -> Kind:
    if determinant < 0:
        return "saddle"
    if determinant > 0:
        return "minimum" if trace > 0 else "maximum"
    return "degenerate"


def _value(terms: _Terms, point: tuple[Any, ...]) -> Any:
    """A polynomial at exact numbers or balls."""
    total = fmpq(0)
    for (i, j), coefficient in terms.items():
        total = point[0] ** i * point[1] ** j * coefficient + total
    return total


def _double(root: Any) -> float:
    return int(root.p) / int(root.q) if isinstance(root, fmpq) else float(root.mid())
