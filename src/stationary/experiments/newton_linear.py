"""One Newton step on linear discretizations, where the loss is quadratic and the step must be exact (claim N7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import seeds, tables
from stationary.config.newton import NewtonSettings
from stationary.datasets.targets import target
from stationary.experiments.newton_tables import LINEAR
from stationary.landscapes.linear_basis import BASES, design, linear_basis
from stationary.methods.newton import newton
from stationary.methods.result import Stopping

Array = Any

TARGETS = ("sine", "sine_offset", "steep_tanh")
STARTS = 10


def run(settings: NewtonSettings, seed: int) -> pa.Table:
    """Every basis, size and target: the worst relative distance to the least-squares solution after one step.

    Args:
        settings: grid and sizes.
        seed: root seed of the starts.
    """
    x = np.linspace(0.0, 1.0, settings.nodes)
    rows: list[tuple[object, ...]] = []
    for basis in BASES:
        for size in settings.linear_sizes:
            matrix = design(basis, x, size)
            curvature = np.linalg.svd(matrix / np.sqrt(x.size), compute_uv=False) ** 2
            condition_number = float(curvature[0] / curvature[-1]) if curvature[-1] > 0 else np.inf
            start = seeds.stack(seed, "newton/linear", f"{basis}-{size}", range(STARTS), _normal(size))
            for name in TARGETS:
                landscape = linear_basis(matrix, target(name, x))
                # The error is that of u_1, whatever the loop calls the end: no second step is taken.
                result = newton(landscape, start, Stopping(max_iterations=1, budget=np.inf))
                exact = matrix @ landscape.solution()[0]
                error = np.linalg.norm(result.theta @ matrix.T - exact, axis=1).max() / np.linalg.norm(exact)
                rows.append((basis, size, name, condition_number, float(error)))
    return tables.from_columns(dict(zip(LINEAR.names, map(list, zip(*rows, strict=True)), strict=True)), LINEAR)


def _normal(size: int) -> Callable[[np.random.Generator], Array]:
    return lambda generator: generator.normal(size=size)
