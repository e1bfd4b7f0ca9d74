"""One problem of the saddle experiment: what a job is given."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from stationary.config.base import FrozenSettings

Dataset = Literal["digits", "mnist", "fashion_mnist", "cifar10"]
Kind = Literal["linear_autoencoder", "classifier", "autoencoder", "random_labels"]
Finder = Literal["newton_mr", "damped_newton", "gradient_norm"]


def _square(text: str) -> str:
    side, _, rest = text.partition("x")
    if not rest.startswith(f"{side}-") or not 2 <= int(side) <= 32:
        raise ValueError(f"{text} is no square of 2 to 32 pixels a side. Write e.g. 4x4-10: 4 x 4 pixels, 10 hidden units.")
    return text


Classifier = Annotated[str, Field(pattern=r"^[1-9]\d?x[1-9]\d?-[1-9]\d{0,3}$"), AfterValidator(_square)]
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
