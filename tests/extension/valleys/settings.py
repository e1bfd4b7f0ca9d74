"""The settings: what each is, what is allowed, when to change it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings

Size = Annotated[int, Field(ge=2, le=30)]


class ValleySettings(FrozenSettings):
    """The section ``valleys`` of the configuration."""

    sizes: Annotated[tuple[Size, ...], EachOnce] = Field(
        (2, 3, 4, 5, 6, 7), min_length=1, description="Numbers of variables N (2 to 30). The claim is about 2 to 7."
    )
    starts: int = Field(100, ge=1, le=100_000, description="Random starts at each N (>= 1). More if a minimum is missed.")
    reach: float = Field(1.5, gt=0, description="Starts are uniform on [-reach, reach]^N; critical points lie inside 1.")
    max_iterations: int = Field(200, ge=1, description="Newton steps of a search (>= 1).")


class ExtendedSettings(FrozenSettings):
    """The whole configuration of the workflow."""

    stationary: dict[str, Any] = Field(default_factory=dict, description="Passed on to the base, which checks it.")
    valleys: ValleySettings = Field(ValleySettings(), description="Bent valleys: how many variables, how many starts.")
