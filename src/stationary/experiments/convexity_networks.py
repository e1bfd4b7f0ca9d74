"""Networks and models without hidden units: inertia at random points, Jensen trials, descents (A1, A2, A3).

All fit the same seeded data: normal inputs in the plane, labels drawn without regard to them (so that no line divides them and
a cross-entropy has its minimum at a finite place) and normal targets. Sizes and data are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import seeds
from stationary.config.convexity import ConvexitySettings
from stationary.experiments.convexity_trials import Case, Row, inertia, random_points, trials
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.linear_model import BinaryCrossEntropy, LinearModel
from stationary.landscapes.log_bowl import LogBowl
from stationary.landscapes.output_losses import CrossEntropy, OutputLoss, SquaredError
from stationary.methods.polish import polish
from stationary.methods.quasi_newton import minimize
from stationary.methods.result import Result, Stopping
from stationary.methods.shifted_newton import saddle_free_newton

Array = Any

ACTIVATIONS = ("identity", "relu", "tanh", "sigmoid")
LOSSES = ("cross-entropy", "squared")
INPUTS, OUTPUTS, CLASSES = 2, 2, 3

BOWL = LogBowl(np.array([1.0, 5.0]))
"""A7's function, log(1 + x^2 + 5 y^2)."""

DESCENT = Stopping(max_iterations=500, budget=5000.0)


@dataclass(frozen=True)
class Data:
    """What is fitted.

    Attributes:
        x: standard normal, [S, INPUTS].
        classes: [S].
        target: [S, OUTPUTS].
    """

    x: Array
    classes: Array
    target: Array


def data(samples: int, seed: int) -> Data:
    """So many samples with their classes and targets."""
    stream = seeds.generator(seed, "convexity/data", f"s{samples}", 0)
    x = stream.standard_normal((samples, INPUTS))
    # A balanced list in random order: every class occurs.
    return Data(x, stream.permutation(samples) % CLASSES, stream.standard_normal((samples, OUTPUTS)))


def networks(settings: ConvexitySettings, seed: int) -> dict[str, DeepNetwork]:
    """Every architecture with a hidden layer, by name: activation, loss, hidden layers."""
    given = data(settings.samples, seed)
    losses: dict[str, OutputLoss] = {
        "cross-entropy": CrossEntropy(given.classes % OUTPUTS, OUTPUTS),
        "squared": SquaredError(given.target, weight=0.5),
    }
    return {
        f"{activation}, {loss}, {layers} hidden": DeepNetwork(
            given.x, losses[loss], (settings.units,) * layers, activation=activation
        )
        for layers in (1, 2)
        for loss in LOSSES
        for activation in ACTIVATIONS
    }


def linear_models(settings: ConvexitySettings, seed: int) -> dict[str, LinearModel]:
    """The models without hidden units that A2 names."""
    given = data(settings.samples, seed)
    return {
        "logistic, cross-entropy": LinearModel(given.x, BinaryCrossEntropy(given.classes % 2)),
        "softmax, cross-entropy": LinearModel(given.x, CrossEntropy(given.classes, CLASSES)),
        "linear, squared": LinearModel(given.x, SquaredError(given.target, weight=0.5)),
    }


def rows(settings: ConvexitySettings, seed: int) -> Iterator[Row]:
    """Trials of A1, A2 and A3, rows of the schema ``TRIALS``."""
    for name, network in networks(settings, seed).items():
        yield from inertia("A1", name, network, settings.points, seed, {"indefinite": "some"})
        yield from trials(case("A1", name, network, {"jensen": "some", "concave": "some"}), settings.trials, seed)
    for name, model in linear_models(settings, seed).items():
        # No loss here bends an output by more than one, so that the Gram matrix of the inputs bounds the terms.
        terms = float((model.inputs**2).sum(axis=0).mean())
        yield from inertia("A2", name, model, settings.trials, seed, {"negative": "none"}, terms)
        yield from trials(case("A2", name, model, {"jensen": "none"}), settings.trials, seed)
    for name, network in linear_networks(settings, seed).items():
        yield from inertia("A3", name, network, settings.points, seed, {"indefinite": "some"})
        yield from trials(case("A3", name, network, {"jensen": "some"}), settings.trials, seed)
    yield from inertia("A7", BOWL_NAME, BOWL, settings.points, seed, {"indefinite": "some"})
    yield from trials(case("A7", BOWL_NAME, BOWL, {"quasi": "none", "jensen": "some"}), settings.trials, seed)


BOWL_NAME = "log(1 + x^2 + 5y^2)"


def linear_networks(settings: ConvexitySettings, seed: int) -> dict[str, DeepNetwork]:
    """Networks with linear units and no biases, by layers of weights: zero is then a critical point."""
    given = data(settings.samples, seed)
    loss = SquaredError(given.target, weight=0.5)
    return {
        f"{layers + 1} layers of weights": DeepNetwork(
            given.x, loss, (settings.units,) * layers, activation="identity", biases=False
        )
        for layers in (1, 2)
    }


def origin(settings: ConvexitySettings, seed: int) -> dict[str, tuple[float, float, float]]:
    """Gradient norm, lowest and highest eigenvalue at zero of every linear network, in units of its loss, by name.

    With two layers of weights the Hessian there couples them by C = -Y^T X / (S outputs) and has the eigenvalues +- the
    singular values of C, each once per hidden unit; with three it is zero.
    """
    found = {}
    for name, network in linear_networks(settings, seed).items():
        zero = np.zeros((1, network.n_parameters))
        eigenvalues = np.linalg.eigvalsh(network.hessian(zero))[0]
        found[name] = (float(np.linalg.norm(network.gradient(zero))), float(eigenvalues[0]), float(eigenvalues[-1]))
    return found


def descents(settings: ConvexitySettings, seed: int) -> Iterator[Row]:
    """Descents from random starts where there should be one end: rows of the schema ``DESCENTS``."""
    for name, model in linear_models(settings, seed).items():
        starts = _starts(name, model.n_parameters, settings.starts, seed)
        yield from _ends("A2", name, model, polish(model, starts), None)
    starts, minimum = _starts(BOWL_NAME, BOWL.n_parameters, settings.starts, seed), np.zeros(BOWL.n_parameters)
    # Not polish: far out Newton's step, which it tries, leads away from the minimum.
    yield from _ends("A7", f"{BOWL_NAME}, L-BFGS", BOWL, minimize(BOWL, starts, DESCENT, method="L-BFGS-B"), minimum)
    yield from _ends("A7", f"{BOWL_NAME}, saddle-free Newton", BOWL, saddle_free_newton(BOWL, starts, DESCENT), minimum)


def case(claim: str, name: str, landscape: Any, expected: dict[str, str]) -> Case:
    """The values of a landscape, [n, P] -> [n], as something to be tried."""
    return Case(claim, name, landscape.n_parameters, lambda theta, _: landscape.value(theta), expected)


def _starts(name: str, size: int, number: int, seed: int) -> Array:
    return seeds.stack(seed, "convexity/starts", name, range(number), lambda stream: random_points(stream, 1, size)[0])


def _ends(claim: str, name: str, landscape: Any, result: Result, minimum: Array | None) -> Iterator[Row]:
    loss, gradient = landscape.value_and_gradient(result.theta)
    for start, theta in enumerate(result.theta):
        yield {
            "claim": claim,
            "case": name,
            "start": start,
            "termination": str(result.termination[start]),
            "loss": float(loss[start]),
            "gradient_norm": float(np.linalg.norm(gradient[start])),
            "distance": np.nan if minimum is None else float(np.linalg.norm(theta - minimum)),
        }
