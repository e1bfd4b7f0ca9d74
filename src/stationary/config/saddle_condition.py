"""One problem of the saddle experiment: what a job is given."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from stationary.config.base import FrozenSettings

Dataset = Literal["digits", "mnist", "fashion_mnist", "cifar10"]
Kind = Literal["linear_autoencoder", "classifier", "autoencoder", "random_labels"]
Finder = Literal["newton_mr", "damped_newton", "gradient_norm"]


def _square(text: str) -> str:
    found = re.fullmatch(r"([1-9]\d?)x([1-9]\d?)-([1-9]\d{0,3})", text, flags=re.ASCII)
    if found is None or found[1] != found[2] or not 2 <= int(found[1]) <= 32:
        raise ValueError(
            f"{text[:40]!r} is not a classifier. Write side x side - hidden units (2 to 32, 1 to 9999), e.g. 4x4-10."
        )
    return text


Classifier = Annotated[str, AfterValidator(_square)]
"""Side of the image twice and hidden units, e.g. ``4x4-10``."""


class SaddleProblem(FrozenSettings):
    """A landscape, and where searches on it start; hashable.

    Attributes:
        name: e.g. ``classifier-4x4-10``; safe in paths.
        side: of the scaled images; 0 for the linear autoencoder.
        inputs: of the linear autoencoder, else 0.
        samples: training samples.
    """

    name: str
    kind: Kind
    dataset: Dataset
    path: str
    side: int
    inputs: int
    hidden: tuple[int, ...]
    activation: Literal["identity", "tanh", "swish"]
    l2: float
    samples: int
    starts: int
    trajectories: int
    seed: int


class Search(FrozenSettings):
    """One finder's effort; hashable.

    Attributes:
        iterations: most of them.
        products: most with the Hessian per step of Newton-MR; the others ignore it.
        flat_every: iterations between two measurements of flatness.
    """

    finder: Finder
    iterations: int
    products: int
    flat_every: int
