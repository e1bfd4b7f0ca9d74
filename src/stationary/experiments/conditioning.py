"""What a gradient step meets on its way: slope, curvature along the slope, predicted and actual change of the loss.

A step -rate g changes a loss by -rate g'g + rate^2 / 2 g'Hg + O(rate^3) (Goodfellow, Bengio and Courville 2016, section 8.2.1).
Loss, g and H of that prediction are those of the step's own minibatch, in float64, since changes of a small loss are small.
Data, sizes, rate and length are ours: the book gives none for its figure 8.1.

Every run has its own division of the data, start and order, so that runs are independent; landscapes share their samples over a
stack, so runs are walked one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.conditioning import ConditioningSettings
from stationary.datasets.images import N_CLASSES, Images
from stationary.datasets.splits import pooled
from stationary.experiments.conditioning_tables import TRAINING
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.network import Block
from stationary.landscapes.output_losses import CrossEntropy
from stationary.termination import Termination

Array = Any
Row = dict[str, object]


class Loss(Protocol):
    """The mean cross-entropy of a network over some samples, at one parameter vector."""

    def value(self, theta: Array) -> float:
        """[P] -> nats."""

    def value_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """[P] -> nats, [P]."""

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [P], [P] -> [P]."""

    def error(self, theta: Array) -> float:
        """Share of samples classified wrongly, 0 to 1, at [P]."""


@dataclass(frozen=True)
class Network:
    """A network that can be trained.

    Attributes:
        name: for the table and the seeds.
        layout: blocks of theta, whose last axes multiply to the fan-in.
        loss: of pixels [S, d] and labels [S].
    """

    name: str
    layout: Sequence[Block]
    loss: Callable[[Array, Array], Loss]


@dataclass(frozen=True, eq=False)
class PerceptronLoss:
    """One hidden layer of tanh units, through :class:`DeepNetwork`.

    Attributes:
        x: pixels, [S, d].
        labels: [S].
        hidden: units.
    """

    x: Array
    labels: Array
    hidden: int

    @cached_property
    def landscape(self) -> DeepNetwork:
        """The landscape of stacks, [R, P]."""
        return DeepNetwork(self.x, CrossEntropy(self.labels, N_CLASSES), (self.hidden,), "tanh")

    def value(self, theta: Array) -> float:
        """[P] -> nats."""
        return float(self.landscape.value(theta[None])[0])

    def value_and_gradient(self, theta: Array) -> tuple[float, Array]:
        """[P] -> nats, [P]."""
        value, gradient = self.landscape.value_and_gradient(theta[None])
        return float(value[0]), gradient[0]

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [P], [P] -> [P]."""
        return self.landscape.hvp(theta[None], vector[None])[0]

    def error(self, theta: Array) -> float:
        """Share of samples classified wrongly, 0 to 1, at [P]."""
        return float(self.landscape.error(theta[None])[0])


def perceptron(inputs: int, hidden: int) -> Network:
    """A tanh network of one hidden layer on flat images of so many pixels."""
    layout = PerceptronLoss(np.zeros((1, inputs)), np.zeros(1, dtype=int), hidden).landscape.layout
    return Network("mlp", layout, lambda x, labels: PerceptronLoss(x, labels, hidden))


def run(network: Network, images: Images, settings: ConditioningSettings, seed: int) -> pa.Table:
    """All training runs of one network.

    Args:
        network: e.g. :func:`perceptron`.
        images: divided anew for every run, as large a training part as the dataset comes with.
        settings: how many runs, how long, how often measured.
        seed: root seed.

    Returns:
        table of the schema ``TRAINING``, run by run.
    """
    rows: list[Row] = []
    with progress.bar(settings.runs, network.name, unit="runs") as advance:
        for number in range(settings.runs):
            with np.errstate(over="ignore", invalid="ignore"):
                rows += _train(network, images, settings, seed, number)
            advance(1)
    return tables.from_columns({name: [row[name] for row in rows] for name in TRAINING.names}, TRAINING)


def divide(images: Images, seed: int, number: int) -> tuple[Array, Array]:
    """Indices into the pooled data of one run's training and held-out part, [n], [m], as many as the dataset comes with."""
    order = seeds.generator(seed, "conditioning/division", images.name, number).permutation(
        images.y_train.size + images.y_test.size
    )
    return order[: images.y_train.size], order[images.y_train.size :]


