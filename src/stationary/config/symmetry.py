"""Settings of the experiment on symmetries of networks."""

from pydantic import Field

from stationary.config.base import FrozenSettings


class SymmetrySettings(FrozenSettings):
    """Permutations, sign flips and rescalings of hidden units: orbits, barriers, minima modulo symmetry."""

    units: int = Field(4, ge=2, le=6, description="Hidden units of the trained networks (2 to 6); all orders are enumerated.")
    teacher_units: int = Field(8, ge=1, le=100, description="Hidden units of the teacher that they learn (>= 1).")
    inputs: int = Field(3, ge=1, le=64, description="Inputs (>= 1).")
    samples: int = Field(100, ge=10, le=100_000, description="Training samples (>= 10).")
    l2: float = Field(1e-4, gt=0, lt=1, description="Weight decay of the trained networks (> 0: minima are then isolated).")
    starts: int = Field(100, ge=4, le=100_000, description="Starts per network (>= 4). A4 is decided from 20 minima on.")
    max_iterations: int = Field(3000, ge=10, le=1_000_000, description="Iterations per start (>= 10).")
    orbits: int = Field(200, ge=2, le=1_000_000, description="Points whose rescaling orbits are followed (>= 2).")
    teachers: int = Field(
        10, ge=1, le=10_000, description="ReLU teachers at whose minimum of loss zero scale tangents are tried (>= 1)."
    )
