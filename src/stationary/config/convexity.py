"""Settings of the experiment on convexity: how many trials, on how large networks."""

from pydantic import Field

from stationary.config.base import FrozenSettings


class ConvexitySettings(FrozenSettings):
    """Random trials of convexity: networks, models without hidden units, building blocks, MA series."""

    trials: int = Field(
        10_000, ge=100, le=10_000_000, description="Random segments per case (>= 100). A2 is judged from 10000 on."
    )
    points: int = Field(
        10_000,
        ge=100,
        le=10_000_000,
        description="Random points per network whose Hessian is decomposed (>= 100). A1 is judged from 10000 on.",
    )
    units: int = Field(3, ge=1, le=50, description="Units per hidden layer of the networks (1 to 50).")
    samples: int = Field(16, ge=4, le=10_000, description="Samples that networks and models are fitted to (>= 4).")
    starts: int = Field(20, ge=2, le=10_000, description="Starts of the descents on functions with a single minimum (>= 2).")
    series: int = Field(200, ge=10, le=100_000, description="MA series per order (>= 10). A11 is judged from 100 on.")
    length: int = Field(50, ge=5, le=1000, description="Observations per series (5 to 1000).")
