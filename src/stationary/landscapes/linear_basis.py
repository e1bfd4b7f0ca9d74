"""Least squares on a linear discretization: J = 1/2 mean_s (sum_k a_k psi_k(x_s) - f_s)^2.

The approximations form a subspace instead of a manifold, J is quadratic, and one exact Newton step from anywhere reaches the
least-squares solution (Rowan 2025, arXiv 2510.11987): the reference point for what Newton does to a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class LinearBasis:
    """The landscape J over a stack of coefficient vectors; make one with :func:`linear_basis`.

    Attributes:
        matrix: the basis functions, or a linear differential operator applied to them, on the grid, [S, n].
        target: f on the grid, [1, S] shared, or [R, S], one per replica.
    """

    matrix: Array
    target: Array

    @property
    def n_parameters(self) -> int:
        """P = n, the number of coefficients."""
        return int(self.matrix.shape[1])

    @property
    def layout(self) -> tuple[Block, ...]:
        """One block, the coefficients."""
        return (Block("coefficients", (1, self.n_parameters), 0),)

    def take(self, replicas: Array) -> LinearBasis:
        """The landscape of some replicas (index array)."""
        return self if self.target.shape[0] == 1 else replace(self, target=self.target[replicas])

    def output(self, theta: Array) -> Array:
        """u at the samples: [R, P] -> [R, S]."""
        # One product per replica, so that a replica's result does not depend on its stack.
        return (self.matrix @ np.asarray(theta, dtype=np.float64)[:, :, None])[:, :, 0]

    def basis(self, theta: Array) -> Array:
        """What the coefficients combine, whatever they are: [R, P] -> [R, n, S]."""
        return np.broadcast_to(self.matrix.T, (np.asarray(theta).shape[0], *self.matrix.T.shape))

    def value(self, theta: Array) -> Array:
        """J: [R, P] -> [R]."""
        return self.value_and_gradient(theta)[0]

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient: [R], [R, P]."""
        residual = self.output(theta) - self.target
        gradient = (self.matrix.T @ residual[:, :, None])[:, :, 0] / residual.shape[1]
        return 0.5 * (residual * residual).mean(axis=1), gradient

    def residual_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        """Residuals [R, S] and their derivatives [R, P, S], both divided by sqrt(S), so that J = 1/2 |r|^2, g = Jac r."""
        root = np.sqrt(self.matrix.shape[0])
        return (self.output(theta) - self.target) / root, self.basis(theta) / root

    def hessian(self, theta: Array) -> Array:
        """The Gram matrix of the basis, the same everywhere: [R, P] -> [R, P, P]."""
        gram = self.matrix.T @ self.matrix / self.matrix.shape[0]
        return np.tile(0.5 * (gram + gram.T), (np.asarray(theta).shape[0], 1, 1))

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, P], [R, P] -> [R, P]."""
        del theta  # the Hessian is the same everywhere
        return (self.matrix.T @ self.output(vector)[:, :, None])[:, :, 0] / self.matrix.shape[0]

    def gradient_scale(self, theta: Array) -> Array:
        """||du/dtheta||_F ||f|| in mean norms, the scale that makes a gradient norm dimensionless: [R]."""
        square = (self.matrix * self.matrix).sum() / self.matrix.shape[0]
        return np.asarray(np.sqrt(np.broadcast_to(square * self.target_square(), (np.asarray(theta).shape[0],))))

    def target_square(self) -> Array:
        """||f||^2 = mean f^2: [R] or [1]."""
        return (self.target * self.target).mean(axis=1)

    def solution(self) -> Array:
        """The least-squares coefficients of minimum norm, by singular values of the matrix: [R or 1, n]."""
        return np.asarray(scipy.linalg.lstsq(self.matrix, self.target.T)[0].T)


def linear_basis(matrix: Array, target: Array) -> LinearBasis:
    """The landscape of a linear discretization.

    Args:
        matrix: design matrix, [S, n], for instance from :func:`design`. For a linear differential equation pass the operator
            applied to each basis function.
        target: f on the grid, [S], or [R, S] for one per replica.

    >>> line = linear_basis(design("polynomial", np.linspace(0, 1, 5), 2), np.linspace(0, 1, 5))
    >>> float(line.value(line.solution())[0]) < 1e-30
    True
    """
    return LinearBasis(np.asarray(matrix, dtype=np.float64), np.atleast_2d(np.asarray(target, dtype=np.float64)))


def design(basis: str, x: Array, size: int) -> Array:
    """Basis functions on a grid in [0, 1], one per column: [S] -> [S, size].

    Args:
        basis: ``fourier`` (1, cos 2 pi x, sin 2 pi x, cos 4 pi x, ...), ``hat`` (piecewise linear on equal elements) or
            ``polynomial`` (Legendre, shifted to [0, 1]).
        x: grid, shape [S].
        size: number of basis functions, >= 1; a hat basis needs 2.

    Raises:
        ValueError: if the basis has no such name.
    """
    if basis not in BASES:
        raise ValueError(f"{basis!r} is not a linear basis. Use one of: {', '.join(BASES)}.")
    return BASES[basis](np.asarray(x, dtype=np.float64), size)


def _fourier(x: Array, size: int) -> Array:
    frequency = np.arange(1, size + 1) // 2
    angle = 2.0 * np.pi * frequency * x[:, None]
    return np.where(np.arange(size) % 2 == 1, np.cos(angle), np.where(frequency == 0, 1.0, np.sin(angle)))


def _hat(x: Array, size: int) -> Array:
    return np.maximum(0.0, 1.0 - np.abs(x[:, None] * (size - 1) - np.arange(size)))


def _polynomial(x: Array, size: int) -> Array:
    return np.polynomial.legendre.legvander(2.0 * x - 1.0, size - 1)


BASES: dict[str, Callable[[Array, int], Array]] = {"fourier": _fourier, "hat": _hat, "polynomial": _polynomial}
