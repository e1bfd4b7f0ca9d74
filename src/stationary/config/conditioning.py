"""Settings of the experiment on conditioning: how two small networks are trained and how often they are measured."""

from pydantic import Field

from stationary.config.base import FrozenSettings


class ConditioningSettings(FrozenSettings):
    """Minibatch descent of a multilayer perceptron and of a convolutional network on the digits, measured on the way."""

    runs: int = Field(
        6, ge=2, le=10_000, description="Training runs of each network (>= 2), each with its own division, start and order."
    )
    epochs: int = Field(30, ge=1, le=100_000, description="Passes over the training part (>= 1).")
    batch_size: int = Field(32, ge=1, le=1437, description="Samples per step (1 to 1437).")
    rate: float = Field(0.1, gt=0, le=100, description="Learning rate, constant, without momentum (> 0).")
    measured: int = Field(
        150, ge=20, le=100_000, description="Steps per run that are measured (>= 20), evenly spaced, first and last included."
    )
    hidden: int = Field(30, ge=1, le=10_000, description="Hidden units of the perceptron (>= 1).")
    filters: int = Field(8, ge=1, le=1000, description="Filters of the convolutional network (>= 1), each 3 x 3.")
