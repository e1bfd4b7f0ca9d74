"""The landscapes and starts of the Newton experiment, from a condition and replica numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stationary import seeds
from stationary.config.newton import NewtonCondition
from stationary.datasets import targets
from stationary.landscapes.least_squares import LeastSquaresNetwork
from stationary.landscapes.mlp_regression import mlp_regression
from stationary.landscapes.pinn import pinn

Array = Any

FINER = 10
"""A fitted function is checked on a grid this many times finer: steps between nodes are invisible to the loss."""


def coefficients(condition: NewtonCondition, replicas: Sequence[int]) -> Array:
    """Coefficients of the replicas' random targets, [R, K]; [R, 0] if the target is not random.

    Drawn under the problem's kind alone, so that methods, networks and activations meet the same targets.
    """
    if condition.target != "band_limited":
        return np.empty((len(replicas), 0))
    regression = condition.problem == "regression"
    draw = targets.draw_coefficients if regression else targets.draw_solution_coefficients
    return seeds.stack(
        condition.seed,
        "newton/target",
        "regression" if regression else "pinn",
        replicas,
        lambda generator: draw(generator, band_limit=condition.band_limit),
    )


def landscape(condition: NewtonCondition, coefficients: Array, *, finer: int = 1) -> LeastSquaresNetwork:
    """The landscapes of the replicas with these target coefficients.

    Args:
        condition: problem, network, target.
        coefficients: [R, K] from :func:`coefficients`.
        finer: refinement of the grid; 1 is the grid that is trained on.
    """
    x = np.linspace(0.0, 1.0, finer * (condition.nodes - 1) + 1)
    drawn = coefficients if coefficients.shape[1] else None
    hidden, activation, bias = condition.hidden, condition.activation, condition.output_bias
    if condition.problem == "regression":
        f = targets.target(condition.target, x, drawn)
        return mlp_regression(x, f, hidden=hidden, activation=activation, output_bias=bias)
    rate = reaction(condition)
    f = targets.forcing(condition.target, x, rate, drawn)
    return pinn(x, f, hidden=hidden, activation=activation, output_bias=bias, reaction=rate)


def reaction(condition: NewtonCondition) -> float:
    """c in L u = u'' - c u; zero for Poisson's equation and, by convention, for regression."""
    return condition.reaction_rate if condition.problem == "reaction_diffusion" else 0.0


def starts(condition: NewtonCondition, replicas: Sequence[int]) -> Array:
    """Uniform starts in +-scale / sqrt(fan_in), biases included, [R, P]: the same for every method, target and activation."""
    layout = landscape(condition, np.empty((1, 0)) if condition.target != "band_limited" else np.ones((1, 1))).layout
    bound = np.concatenate(
        [np.full(block.size, 1.0 / np.sqrt(_fan_in(block.name, block.shape, condition))) for block in layout]
    )
    name = f"{'x'.join(map(str, condition.hidden))}{'-bias' if condition.output_bias else ''}"
    unit = seeds.stack(
        condition.seed, "newton/start", name, replicas, lambda generator: generator.uniform(-1.0, 1.0, size=bound.size)
    )
    return condition.start_scale * bound * unit


def best_constant_loss(problem: LeastSquaresNetwork) -> Array:
    """Lowest loss of a network whose output is a constant: [R] or [1], the level at which saturated nets can end.

    For a PINN the constant is multiplied by the boundary factor, so its image under L is weights[0], not a constant.
    """
    rest = problem.target - _best_constant(problem)
    return np.asarray(0.5 * (rest * rest).mean(axis=1))


def constant_distance(problem: LeastSquaresNetwork, theta: Array) -> Array:
    """How far an output is from the best constant's, relative to what that one leaves of the target: [R, P] -> [R].

    With a target of mean zero this is the relative output norm: the two trivial families are one.
    """
    constant = _best_constant(problem)
    away, rest = problem.output(theta) - constant, problem.target - constant
    return np.asarray(np.sqrt((away * away).mean(axis=1) / (rest * rest).mean(axis=1)))


def _best_constant(problem: LeastSquaresNetwork) -> Array:
    image = problem.weights[0]
    return (problem.target * image).mean(axis=1, keepdims=True) / (image * image).mean() * image


def _fan_in(name: str, shape: tuple[int, ...], condition: NewtonCondition) -> int:
    has_bias = name != "output" or condition.output_bias
    return shape[1] - int(has_bias)
