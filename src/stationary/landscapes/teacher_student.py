"""Least squares of a one-hidden-layer tanh network on vector inputs: a student that learns a teacher of its own kind.

u(x) = b + sum_k a_k tanh(w_k . x + c_k), J = 1/2 mean_s (u(x_s) - f_s)^2. Where f is such a network no wider than the student,
the attainable loss is zero. Theta holds ``hidden_1`` (n1, d + 1) and ``output`` (1, n1 + 1), row-major, biases last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.landscapes.activations import Array, derivatives
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class TeacherStudent:
    """The landscape J over a stack of students of one teacher.

    Attributes:
        x: inputs with a last row of ones, [d + 1, S].
        target: the teacher's outputs f, [S].
        width: the student's hidden units n1.
    """

    x: Array
    target: Array
    width: int

    @property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        hidden = Block("hidden_1", (self.width, self.x.shape[0]), 0)
        return hidden, Block("output", (1, self.width + 1), hidden.size)

    @property
    def n_parameters(self) -> int:
        """P = n1 (d + 1) + n1 + 1."""
        return sum(block.size for block in self.layout)

    def take(self, replicas: Array) -> TeacherStudent:  # noqa: ARG002 - all students have the same teacher
        """The landscape of some replicas: this one."""
        return self

    def output(self, theta: Array, xp: Any = np) -> Array:
        """u at the inputs: [R, P] -> [R, S]."""
        return self._forward(theta, 0, xp)[1]

    def value(self, theta: Array, xp: Any = np) -> Array:
        """J: [R, P] -> [R]."""
        residual = self.output(theta, xp) - xp.asarray(self.target)
        return 0.5 * xp.mean(residual * residual, axis=1)

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient: [R], [R, P]."""
        units, output = self._forward(theta, 1)
        residual = output - self.target
        weighted = residual[:, None] / self.target.size
        of_hidden = (self._outer(theta) * units[1] * weighted) @ self.x.T
        of_output = np.concatenate([(units[0] * weighted).sum(axis=2), weighted.sum(axis=2)], axis=1)
        gradient = np.concatenate([of_hidden.reshape(theta.shape[0], -1), of_output], axis=1)
        return 0.5 * (residual * residual).mean(axis=1), gradient

    def residual_and_jacobian(self, theta: Array) -> tuple[Array, Array]:
        """Residuals [R, S] and their derivatives [R, P, S], both divided by sqrt(S), so that J = 1/2 |r|^2, g = Jac r."""
        units, output = self._forward(theta, 1)
        root = np.sqrt(self.target.size)
        return (output - self.target) / root, self._jacobian(theta, units) / root

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2, exact: [R, P] -> [R, P, P], symmetric to the last bit."""
        units, output = self._forward(theta, 2)
        jacobian = self._jacobian(theta, units) / np.sqrt(self.target.size)
        result = np.asarray(jacobian @ jacobian.swapaxes(1, 2))
        weighted = (output - self.target)[:, None] / self.target.size
        rows, offset = self.x.shape[0], self.layout[1].offset
        # Only w_k with itself and with a_k: no other pair of parameters meets in one term of u.
        bent = np.einsum("rks,is,js->rkij", self._outer(theta) * units[2] * weighted, self.x, self.x, optimize=True)
        bent = 0.5 * (bent + bent.swapaxes(2, 3))
        tilted = (units[1] * weighted) @ self.x.T
        for unit in range(self.width):
            own = slice(unit * rows, (unit + 1) * rows)
            result[:, own, own] += bent[:, unit]
            result[:, own, offset + unit] += tilted[:, unit]
            result[:, offset + unit, own] += tilted[:, unit]
        return result

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector without the Hessian: [R, P], [R, P] -> [R, P]."""
        units, output = self._forward(theta, 2)
        jacobian = self._jacobian(theta, units)
        weighted = (output - self.target)[:, None] / self.target.size
        result = np.matvec(jacobian, np.vecmat(vector, jacobian)) / self.target.size
        hidden, outer = self._unpack(vector)
        reach = hidden @ self.x
        bent = (self._outer(theta) * units[2] * reach + units[1] * outer[:, 0, :-1, None]) * weighted
        result[:, : self.layout[0].size] += (bent @ self.x.T).reshape(theta.shape[0], -1)
        result[:, self.layout[1].offset : -1] += (units[1] * reach * weighted).sum(axis=2)
        return np.asarray(result)

    def gradient_scale(self, theta: Array) -> Array:
        """||du/dtheta||_F ||f|| in mean norms, the scale that makes a gradient norm dimensionless: [R]."""
        _, jacobian = self.residual_and_jacobian(theta)
        return np.sqrt((jacobian * jacobian).sum(axis=(1, 2)) * self.target_square())

    def target_square(self) -> Array:
        """||f||^2 = mean f^2, twice the loss of the zero function: [1]."""
        return np.array([(self.target * self.target).mean()])

    def _unpack(self, theta: Array, xp: Any = np) -> list[Array]:
        return [xp.reshape(theta[:, b.offset : b.offset + b.size], (-1, *b.shape)) for b in self.layout]

    def _outer(self, theta: Array) -> Array:
        """The weights a_k, [R, n1, 1]."""
        return self._unpack(theta)[1][:, 0, :-1, None]

    def _forward(self, theta: Array, order: int, xp: Any = np) -> tuple[list[Array], Array]:
        """Units and their derivatives up to ``order``, each [R, n1, S], and the output, [R, S]."""
        hidden, outer = self._unpack(theta, xp)
        units = derivatives("tanh", xp.matmul(hidden, xp.asarray(self.x)), order, xp)
        return units, xp.matmul(outer[:, :, :-1], units[0])[:, 0] + outer[:, 0, -1:]

    def _jacobian(self, theta: Array, units: list[Array]) -> Array:
        """du/dtheta, [R, P, S]."""
        replicas, samples = theta.shape[0], self.target.size
        slopes = self._outer(theta) * units[1]
        of_hidden = (slopes[:, :, None] * self.x).reshape(replicas, -1, samples)
        return np.concatenate([of_hidden, units[0], np.ones((replicas, 1, samples))], axis=1)


def teacher_student(x: Array, teacher: Array, teacher_width: int, width: int) -> TeacherStudent:
    """Students of a width that fit a teacher's outputs.

    Args:
        x: inputs, [S, d].
        teacher: the teacher's theta, [P of its width].
        teacher_width: the teacher's hidden units.
        width: the students' hidden units.

    >>> landscape = teacher_student(np.ones((4, 2)), np.zeros(5), 1, 3)
    >>> landscape.n_parameters, landscape.value(np.zeros((2, 13))).tolist()
    (13, [0.0, 0.0])
    """
    inputs = np.concatenate([x.T, np.ones((1, x.shape[0]))])
    source = TeacherStudent(inputs, np.zeros(x.shape[0]), teacher_width)
    return TeacherStudent(inputs, source.output(teacher[None])[0], width)
