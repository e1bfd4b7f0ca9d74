"""Building blocks of networks and what is said of their convexity (A8), products (A9), likelihoods (A10), centres (A13).

Functions of several values are tried value by value; one value above its chord is a violation. Where a block is convex in some
of its variables, the others are drawn anew for every segment. Sizes are ours: some variables each, enough for every sign of
every product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special

from stationary.experiments.convexity_trials import Case
from stationary.landscapes.activations import Array

ROWS, COLUMNS = 2, 3
"""Of the matrix A in Ax."""

KERNEL, SIGNAL = 3, 6
SIDE, WINDOW = 4, 2
"""Of the image and of the pooling windows."""

OBSERVATIONS, FEATURES = 8, 2
"""Of a logistic likelihood."""

CENTRES, POINTS = 4, 12
"""Of a radial-basis network, whose width is 1, and of its samples, which lie in the plane."""

NONE, SOME = {"jensen": "none"}, {"jensen": "some"}


def blocks() -> list[Case]:
    """A8: one case per building block; those that the claim calls convex expect no violation."""
    matrix, kernel = ROWS * COLUMNS, KERNEL
    return [
        Case("A8", "max(0, x)", 1, lambda x, _: np.maximum(x, 0.0), NONE),
        Case("A8", "log-sum-exp", 4, lambda x, _: scipy.special.logsumexp(x, axis=1), NONE),
        Case("A8", "max(f, g), f and g convex", 3, _maximum, NONE, draw=_two_quadratics),
        Case("A8", "Ax in A", matrix, lambda a, x: _product(a, x), NONE, draw=lambda g, n: g.standard_normal((n, COLUMNS))),
        Case("A8", "Ax in x", COLUMNS, lambda x, a: _product(a, x), NONE, draw=lambda g, n: g.standard_normal((n, matrix))),
        Case("A8", "Ax in (A, x)", matrix + COLUMNS, _joint_product, SOME),
        Case(
            "A8", "k * x in k", kernel, lambda k, x: _convolution(k, x), NONE, draw=lambda g, n: g.standard_normal((n, SIGNAL))
        ),
        Case(
            "A8", "k * x in x", SIGNAL, lambda x, k: _convolution(k, x), NONE, draw=lambda g, n: g.standard_normal((n, kernel))
        ),
        Case("A8", "k * x in (k, x)", kernel + SIGNAL, lambda p, _: _convolution(p[:, :kernel], p[:, kernel:]), SOME),
        Case("A8", "max pooling in its input", SIDE * SIDE, _pooling, NONE),
        Case("A8", "exp(q), q convex", 2, lambda x, _: np.exp(0.01 * (x * x).sum(axis=1)), NONE),
        Case("A8", "q^2, q = |x|^2 - 1 convex", 2, lambda x, _: ((x * x).sum(axis=1) - 1.0) ** 2, SOME),
    ]


@dataclass(frozen=True)
class Curved:
    """A smooth block with its Hessian in closed form.

    Attributes:
        name: of the block.
        n_parameters: P.
        hessian: [R, P] -> [R, P, P].
        expected: test -> ``none`` or ``some`` violations, by the mathematics.
        terms: size of the terms that are summed to form H, if they may cancel (docs/numerics.md).
    """

    name: str
    n_parameters: int
    hessian: Callable[[Array], Array]
    expected: dict[str, str]
    terms: float = 0.0


def curved_blocks() -> list[Curved]:
    """A8: the blocks whose Hessian is everywhere defined and not constant in sign by being zero."""
    exchange = np.kron(np.array([[0.0, 1.0], [1.0, 0.0]]), np.eye(COLUMNS))
    unit = np.eye(2)

    def log_sum_exp(x: Array) -> Array:
        p = scipy.special.softmax(x, axis=1)
        return p[:, :, None] * np.eye(x.shape[1]) - p[:, :, None] * p[:, None]

    def exponential(x: Array) -> Array:
        size = np.exp(0.01 * (x * x).sum(axis=1))[:, None, None]
        return size * (0.02 * unit + 4e-4 * x[:, :, None] * x[:, None])

    def square(x: Array) -> Array:
        inner = (x * x).sum(axis=1)[:, None, None] - 1.0
        return 4.0 * inner * unit + 8.0 * x[:, :, None] * x[:, None]

    return [
        Curved("log-sum-exp", 4, log_sum_exp, {"negative": "none"}, terms=1.0),
        Curved("Ax in (A, x)", 2 * COLUMNS, lambda x: np.tile(exchange, (len(x), 1, 1)), {"indefinite": "some"}),
        Curved("exp(q), q convex", 2, exponential, {"negative": "none"}),
        Curved("q^2, q = |x|^2 - 1 convex", 2, square, {"negative": "some"}),
    ]


def products() -> list[Case]:
    """A9: Ax in (A, x), a number times a number and a row times a column."""
    tests = {"quasi": "some", "jensen": "some"}
    return [
        Case("A9", "ax, one variable each", 2, lambda p, _: p[:, 0] * p[:, 1], tests),
        Case("A9", "Ax, 2 x 3", ROWS * COLUMNS + COLUMNS, _joint_product, tests),
    ]


def likelihoods() -> list[Case]:
    """A10: the logistic likelihood of random labels at random inputs, and minus its logarithm; a data set per segment."""

    def draw(generator: np.random.Generator, number: int) -> Array:
        signs = generator.choice([-1.0, 1.0], size=(number, OBSERVATIONS, 1))
        return signs * generator.standard_normal((number, OBSERVATIONS, FEATURES))

    def margins(w: Array, data: Array) -> Array:
        return np.matvec(data, w)

    both = {"jensen": "some", "concave": "some"}
    return [
        Case("A10", "likelihood", FEATURES, lambda w, d: scipy.special.expit(margins(w, d)).prod(axis=1), both, draw=draw),
        Case("A10", "log-likelihood", FEATURES, lambda w, d: -np.logaddexp(0.0, -margins(w, d)).sum(axis=1),
             {"concave": "none"}, draw=draw),
    ]  # fmt: skip


def radial_bases() -> list[Case]:
    """A13: half the mean squared error of sum_k a_k exp(-|x - c_k|^2 / 2), centres given or free; a problem per segment."""

    def problem(generator: np.random.Generator, number: int) -> tuple[Array, Array, Array]:
        x, centres = (generator.standard_normal((number, rows, 2)) for rows in (POINTS, CENTRES))
        return x, generator.standard_normal((number, POINTS)), centres

    def free(theta: Array, data: Any) -> Array:
        x, target, _ = data
        return _radial(theta[:, :CENTRES], theta[:, CENTRES:].reshape(-1, CENTRES, 2), x, target)

    return [
        Case("A13", "fixed centres", CENTRES, lambda a, d: _radial(a, d[2], d[0], d[1]), NONE, draw=problem),
        Case("A13", "free centres", 3 * CENTRES, free, SOME, draw=problem),
    ]


def _radial(weights: Array, centres: Array, x: Array, target: Array) -> Array:
    squares = ((x[:, :, None] - centres[:, None]) ** 2).sum(axis=3)
    return 0.5 * ((np.matvec(np.exp(-0.5 * squares), weights) - target) ** 2).mean(axis=1)


def _two_quadratics(generator: np.random.Generator, number: int) -> tuple[Array, Array]:
    """Factors F of F F^T, which is positive semidefinite, and slopes: [n, 2, 3, 3], [n, 2, 3]."""
    return generator.standard_normal((number, 2, 3, 3)), generator.standard_normal((number, 2, 3))


def _maximum(x: Array, data: Any) -> Array:
    factor, slope = data
    moved = np.vecmat(x[:, None], factor)
    return ((moved * moved).sum(axis=2) + (slope * x[:, None]).sum(axis=2)).max(axis=1)


def _product(a: Array, x: Array) -> Array:
    return np.matvec(a.reshape(-1, ROWS, COLUMNS), x)


def _joint_product(theta: Array, _: Any) -> Array:
    return _product(theta[:, : ROWS * COLUMNS], theta[:, ROWS * COLUMNS :])


def _convolution(kernel: Array, signal: Array) -> Array:
    """Without padding: [n, KERNEL], [n, SIGNAL] -> [n, SIGNAL - KERNEL + 1]."""
    windows = np.lib.stride_tricks.sliding_window_view(signal, kernel.shape[1], axis=1)
    return np.matvec(windows, kernel[:, ::-1])


def _pooling(image: Array, _: Any) -> Array:
    count = SIDE // WINDOW
    return image.reshape(-1, count, WINDOW, count, WINDOW).max(axis=(2, 4)).reshape(-1, count * count)
