"""One condition of the experiment on minima by width: what a job is given."""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings

Array = Any

Dataset = Literal["digits", "digits_noise", "mnist", "fashion_mnist"]
Setting = Literal["authors_code", "paper", "control", "tanh_l2", "annealing"]
Start = Literal["uniform_fan_in", "unit_cube"]
Width = Annotated[int, Field(ge=1, le=10_000)]
Widths = Annotated[tuple[Width, ...], EachOnce]

ANNEALING_GROUP = 4
"""Networks of the annealing comparison that share an order at most: few networks still make enough groups to resample."""


class MinimaCondition(FrozenSettings):
    """All that the networks of one condition depend on, besides their numbers; hashable."""

    name: str
    dataset: Dataset
    path: str
    side: int
    setting: Setting
    activation: Literal["relu", "tanh"]
    start: Start
    l2: float
    width: int
    networks: int
    group: int
    splits: int
    batch_size: int
    epochs: int
    learning_rate: float
    decay_epochs: float
    kept_points: int
    seed: int

    def split_of(self, group: int) -> int:
        """Groups take the splits in turn, so that every split has as many networks as any other, give or take a group."""
        return group % self.splits

    def keeps(self, networks: Array) -> Array:
        """Which networks' end points are kept: one of every order group first, so that few of them are many clusters.

        Args:
            networks: numbers, [n].

        Returns:
            boolean, [n].
        """
        groups = -(-self.networks // self.group)
        turn = networks % self.group * groups + networks // self.group
        return np.asarray((turn < self.kept_points) & (networks < self.networks))


class AnnealingCondition(MinimaCondition):
    """A width at which annealing is compared with descent; ``epochs`` counts annealing's evaluations of the training data."""

    samples: int


class TeacherCondition(FrozenSettings):
    """Students of one width, and the teachers whose outputs they fit; hashable."""

    name: str
    width: int
    teacher_width: int
    problems: int
    starts: int
    seed: int
