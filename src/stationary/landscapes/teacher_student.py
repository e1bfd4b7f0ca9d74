"""Least squares of a one-hidden-layer tanh network on vector inputs: a student that learns a teacher of its own kind.

u(x) = b + sum_k a_k tanh(w_k . x + c_k), J = 1/2 mean_s (u(x_s) - f_s)^2. Where f is such a network no wider than the student,
the attainable loss is zero. Theta holds ``hidden_1`` (n1, d + 1) and ``output`` (1, n1 + 1), row-major, biases last.
"""

from __future__ import annotations

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import SquaredError


def teacher_student(x: Array, teacher: Array, teacher_width: int, width: int) -> DeepNetwork:
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
    source = DeepNetwork(x, SquaredError(np.zeros((x.shape[0], 1))), (teacher_width,))
    target = source.output(np.asarray(teacher)[None])[0].T
    return DeepNetwork(x, SquaredError(target, weight=0.5), (width,))
