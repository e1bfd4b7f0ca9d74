"""Random trials of convexity: Jensen's inequality at midpoints, and inertia of exact Hessians.

f is convex only if f((a + b) / 2) <= (f(a) + f(b)) / 2 for all a, b; concave if the same holds of -f; quasi-convex only if
f((a + b) / 2) <= max(f(a), f(b)). One midpoint above the bound refutes; none in n trials bounds the share of such segments by
Clopper and Pearson, for the law of segments that was tried. That law is ours: directions normal, lengths log-uniform over two
decades, for each end on its own. The midpoint is rounded to one bit, its weights are exact.
Source: S. Boyd and L. Vandenberghe, Convex Optimization (2004), sections 3.1 and 3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import intervals, seeds, spectra

Array = Any
Row = dict[str, object]

CHUNK = 1000
"""Trials of one random stream, always drawn whole: a trial does not depend on how many are asked for."""

ROUNDING = 1e-12
"""Relative to 1 + max|f| over the three points: what rounding can do to an excess of sums of up to some hundred terms."""

LENGTHS = (-1.0, 1.0)
"""Decades between which the ends' lengths are log-uniform, in units of the square root of the dimension."""


@dataclass(frozen=True)
class Case:
    """A function that is tried.

    Attributes:
        claim: that it serves.
        name: of the function.
        size: variables.
        function: points [n, size] of the trials, the trials' own data -> values [n] or [n, m]; of m values each is tried and
            the worst one counts.
        expected: test -> ``none`` or ``some`` violations, by the mathematics.
        draw: the trials' own data, if they have any: generator, n -> anything that ``function`` takes.
        points: points of the trials, [n, size], if not by the common law: generator, n.
    """

    claim: str
    name: str
    size: int
    function: Callable[[Array, Any], Array]
    expected: dict[str, str]
    draw: Callable[[np.random.Generator, int], Any] | None = None
    points: Callable[[np.random.Generator, int], Array] | None = None


@dataclass(frozen=True)
class Segments:
    """The trials of a case: ends, [n, size], values at both and in the middle, [n, m], and the rounding bounds, [n, m]."""

    first: Array
    last: Array
    ends: tuple[Array, Array]
    middle: Array
    bound: Array


def random_points(generator: np.random.Generator, number: int, size: int) -> Array:
    """Points of the common law, [number, size]."""
    length = 10.0 ** generator.uniform(*LENGTHS, size=(number, 1))
    return np.asarray(length * generator.standard_normal((number, size)))