def start(network: Network, seed: int, number: int) -> Array:
    """Uniform on +-1/sqrt(fan_in), biases too: [P]."""
    stream = seeds.generator(seed, "conditioning/start", network.name, number)
    return np.concatenate([stream.uniform(-1.0, 1.0, block.size) / np.sqrt(block.shape[-1]) for block in network.layout])


def _train(network: Network, images: Images, settings: ConditioningSettings, seed: int, number: int) -> list[Row]:
    """Walk one run; the rows of its measured steps, as far as it stays finite."""
    x, labels = pooled(images)
    x = x.astype(np.float64)
    train, held_out = divide(images, seed, number)
    whole, validation = (network.loss(x[part], labels[part]) for part in (train, held_out))
    stream = seeds.generator(seed, "conditioning/order", network.name, number)
    per_epoch = max(1, train.size // settings.batch_size)
    total = settings.epochs * per_epoch
    measured = set(np.linspace(0, total - 1, min(settings.measured, total)).round().astype(int).tolist())
    first = theta = start(network, seed, number)
    rows: list[Row] = []
    points: list[Array] = []
    downhill: list[Array] = []
    norms: list[float] = []
    length, code = 0.0, Termination.MAX_ITERATIONS
    for step in range(total):
        if step % per_epoch == 0:
            order = stream.permutation(train)[: per_epoch * settings.batch_size].reshape(per_epoch, -1)
        batch = order[step % per_epoch]
        own = network.loss(x[batch], labels[batch])
        value, gradient = own.value_and_gradient(theta)
        after = theta - settings.rate * gradient
        norms.append(float(np.linalg.norm(gradient)))
        if not np.isfinite(after).all():
            code = Termination.DIVERGED
            break
        if step in measured:
            slope = whole.value_and_gradient(theta)
            rows.append(
                {
                    "network": network.name,
                    "run": number,
                    "step": step,
                    "epoch": step / per_epoch,
                    "rate": settings.rate,
                    "mean_gradient_norm": float(np.mean(norms)),
                    "path_length": length,
                    "distance": float(np.linalg.norm(theta - first)),
                    **_of_step(own, theta, value, gradient, settings.rate, after),
                    **_of_parts(whole, validation, theta, slope),
                }
            )
            points.append(theta)
            downhill.append(-slope[1])
            norms = []
        length += settings.rate * float(np.linalg.norm(gradient))
        theta = after
    ways = [_way(point, direction, theta) for point, direction in zip(points, downhill, strict=True)]
    return [{**row, **way, "termination": str(code)} for row, way in zip(rows, ways, strict=True)]


def _of_step(own: Loss, theta: Array, value: float, gradient: Array, rate: float, after: Array) -> Row:
    square, curvature = float(gradient @ gradient), float(gradient @ own.hvp(theta, gradient))
    return {
        "loss": value,
        "gradient_norm": float(np.sqrt(square)),
        "curvature": curvature,
        "predicted_change": -rate * square + 0.5 * rate**2 * curvature,
        "actual_change": own.value(after) - value,
    }


def _of_parts(whole: Loss, validation: Loss, theta: Array, slope: tuple[float, Array]) -> Row:
    value, gradient = slope
    return {
        "train_loss": value,
        "train_gradient_norm": float(np.linalg.norm(gradient)),
        "train_curvature": float(gradient @ whole.hvp(theta, gradient)),
        "validation_loss": validation.value(theta),
        "validation_error": validation.error(theta),
    }


def _way(point: Array, downhill: Array, end: Array) -> Row:
    """How the steepest descent at a point and the way to the run's end agree; NaN where there is no direction."""
    way = end - point
    distance, size = float(np.linalg.norm(way)), float(np.linalg.norm(downhill))
    cosine = float(way @ downhill) / (distance * size) if distance * size > 0 else np.nan
    return {"distance_to_end": distance, "cosine_to_end": cosine}
