"""Settings of the experiment on saddle counts: problems, finders, optimisers."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stationary.config.base import EachOnce, FrozenSettings, check_jobs
from stationary.config.saddle_condition import Classifier, Dataset, Finder, Kind, SaddleProblem, Search

__all__ = ["Finder", "OptimiserSettings", "SaddleProblem", "SaddleSettings", "Search"]

Units = Annotated[int, Field(ge=1, le=10_000)]
Starts = Annotated[int, Field(ge=2, le=100_000)]
Layers = Annotated[tuple[Units, ...], Field(min_length=1, max_length=10)]

GRADIENT_NORM_STRIDE = 10
"""Gradient-norm minimisation takes many more and shorter steps than the Newton methods and is measured less often."""

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
    l2: float = Field(1e-3, ge=0, lt=1, description="Weight decay (>= 0).")

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
    samples: int = Field(300, ge=20, le=60_000, description="Training samples of every other problem (>= 20).")
    random_samples: int = Field(200, ge=20, le=60_000, description="Training samples of the random-label network (>= 20).")
    l2: float = Field(
        1e-2,
        gt=0,
        lt=1,
        description="Weight decay of the classifiers with one hidden layer (> 0: without it critical points lie at infinity).",
    )
    deep_l2: float = Field(1e-3, gt=0, lt=1, description="The same of the deep classifier and the random-label network.")
    autoencoder_l2: float = Field(1e-5, gt=0, lt=1, description="The same of the deep autoencoder, whose loss is smaller.")
    linear_newton_mr_iterations: int = Field(
        1000, ge=1, le=1_000_000, description="Iterations of Newton-MR on the linear autoencoder (>= 1)."
    )
    linear_gradient_norm_iterations: int = Field(
        5000, ge=1, le=10_000_000, description="Iterations of gradient-norm minimisation there (>= 1)."
    )
    linear_starts: int = Field(
        100, ge=2, le=100_000, description="Starts per finder on the linear autoencoder. Published: 100."
    )
    classifier_starts: tuple[Starts, ...] = Field(
        (60, 40, 10, 16),
        description="Starts per finder on each of `classifiers` (>= 2), as many entries. D1 needs 20 distinct critical points.",
    )
    deep_starts: tuple[Starts, ...] = Field(
        (6, 10, 10), description="Starts per finder on each of `deep` (>= 2), as many entries; P^2 work per step."
    )
    trajectories: int = Field(
        8, ge=1, le=1000, description="Runs of SGD, and as many of saddle-free Newton, from whose iterates starts are taken."
    )
    block: int = Field(100, ge=1, le=100_000, description="Starts per job. Results do not depend on it.")
    newton_mr_iterations: int = Field(300, ge=1, le=1_000_000, description="Iterations of Newton-MR (>= 1).")
    newton_mr_products: int = Field(
        100,
        ge=1,
        le=100_000,
        description="Most products with the Hessian per Newton-MR step (>= 1); this truncation regularises.",
    )
    damped_newton_iterations: int = Field(200, ge=1, le=1_000_000, description="Iterations of damped Newton (>= 1).")
    gradient_norm_iterations: int = Field(
        500, ge=1, le=10_000_000, description="Iterations of gradient-norm minimisation (>= 1)."
    )
    flat_every: int = Field(
        10,
        ge=1,
        le=1_000_000,
        description="Iterations of a Newton method between two measurements of gradient-flatness; gradient-norm "
        "minimisation is measured a tenth as often.",
    )
    optimisers: OptimiserSettings = Field(OptimiserSettings(), description="Optimisers near saddles.")

    @model_validator(mode="after")
    def _starts_for_every_problem(self) -> Self:
        for name, starts in (("classifier", self.classifier_starts), ("deep", self.deep_starts)):
            problems = self.classifiers if name == "classifier" else self.deep
            if len(starts) != len(problems):
                listed = "classifiers" if name == "classifier" else "deep"
                raise ValueError(
                    f"{name}_starts has {len(starts)} entries for {len(problems)} in {listed}. Give one number per problem."
                )
        blocks = sum(-(-starts // self.block) for starts in (self.linear_starts, *self.classifier_starts, *self.deep_starts))
        check_jobs(len(self.finders) * blocks, "Raise block, or lower the numbers of starts.")
        return self

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
                starts=these.starts_at(hidden), l2=these.l2,
            )
            for hidden in these.hidden
        }  # fmt: skip

    def search(self, finder: Finder, kind: Kind) -> Search:
        """The effort of one finder on one kind of problem."""
        linear = kind == "linear_autoencoder"
        caps: dict[Finder, int] = {
            "newton_mr": self.linear_newton_mr_iterations if linear else self.newton_mr_iterations,
            "damped_newton": self.damped_newton_iterations,
            "gradient_norm": self.linear_gradient_norm_iterations if linear else self.gradient_norm_iterations,
        }
        stride = GRADIENT_NORM_STRIDE if finder == "gradient_norm" else 1
        products = self.newton_mr_products if finder == "newton_mr" else 0
        return Search(finder=finder, iterations=caps[finder], products=products, flat_every=stride * self.flat_every)

    def _problems(self, seed: int) -> Iterator[SaddleProblem]:
        yield self._network(
            "linear_autoencoder", "linear_autoencoder", seed, hidden=(self.linear_hidden,), activation="identity",
            side=0, inputs=self.linear_inputs, l2=0.0, samples=self.linear_samples, starts=self.linear_starts,
        )  # fmt: skip
        for text, starts in zip(self.classifiers, self.classifier_starts, strict=True):
            image, units = text.split("-")
            yield self._network(
                f"classifier-{text}",
                "classifier",
                seed,
                hidden=(int(units),),
                activation="tanh",
                side=int(image.split("x")[0]),
                starts=starts,
            )
        for name, starts in zip(self.deep, self.deep_starts, strict=True):
            own: dict[str, object] = {"hidden": self.deep_hidden, "l2": self.deep_l2}
            if name == "autoencoder":
                own = {"hidden": self.autoencoder_hidden, "l2": self.autoencoder_l2}
            if name == "random_labels":
                own["samples"] = self.random_samples
            yield self._network(f"deep_{name}", name, seed, activation="swish", side=4, starts=starts, **own)

    def _network(self, name: str, kind: Kind, seed: int, **settings: object) -> SaddleProblem:
        common = {
            "dataset": self.dataset,
            "path": self.path,
            "inputs": 0,
            "l2": self.l2,
            "samples": self.samples,
            "trajectories": self.trajectories,
        }
        return SaddleProblem.model_validate(common | settings | {"name": name, "kind": kind, "seed": seed})
