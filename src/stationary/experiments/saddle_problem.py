"""The landscapes on which critical points are searched, and their random starts, from a problem and start numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary import seeds
from stationary.config.saddle_condition import SaddleProblem
from stationary.datasets import images
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.linear_autoencoder import linear_autoencoder, two_layer_linear
from stationary.landscapes.network import Block
from stationary.landscapes.output_losses import CrossEntropy, OutputLoss, SquaredError

Array = Any


@dataclass(frozen=True, eq=False)
class Loss:
    """The loss over all samples, and over some of them.

    Attributes:
        whole: landscape of all samples.
        part: landscape of the samples with these indices; SGD descends it.
        samples: their number.
    """

    whole: Any
    part: Callable[[Array], Any]
    samples: int


def loss(problem: SaddleProblem) -> Loss:
    """The loss that a problem stands for; samples are drawn without replacement under the root seed and the dataset.

    Raises:
        UserError: if the dataset cannot be read.
    """
    if problem.kind == "linear_autoencoder":
        return _linear(problem)
    data = images.load(problem.dataset, problem.path, side=problem.side, section="saddles")
    chosen = seeds.generator(problem.seed, "saddles/samples", problem.dataset, 0).permutation(len(data.y_train))
    chosen = chosen[: problem.samples]
    x, labels = data.x_train[chosen].astype(np.float64), data.y_train[chosen]
    if problem.kind == "random_labels":
        labels = seeds.generator(problem.seed, "saddles/labels", problem.name, 0).permutation(labels)

    def part(rows: Array) -> DeepNetwork:
        target: OutputLoss = (
            SquaredError(x[rows]) if problem.kind == "autoencoder" else CrossEntropy(labels[rows], images.N_CLASSES)
        )
        return DeepNetwork(x[rows], target, problem.hidden, problem.activation, l2=problem.l2)

    return Loss(part(np.arange(len(x))), part, len(x))


def random_starts(problem: SaddleProblem, layout: Sequence[Block], purpose: str, numbers: Sequence[int]) -> Array:
    """Uniform on +-1/sqrt(fan_in), biases too: [R, P].

    Args:
        problem: name and root seed.
        layout: of the landscape.
        purpose: what the starts are for; other streams for other purposes.
        numbers: of the starts.
    """

    def draw(generator: np.random.Generator) -> Array:
        return np.concatenate([generator.uniform(-1.0, 1.0, block.size) / np.sqrt(block.shape[1]) for block in layout])

    return seeds.stack(problem.seed, f"saddles/{purpose}", problem.name, numbers, draw)


def _linear(problem: SaddleProblem) -> Loss:
    """Gaussian samples with covariance diag(1, ..., d), their means removed (Frye et al. 2019, arXiv 1901.10603)."""
    stream = seeds.generator(problem.seed, "saddles/samples", problem.name, 0)
    x = stream.normal(size=(problem.samples, problem.inputs)) * np.sqrt(np.arange(1, problem.inputs + 1))
    x -= x.mean(axis=0)
    whole = linear_autoencoder(x, hidden=problem.hidden[0])

    def part(rows: Array) -> Any:
        return two_layer_linear(x[rows], x[rows], hidden=problem.hidden[0], weight=whole.weight)

    return Loss(whole, part, len(x))
