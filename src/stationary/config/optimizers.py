"""Settings of the experiment on optimisers, traps and widths; all sizes are this project's own choice."""

from typing import Annotated

from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings
from stationary.config.newton_condition import Width


class DigitsSettings(FrozenSettings):
    """Ten optimisers on a small classifier of 4 x 4 digits, full batches."""

    samples: int = Field(300, ge=20, le=1437, description="Training samples (20 to 1437).")
    hidden: int = Field(10, ge=1, le=10_000, description="Hidden units, tanh (>= 1).")
    starts: int = Field(
        20,
        ge=2,
        le=100_000,
        description="Random starts, common to all optimisers (>= 2). More narrows the intervals of the shares.",
    )
    rate_starts: int = Field(
        3, ge=1, le=10_000, description="Starts on which learning rates are chosen, apart from those above (>= 1)."
    )
    budget: int = Field(
        600,
        ge=3,
        le=10_000_000,
        description="Gradient-equivalents per run, common to all (>= 3), and a third of it where rates are chosen. Raise it to "
        "see slow ones arrive.",
    )


class OptimizerSettings(FrozenSettings):
    """Ten optimisers on polynomials whose critical points are known, on the Newton experiment's fits and on digits; errors."""

    starts: int = Field(
        200,
        ge=20,
        le=100_000,
        description="Random starts per polynomial, common to all optimisers (>= 20). More narrows the intervals of trap rates.",
    )
    rate_starts: int = Field(
        40, ge=2, le=10_000, description="Starts on which learning rates are chosen, apart from those above (>= 2)."
    )
    budget: int = Field(
        2000,
        ge=10,
        le=10_000_000,
        description="Gradient-equivalents per run on a polynomial, common to all (>= 10). Raise it to see slow ones arrive.",
    )
    grid: int = Field(
        60, ge=5, le=1000, description="Points per axis of the maps of basins (5 to 1000). It only sharpens them."
    )
    fit_starts: int = Field(
        50,
        ge=5,
        le=100_000,
        description="Starts per main regression condition of the Newton experiment (>= 5, at most newton.starts are taken).",
    )
    fit_rate_starts: int = Field(
        4, ge=1, le=10_000, description="Starts per target on which learning rates for these fits are chosen (>= 1)."
    )
    widths: Annotated[tuple[Width, ...], EachOnce] = Field(
        (2, 4, 8, 16, 32), min_length=2, description="Hidden units of the networks whose best error is shown against width."
    )
    width_starts: int = Field(20, ge=2, le=100_000, description="Starts per width and target (>= 2), of which the best counts.")
    width_iterations: int = Field(
        500, ge=1, le=1_000_000, description="Levenberg-Marquardt iterations each (>= 1). Wide nets still gain from more."
    )
    random_targets: int = Field(
        3, ge=1, le=1000, description="Draws of the random target among the smooth targets (>= 1), each a target of its own."
    )
    digits: DigitsSettings = Field(DigitsSettings(), description="The same optimisers on a small classifier of digits.")
