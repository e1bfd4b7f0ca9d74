"""How closely a network with one hidden layer fits each smooth target of the Newton experiment, by width (claim C5).

Levenberg-Marquardt from many starts, tanh, output without bias, as in that experiment's main condition; the best start of a
width counts. All targets of a width share one stack and one set of starts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.optimizers import OptimizerSettings
from stationary.datasets import targets
from stationary.experiments.newton_problem import FINER
from stationary.experiments.optimizers_tables import WIDTHS
from stationary.landscapes.mlp_regression import mlp_regression
from stationary.methods.gauss_newton import levenberg_marquardt
from stationary.methods.result import Stopping

Array = Any

FIXED = ("sine", "sine_offset", "steep_tanh", "high_frequency")
"""Targets without a draw; all targets of the Newton experiment are smooth."""


def run(settings: OptimizerSettings, *, nodes: int, band_limit: int, seed: int) -> pa.Table:
    """All targets at all widths: a table of the schema ``WIDTHS``.

    Args:
        settings: widths, starts, iterations, draws of the random target.
        nodes: on [0, 1], as in the Newton experiment.
        band_limit: modes of the random target.
        seed: root seed.
    """
    draws = range(settings.random_targets)
    coefficients = seeds.stack(
        seed,
        "newton/target",
        "regression",
        draws,
        lambda generator: targets.draw_coefficients(generator, band_limit=band_limit),
    )
    with progress.bar(len(settings.widths), "widths", unit="widths") as advance:
        parts = []
        for width in settings.widths:
            parts.append(_width(width, coefficients, settings, nodes, seed))
            advance(1)
    return tables.concat(parts)


def _width(width: int, coefficients: Array, settings: OptimizerSettings, nodes: int, seed: int) -> pa.Table:
    names = [*FIXED, *(f"band_limited {draw}" for draw in range(len(coefficients)))]
    starts = settings.width_starts
    coarse, fine = (_functions(np.linspace(0.0, 1.0, size), coefficients) for size in (nodes, FINER * (nodes - 1) + 1))
    landscape = _landscape(width, np.repeat(coarse, starts, axis=0))
    # Fan-in of the hidden layer is 1, of the output the width: the Newton experiment's start.
    bound = np.repeat([1.0, 1.0 / np.sqrt(width)], [2 * width, width])
    one = seeds.stack(
        seed, "optimizers/width_start", str(width), range(starts), lambda generator: generator.uniform(-bound, bound)
    )
    theta = np.tile(one, (len(names), 1))
    with np.errstate(over="ignore", invalid="ignore"):
        end = levenberg_marquardt(landscape, theta, Stopping(settings.width_iterations, np.inf))
        errors = [
            np.sqrt(2.0 * here.value(end.theta) / here.target_square())
            for here in (landscape, _landscape(width, np.repeat(fine, starts, axis=0)))
        ]
    columns: dict[str, object] = {
        "target": np.repeat(names, starts).tolist(),
        "width": np.full(len(theta), width),
        "start": np.tile(np.arange(starts), len(names)),
        "termination": [str(code) for code in end.termination],
        "iterations": end.iterations,
        "relative_error": errors[0],
        "relative_error_fine": errors[1],
    }
    return tables.from_columns(columns, WIDTHS)


def _functions(x: Array, coefficients: Array) -> Array:
    """[targets, S]."""
    return np.concatenate(
        [np.stack([targets.target(name, x) for name in FIXED]), targets.target("band_limited", x, coefficients)]
    )


def _landscape(width: int, functions: Array) -> Any:
    x = np.linspace(0.0, 1.0, functions.shape[1])
    return mlp_regression(x, functions, hidden=(width,), activation="tanh", output_bias=False)
