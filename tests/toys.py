"""Small landscapes with known answers, in the landscape protocol, for crossing methods with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Toy:
    """f with gradient and Hessian written by hand; every function takes points [R, P]."""

    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    n_parameters: int

    def value_and_gradient(self, theta):
        return self.value(theta), self.gradient(theta)

    def hvp(self, theta, vector):
        return np.matvec(self.hessian(theta), vector)

    def take(self, _):
        return self

    def gradient_scale(self, theta):
        return np.ones(theta.shape[0])

    def target_square(self):
        return np.ones(1)


def quadratic(eigenvalues, seed=0):
    """1/2 (x - c)' H (x - c) with these eigenvalues in a random basis; returns the toy and c."""
    generator = np.random.default_rng(seed)
    size = len(eigenvalues)
    basis = np.linalg.qr(generator.normal(size=(size, size)))[0]
    matrix, centre = (basis * eigenvalues) @ basis.T, generator.normal(size=size)
    toy = Toy(
        lambda x: 0.5 * ((x - centre) @ matrix * (x - centre)).sum(axis=1),
        lambda x: (x - centre) @ matrix,
        lambda x: np.broadcast_to(0.5 * (matrix + matrix.T), (x.shape[0], size, size)),
        size,
    )
    return toy, centre


def decay():
    """exp(-x): no critical point but at infinity; Newton's step is 1 everywhere."""
    return Toy(lambda x: np.exp(-x[:, 0]), lambda x: -np.exp(-x), lambda x: np.exp(-x)[:, :, None], 1)


def tilted_valley(slope=1e-3):
    """x^2 / 2 + slope y: the Hessian is blind to y, where the gradient is."""
    return Toy(
        lambda x: 0.5 * x[:, 0] ** 2 + slope * x[:, 1],
        lambda x: np.stack([x[:, 0], np.full(x.shape[0], slope)], axis=1),
        lambda x: np.broadcast_to(np.diag([1.0, 0.0]), (x.shape[0], 2, 2)),
        2,
    )


def rosenbrock():
    """(1 - x)^2 + 100 (y - x^2)^2, one minimum at (1, 1); also a least-squares problem for SciPy."""

    def gradient(x):
        a, b = x[:, 0], x[:, 1]
        return np.stack([-2 * (1 - a) - 400 * a * (b - a**2), 200 * (b - a**2)], axis=1)

    def hessian(x):
        a, b = x[:, 0], x[:, 1]
        off = -400 * a
        return np.moveaxis(np.array([[2 - 400 * b + 1200 * a**2, off], [off, np.full_like(a, 200.0)]]), 2, 0)

    return Toy(lambda x: (1 - x[:, 0]) ** 2 + 100 * (x[:, 1] - x[:, 0] ** 2) ** 2, gradient, hessian, 2)


def gradient_flat_quartic():
    """x^4/4 - 3x^2 + 9x + 0.9y^4 + 5y^2 + 40: critical at (-3, 0) alone; at (sqrt 2, 0) the gradient is flat (Frye et al.)."""

    def hessian(p):
        x, y = p[:, 0], p[:, 1]
        return np.moveaxis(np.array([[3 * x**2 - 6, 0 * x], [0 * x, 10.8 * y**2 + 10]]), 2, 0)

    return Toy(
        lambda p: p[:, 0] ** 4 / 4 - 3 * p[:, 0] ** 2 + 9 * p[:, 0] + 0.9 * p[:, 1] ** 4 + 5 * p[:, 1] ** 2 + 40,
        lambda p: np.stack([p[:, 0] ** 3 - 6 * p[:, 0] + 9, 3.6 * p[:, 1] ** 3 + 10 * p[:, 1]], axis=1),
        hessian,
        2,
    )
