"""Settings of the experiment on saddle counts: problems, finders, optimisers."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings
from stationary.config.saddle_condition import Classifier, Dataset, Finder, Kind, SaddleProblem

__all__ = ["Finder", "OptimiserSettings", "SaddleProblem", "SaddleSettings"]

Units = Annotated[int, Field(ge=1, le=10_000)]
Starts = Annotated[int, Field(ge=2, le=10_000)]
Layers = Annotated[tuple[Units, ...], Field(min_length=1)]

FINDERS: tuple[Finder, ...] = ("newton_mr", "damped_newton", "gradient_norm")


class OptimiserSettings(FrozenSettings):
    """Optimisers near saddles, width by width (Dauphin et al. 2014, figure 3)."""

    hidden: Annotated[tuple[Units, ...], EachOnce] = Field((5, 25, 50), description="Hidden units; published: 5, 25, 50.")
    side: int = Field(4, ge=2, le=28, description="Images are scaled to side x side pixels (2 to 28). Published: 10.")
    starts: Annotated[tuple[Starts, ...], Field(min_length=1)] = Field(
        (16, 8, 3),
        description="Common starts of all optimisers, one entry per hidden size; the last one serves those beyond (>= 2).",
    )
    epochs: int = Field(
        20,
        ge=1,
        le=100_000,
        description="Passes over the data, or iterations of the methods with a Hessian; the same for every size.",
    )

    def starts_at(self, hidden: int) -> int:
        """Starts of one hidden size.

        >>> [OptimiserSettings(starts=(9, 4)).starts_at(hidden) for hidden in (5, 25, 50)]
        [9, 4, 4]
        """
        return self.starts[min(self.hidden.index(hidden), len(self.starts) - 1)]


class SaddleSettings(FrozenSettings):
    """Critical points of network losses: index against loss, with ground truth and with the checks that make them count."""

    dataset: Dataset = Field(
        "digits", description="digits (embedded), mnist, fashion_mnist or cifar10. Published: mnist, cifar10."
    )
    path: str = Field(
        "",
        description="mnist, fashion_mnist: a .npz in Keras' layout or a folder with IDX files; cifar10: a .npz. Empty lets "
        "Keras download. digits: leave empty.",
    )
    finders: Annotated[tuple[Finder, ...], EachOnce] = Field(
        FINDERS, min_length=1, description="Finders of critical points: newton_mr, damped_newton, gradient_norm."
    )
    classifiers: Annotated[tuple[Classifier, ...], EachOnce] = Field(
        ("4x4-5", "4x4-10", "4x4-25", "8x8-5"),
        description="tanh classifiers with one hidden layer, as side x side - units, e.g. 4x4-10.",
    )
    deep: Annotated[tuple[Literal["autoencoder", "classifier", "random_labels"], ...], EachOnce] = Field(
        ("autoencoder", "classifier", "random_labels"),
        description="Frye et al.'s deeper swish networks on 4 x 4 pixels: autoencoder, classifier, random_labels.",
    )
    autoencoder_hidden: Layers = Field((8, 16), description="Hidden units of the deep autoencoder; published: 8, 16.")
    deep_hidden: Layers = Field((12, 8), description="Hidden units of the deep classifier and of the random-label network.")
    linear_inputs: int = Field(16, ge=2, le=64, description="Inputs of the linear autoencoder (2 to 64). Published: 16.")
    linear_hidden: int = Field(4, ge=1, le=16, description="Its hidden units (>= 1). Published: 4.")
    linear_samples: int = Field(10_000, ge=100, le=1_000_000, description="Its samples (>= 100). Published: 10000.")
    samples: int = Field(500, ge=20, le=60_000, description="Training samples of every other problem (>= 20).")
    random_samples: int = Field(200, ge=20, le=60_000, description="Training samples of the random-label network (>= 20).")
    l2: float = Field(
        1e-3,
        gt=0,
        lt=1,
        description="Weight decay of all but the linear autoencoder (> 0: without it critical points lie at infinity).",
    )
    linear_starts: int = Field(
        100, ge=2, le=100_000, description="Starts per finder on the linear autoencoder. Published: 100."
    )
    starts: int = Field(40, ge=2, le=100_000, description="Starts per finder on every other problem (>= 2).")
    trajectories: int = Field(
        8, ge=1, le=1000, description="Runs of SGD, and as many of saddle-free Newton, from whose iterates starts are taken."
    )
    block: int = Field(100, ge=1, le=100_000, description="Starts per job. Results do not depend on it.")
    newton_mr_iterations: int = Field(500, ge=1, le=1_000_000, description="Iterations of Newton-MR (>= 1).")
    newton_mr_products: int = Field(
        100,
        ge=1,
        le=100_000,
        description="Most products with the Hessian per Newton-MR step (>= 1); this truncation regularises.",
    )
    damped_newton_iterations: int = Field(200, ge=1, le=1_000_000, description="Iterations of damped Newton (>= 1).")
    gradient_norm_iterations: int = Field(
        3000, ge=1, le=10_000_000, description="Iterations of gradient-norm minimisation (>= 1)."
    )
    flat_every: int = Field(
        10,
        ge=1,
        le=1_000_000,
        description="Iterations of a Newton method between two measurements of gradient-flatness; gradient-norm "
        "minimisation is measured a tenth as often.",
    )
    optimisers: OptimiserSettings = Field(OptimiserSettings(), description="Optimisers near saddles.")

    def problems(self, seed: int) -> dict[str, SaddleProblem]:
        """Every problem by name, the linear autoencoder first.

        >>> list(SaddleSettings().problems(1))[:3]
        ['linear_autoencoder', 'classifier-4x4-5', 'classifier-4x4-10']
        """
        return {problem.name: problem for problem in self._problems(seed)}

    def optimiser_problems(self, seed: int) -> dict[int, SaddleProblem]:
        """The networks on which optimisers are compared, by hidden size.

        >>> SaddleSettings().optimiser_problems(1)[25].name
        'optimisers-25'
        """
        these = self.optimisers
        return {
            hidden: self._network(
                f"optimisers-{hidden}", "classifier", seed, hidden=(hidden,), activation="tanh", side=these.side,
                starts=these.starts_at(hidden),
            )
            for hidden in these.hidden
        }  # fmt: skip

    def iterations(self, finder: Finder) -> int:
        """Cap of one finder."""
        caps: dict[Finder, int] = {
            "newton_mr": self.newton_mr_iterations,
            "damped_newton": self.damped_newton_iterations,
            "gradient_norm": self.gradient_norm_iterations,
        }
        return caps[finder]

    def _problems(self, seed: int) -> Iterator[SaddleProblem]:
        yield self._network(
            "linear_autoencoder", "linear_autoencoder", seed, hidden=(self.linear_hidden,), activation="identity",
            side=0, inputs=self.linear_inputs, l2=0.0, samples=self.linear_samples, starts=self.linear_starts,
        )  # fmt: skip
        for text in self.classifiers:
            image, units = text.split("-")
            yield self._network(
                f"classifier-{text}", "classifier", seed, hidden=(int(units),), activation="tanh", side=int(image.split("x")[0])
            )
        kinds: dict[str, Kind] = {"autoencoder": "autoencoder", "classifier": "classifier", "random_labels": "random_labels"}
        for name in self.deep:
            hidden = self.autoencoder_hidden if name == "autoencoder" else self.deep_hidden
            samples = self.random_samples if name == "random_labels" else self.samples
            yield self._network(f"deep_{name}", kinds[name], seed, hidden=hidden, activation="swish", side=4, samples=samples)

    def _network(self, name: str, kind: Kind, seed: int, **settings: object) -> SaddleProblem:
        common = {
            "dataset": self.dataset,
            "path": self.path,
            "inputs": 0,
            "l2": self.l2,
            "samples": self.samples,
            "starts": self.starts,
            "trajectories": self.trajectories,
        }
        return SaddleProblem.model_validate(common | settings | {"name": name, "kind": kind, "seed": seed})