def chunks(number: int) -> Iterator[tuple[int, int]]:
    """Number of each chunk and how many of its trials count."""
    for chunk in range(-(-number // CHUNK)):
        yield chunk, min(CHUNK, number - chunk * CHUNK)


def segments(case: Case, chunk: int, kept: int, seed: int) -> Segments:
    """The first ``kept`` trials of one chunk: their ends [kept, size] and values [kept, m]."""
    stream = seeds.generator(seed, "convexity/segments", f"{case.claim} {case.name}", chunk)
    points = case.points or (lambda generator, number: random_points(generator, number, case.size))
    first, last = points(stream, CHUNK), points(stream, CHUNK)
    data = case.draw(stream, CHUNK) if case.draw else None
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        values = [_columns(case.function(theta, data))[:kept] for theta in (first, last, 0.5 * (first + last))]
        bound = ROUNDING * (1.0 + np.max(np.abs(values), axis=0))
    return Segments(first[:kept], last[:kept], (values[0], values[1]), values[2], bound)


def excess(found: Segments, test: str) -> Array:
    """How far the midpoint breaks the inequality of a test, [n, m]; NaN where a value overflowed."""
    one, other = found.ends
    with np.errstate(over="ignore", invalid="ignore"):
        if test == "quasi":
            return np.asarray(found.middle - np.maximum(one, other))
        above = found.middle - (0.5 * one + 0.5 * other)
    return np.asarray(-above if test == "concave" else above)


def trials(case: Case, number: int, seed: int) -> list[Row]:
    """Rows of the schema ``TRIALS``, one per test that the case names.

    A trial with a value that is not finite proves nothing and is no violation.

    Args:
        case: what is tried.
        number: of segments.
        seed: root seed.
    """
    tallies = {test: _Tally() for test in case.expected}
    for chunk, kept in chunks(number):
        found = segments(case, chunk, kept, seed)
        for test, tally in tallies.items():
            tally.add(excess(found, test), found.bound)
    return [tally.row(case.claim, case.name, test, case.expected[test]) for test, tally in tallies.items()]


def inertia(
    claim: str, name: str, landscape: Any, number: int, seed: int, expected: dict[str, str], terms: float = 0.0
) -> list[Row]:
    """Rows of the tests ``indefinite`` and ``negative``, as ``expected`` names them: signs of exact Hessians at random points.

    An eigenvalue counts beyond the rounding band, 10 P eps times ||H|| or ``terms``, whichever is larger: where a softmax is
    saturated, p - p^2 is what rounding leaves of terms of size one, and H is far smaller than the terms that it sums.

    Args:
        claim: for the row.
        name: for the row and the random stream.
        landscape: with ``hessian`` and ``n_parameters``.
        number: of points.
        seed: root seed.
        expected: test -> none or some.
        terms: bound on the norm of what is summed, or subtracted, to form H; 0 if nothing cancels.
    """
    tallies = {test: _Tally() for test in expected}
    floor = 10.0 * landscape.n_parameters * spectra.EPS * terms
    for chunk, kept in chunks(number):
        stream = seeds.generator(seed, "convexity/points", name, chunk)
        theta = random_points(stream, CHUNK, landscape.n_parameters)[:kept]
        eigenvalues = np.linalg.eigvalsh(landscape.hessian(theta))
        band = np.maximum(spectra.rounding_band(eigenvalues), floor)[:, None]
        size = {"negative": -eigenvalues[:, :1], "indefinite": np.minimum(-eigenvalues[:, :1], eigenvalues[:, -1:])}
        for test, tally in tallies.items():
            tally.add(size[test], band)
    return [tally.row(claim, name, test, expected[test]) for test, tally in tallies.items()]


class _Tally:
    """Violations so far, trial by trial."""

    def __init__(self) -> None:
        self.hits: list[Array] = []
        self.largest, self.bound = -np.inf, 0.0

    def add(self, excess: Array, bound: Array) -> None:
        """Count trials, [n, m] each: the worst of the m values counts."""
        finite = np.isfinite(excess) & np.isfinite(bound)
        self.hits.append((finite & (excess > bound)).any(axis=1))
        self.largest = max(self.largest, float(np.where(finite, excess, -np.inf).max()))
        self.bound = max(self.bound, float(np.where(finite, bound, 0.0).max()))

    def row(self, claim: str, name: str, test: str, expected: str) -> Row:
        return row(claim, name, test, expected, np.concatenate(self.hits), self.largest, self.bound)


def row(
    claim: str, name: str, test: str, expected: str, hits: Array, largest: float, bound: float, units: Array | None = None
) -> Row:
    """One row of the schema ``TRIALS``.

    Args:
        claim: for the row.
        name: of the case.
        test: of the schema's list.
        expected: none or some.
        hits: violations, [n].
        largest: excess.
        bound: largest rounding bound.
        units: independent function that each trial falls on, [n]; a single one if None.
    """
    found = intervals.share(hits)
    of_unit = np.zeros(hits.size, dtype=int) if units is None else units
    return {
        "claim": claim,
        "case": name,
        "test": test,
        "expected": expected,
        "trials": hits.size,
        "violations": int(hits.sum()),
        "largest": largest,
        "bound": bound,
        "units": np.unique(of_unit).size,
        "units_violated": np.unique(of_unit[hits]).size,
        "share": found.value,
        "ci_low": found.low,
        "ci_high": found.high,
    }


def _columns(values: Array) -> Array:
    return values[:, None] if values.ndim == 1 else values
