"""Least squares on a linear functional of a network's output: regression and hard-boundary PINNs share it.

J(theta) = 1/2 mean_s (v_s - f_s)^2,  v_s = sum_k weight_k(x_s) d^k N / dx^k (x_s; theta).

Regression has the single weight 1; a second-order differential operator has three (Rowan 2025; references in docs/numerics.md).
Gradient: g = mean r dv; Hessian: H = mean dv dv^T + mean r d2v, the Gauss-Newton part and the residual curvature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.curvature import add_curvature, hessian_vector_product
from stationary.landscapes.network import Block, Network
from stationary.landscapes.shallow_curvature import shallow_hessian

CHUNK_BYTES = 4_000_000
"""Working set of one chunk of the stack: about the share of the last-level cache that a core can hope for."""

SHALLOW = 2
"""Hidden layers up to which plain regression takes the fast route."""


@dataclass(frozen=True, eq=False)
class LeastSquaresNetwork:
    """The landscape J over a stack of parameter vectors.

    Attributes:
        network: architecture and sample points.
        weights: channel weights of the functional, [C, S].
        target: right-hand side f, [1, S] shared, or [R, S], one per replica.
    """

    network: Network
    weights: Array
    target: Array

    @property
    def n_parameters(self) -> int:
        """P, the length of theta."""
        return self.network.n_parameters

    @property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        return self.network.layout

    def take(self, replicas: Array) -> LeastSquaresNetwork:
        """The landscape of some replicas (index array), for stacks that shrink as runs end."""
        return self if self.target.shape[0] == 1 else replace(self, target=self.target[replicas])

    def output(self, theta: Array, xp: Any = np) -> Array:
        """v at the samples: u for regression, L u for a PINN. [R, P] -> [R, S]."""
        jet = self.network.forward(theta, 0, xp).output
        return jet[:, 0] if self.weights.shape[0] == 1 else xp.sum(xp.asarray(self.weights) * jet, axis=1)

    def units(self, theta: Array) -> Array:
        """Last-layer units phi_k themselves: [R, P] -> [R, n, S]."""
        return np.asarray(self.network.forward(theta, 0).jets[-1].value[:, :, 0])

    def basis(self, theta: Array) -> Array:
        """What the output weights combine: phi_k, or L phi_k for a PINN. [R, P] -> [R, n, S]."""
        jet = self.network.forward(theta, 0).jets[-1].value
        return np.asarray((self.weights * jet).sum(axis=2))

    def value(self, theta: Array, xp: Any = np) -> Array:
        """J: [R, P] -> [R]."""
        residual = self.output(theta, xp) - xp.asarray(self.target)
        return 0.5 * xp.mean(residual * residual, axis=1)

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient from one forward and one backward sweep: [R], [R, P]."""
        forward = self.network.forward(theta, 1)
        residual = self._residual(forward.output)
        deltas, _ = self.network.backward(forward, self._seed(residual))
        return 0.5 / residual.shape[1] * np.vecdot(residual, residual), self.network.gradient(forward, deltas)

    def residual_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        """Residuals [R, S] and their derivatives [R, P, S], both divided by sqrt(S), so that J = 1/2 |r|^2, g = Jac r."""
        forward = self.network.forward(theta, 1)
        root = np.sqrt(self.network.x.size)
        deltas, _ = self.network.backward(forward, self.weights[None] / root)
        return self._residual(forward.output) / root, self.network.jacobian(forward, deltas)

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2, exact: [R, P] -> [R, P, P], symmetric to the last bit."""
        theta = np.asarray(theta, dtype=np.float64)
        parameters, points = self.n_parameters, self.network.x.size
        chunk = max(1, CHUNK_BYTES // (8 * parameters * (parameters + 2 * points * self.network.channels)))
        result = np.empty((theta.shape[0], parameters, parameters))
        for start in range(0, theta.shape[0], chunk):
            rows = np.arange(start, min(start + chunk, theta.shape[0]))
            self.take(rows)._hessian(theta[rows], out=result[rows[0] : rows[-1] + 1])
        return result

    def _hessian(self, theta: Array, out: Array) -> None:
        forward = self.network.forward(theta, 2)
        if self.network.channels == 1 and len(self.network.hidden) <= SHALLOW:
            shallow_hessian(self.network, forward, self._residual(forward.output), out)
            return
        root = np.sqrt(self.network.x.size)
        deltas, _ = self.network.backward(forward, self.weights[None] / root)
        jacobian = self.network.jacobian(forward, deltas)
        np.matmul(jacobian, jacobian.swapaxes(1, 2), out=out)  # NumPy calls syrk: half the work, exactly symmetric
        deltas, etas = self.network.backward(forward, self._seed(self._residual(forward.output)))
        add_curvature(out, self.network, forward, deltas, etas)

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector without the Hessian: [R, P], [R, P] -> [R, P]."""
        forward = self.network.forward(theta, 2)
        seed = self._seed(self._residual(forward.output))
        outer = self.weights[:, None] * self.weights[None] / self.network.x.size
        return hessian_vector_product(self.network, forward, seed, outer, vector)

    def gradient_scale(self, theta: Array) -> Array:
        """||dv/dtheta||_F ||f|| in mean norms, the scale that makes a gradient norm dimensionless: [R]."""
        _, jacobian = self.residual_and_jacobian(theta)
        return np.sqrt((jacobian * jacobian).sum(axis=(1, 2)) * self.target_square())

    def target_square(self) -> Array:
        """||f||^2 = mean f^2: [R] or [1]."""
        return (self.target * self.target).mean(axis=1)

    def _residual(self, output: Array) -> Array:
        return (output[:, 0] if len(self.weights) == 1 else (self.weights * output).sum(axis=1)) - self.target

    def _seed(self, residual: Array) -> Array:
        return self.weights * (residual / self.network.x.size)[:, None]
