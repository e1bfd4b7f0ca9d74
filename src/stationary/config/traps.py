"""Settings of the experiment on traps: a unit without hidden layer, its basins, a recurrent cliff, minibatch noise."""

from typing import Annotated

from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings


class TrapSettings(FrozenSettings):
    """What else can stop descent, on the smallest examples."""

    random_sets: int = Field(
        200, ge=20, le=100_000, description="Random data sets of five samples whose critical points are enumerated (>= 20)."
    )
    starts: int = Field(
        61, ge=5, le=1001, description="Starts of gradient descent per axis of the basin pictures (>= 5), on a grid."
    )
    descent_steps: int = Field(10_000, ge=100, le=10_000_000, description="Steps of each descent at most (>= 100).")
    cliff_steps: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], EachOnce] = Field(
        (5, 10, 20, 40), min_length=1, description="Time steps of the recurrent unit (1 to 1000)."
    )
    noise_epochs: int = Field(
        30, ge=1, le=100_000, description="Passes over the digits before minibatch noise is measured (>= 1)."
    )
    noise_batches: int = Field(2000, ge=20, le=10_000_000, description="Minibatches whose gradients are measured (>= 20).")
