"""Problems whose global minimum is known to be zero: how far below all that is found does it lie?

Students learn a teacher of their own kind, no wider than they are. Every student first goes a way with Adam from a random
start, then Levenberg-Marquardt finishes in float64.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.minima import TeacherCondition
from stationary.experiments.minima_tables import TEACHER
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.teacher_student import teacher_student
from stationary.methods.first_order import first_order
from stationary.methods.gauss_newton import levenberg_marquardt
from stationary.methods.result import Stopping

Array = Any

INPUTS = 6
SAMPLES = 200

FIRST_PHASE = Stopping(max_iterations=500, budget=500.0)
"""Adam's steps: past the plateau of the start."""

FINISH = Stopping(max_iterations=300, budget=450.0)
"""Levenberg-Marquardt's: a step costs a Jacobian and a value, 1.5."""


def run(condition: TeacherCondition) -> pa.Table:
    """Students of one width on every problem.

    Args:
        condition: widths, number of teachers and of starts.

    Returns:
        table of the schema ``TEACHER``, problem by problem.
    """
    parts = []
    with progress.bar(condition.problems * condition.starts, condition.name) as advance:
        for problem in range(condition.problems):
            landscape = _landscape(condition, problem)
            name, starts = f"{problem}-{condition.width}", range(condition.starts)
            draw = functools.partial(_start, landscape)
            theta = seeds.stack(condition.seed, "minima/student", name, starts, draw)
            parts.append(_fit(condition, problem, landscape, theta))
            advance(condition.starts)
    return tables.concat(parts)


def _landscape(condition: TeacherCondition, problem: int) -> DeepNetwork:
    """A teacher with standard normal parameters on standard normal inputs; the student's width does not enter the draw."""
    stream = seeds.generator(condition.seed, "minima/teacher", str(condition.teacher_width), problem)
    x = stream.normal(size=(SAMPLES, INPUTS))
    parameters = condition.teacher_width * (INPUTS + 2) + 1
    return teacher_student(x, stream.normal(size=parameters), condition.teacher_width, condition.width)


def _start(landscape: DeepNetwork, stream: np.random.Generator) -> Array:
    """+-1/sqrt(fan_in)."""
    draw = stream.uniform(-1.0, 1.0, size=landscape.n_parameters)
    hidden, output = landscape.layout
    draw[: hidden.size] /= np.sqrt(INPUTS)
    draw[output.offset :] /= np.sqrt(landscape.hidden[0])
    return draw


def _fit(condition: TeacherCondition, problem: int, landscape: DeepNetwork, theta: Array) -> pa.Table:
    with np.errstate(over="ignore", invalid="ignore"):
        near = first_order(landscape, theta, FIRST_PHASE, method="adam").theta
        result = levenberg_marquardt(landscape, near, FINISH)
        loss, gradient = landscape.value_and_gradient(result.theta)
    number = theta.shape[0]
    trivial = float(landscape.value(np.zeros((1, landscape.n_parameters)))[0])
    columns: dict[str, object] = {
        "width": [condition.width] * number,
        "teacher_width": [condition.teacher_width] * number,
        "seed": list(range(number)),
        "problem": [problem] * number,
        "termination": [str(code) for code in result.termination],
        "iterations": result.iterations,
        "loss": loss,
        "trivial_loss": [trivial] * number,
        "relative_loss": loss / trivial,
        "gradient_norm": np.linalg.norm(gradient, axis=1),
    }
    return tables.from_columns(columns, TEACHER)
