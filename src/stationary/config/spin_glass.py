"""Settings of the spherical p-spin glass: descents by size, exhaustive critical points, theory curves."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from stationary.config.base import EachOnce, FrozenSettings, check_jobs

Size = Annotated[int, Field(ge=10, le=1000)]
Draws = Annotated[int, Field(ge=2, le=10_000)]
Spins = Annotated[int, Field(ge=3, le=4)]

STARTS_AT_ONCE = 128
"""Starts that descend together, always all of them: float32 rounding depends on the stack, so a block is never run in part
and a row depends on its own number alone, however many starts are asked for.
"""

WORK_PER_JOB = 5_000_000_000
"""Spins cubed times starts that a core descends from in about half a minute."""

PATHS_PER_JOB = 60_000


def paths_per_draw(p: int, size: int) -> int:
    """Complex classes of critical points of one draw: ((p - 1)^N - 1) / (p - 2) (Cartwright and Sturmfels 2013).

    >>> paths_per_draw(3, 8), paths_per_draw(4, 8)
    (255, 3280)
    """
    power: int = (p - 1) ** size
    return (power - 1) // (p - 2)


class DescentSettings(FrozenSettings):
    """Descents of the p = 3 glass from random starts."""

    sizes: Annotated[tuple[Size, ...], EachOnce] = Field(
        (25, 50, 100, 250),
        min_length=1,
        description="Sizes N (10 to 1000). The published table has 25, 50, 100, 200, 250, 300, 400, 500; memory and time grow "
        "as N^3.",
    )
    draws: tuple[Draws, ...] = Field(
        (32, 32, 32, 8),
        min_length=1,
        description="Draws of the couplings (>= 2), one number per entry of `sizes`. With fewer than 8, S1 is not judged "
        "at that size, nor are the slopes of S2, S3 and S7.",
    )
    starts: int = Field(
        128, ge=2, le=100_000, description="Random starts per draw (>= 2). The source has 1000 per size, it seems on one draw."
    )
    max_iterations: int = Field(
        2000, ge=1, le=1_000_000, description="Descent steps (>= 1). Raise it if runs end at max_iterations."
    )
    gradient_tolerance: float = Field(
        1e-9, gt=0, lt=1, description="Converged when |grad L| / sqrt(N) is below this after the polish in float64."
    )
    spectra: int = Field(4, ge=0, le=100_000, description="Starts per draw whose whole Hessian spectrum is kept (>= 0).")

    @model_validator(mode="after")
    def _draws_for_every_size(self) -> Self:
        if len(self.draws) != len(self.sizes):
            raise ValueError(f"draws has {len(self.draws)} entries for {len(self.sizes)} sizes. Give one number per size.")
        each = [max(1, WORK_PER_JOB // (size**3 * self.started())) for size in self.sizes]
        jobs = sum(-(-draws // at_once) for draws, at_once in zip(self.draws, each, strict=True))
        check_jobs(jobs, "Lower draws, or leave the largest sizes out.")
        return self

    def started(self) -> int:
        """Starts per draw that descend: whole blocks.

        >>> DescentSettings(starts=130).started()
        256
        """
        return -(-self.starts // STARTS_AT_ONCE) * STARTS_AT_ONCE

    def blocks(self, size: int) -> list[range]:
        """The draws of one size, job by job; a job takes about half a minute, or one draw.

        >>> DescentSettings().blocks(250)
        [range(0, 2), range(2, 4), range(4, 6), range(6, 8)]
        """
        number, each = self.draws[self.sizes.index(size)], max(1, WORK_PER_JOB // (size**3 * self.started()))
        return [range(first, min(first + each, number)) for first in range(0, number, each)]


class ExhaustiveSettings(FrozenSettings):
    """All critical points of small glasses, against the exact mean numbers."""

    sizes: Annotated[tuple[Annotated[int, Field(ge=3, le=8)], ...], EachOnce] = Field(
        (3, 4, 5, 6, 7, 8), min_length=1, description="Sizes N (3 to 8)."
    )
    spins: Annotated[tuple[Spins, ...], EachOnce] = Field(
        (3, 4), min_length=1, description="p, the number of interacting spins: 3, 4."
    )
    draws: int = Field(
        200,
        ge=2,
        le=100_000,
        description="Draws of the couplings per size (>= 2). Claim S5 asks for a standard error of 3 % of each count.",
    )
    most_paths: int = Field(
        220_000,
        ge=1,
        le=1_000_000_000,
        description="Homotopy paths per p and N (>= 1), about 0.3 ms each; a draw has ((p - 1)^N - 1) / (p - 2) of them. Where "
        "`draws` would need more, fewer draws are searched, and none where that leaves fewer than half of `draws`. Take "
        "330000 for p = 4 and N = 8.",
    )

    newton_draws: int = Field(
        4,
        ge=0,
        le=100_000,
        description="The first draws per p and N, this many (>= 0), are also searched by Newton from random starts, to show "
        "what it misses.",
    )

    @model_validator(mode="after")
    def _something_is_searched(self) -> Self:
        if not self.cells():
            least, p, size = min((paths_per_draw(p, size), p, size) for p in self.spins for size in self.sizes)
            raise ValueError(
                f"most_paths = {self.most_paths} is too few for any search with draws = {self.draws}. "
                f"Raise it to at least {-(-self.draws * least // 2)} (p = {p}, N = {size})."
            )
        paths = sum(self.draws_of(p, size) * paths_per_draw(p, size) for p, size in self.cells())
        check_jobs(paths // PATHS_PER_JOB, "Lower draws or most_paths.")
        return self

    def cells(self) -> list[tuple[int, int]]:
        """Every p and N searched.

        >>> ExhaustiveSettings(sizes=(7, 8)).cells()
        [(3, 7), (3, 8), (4, 7)]
        """
        every = [(p, size) for p in self.spins for size in self.sizes]
        return [(p, size) for p, size in every if 2 * self.most_paths >= self.draws * paths_per_draw(p, size)]

    def draws_of(self, p: int, size: int) -> int:
        """Number of draws searched at one p and N.

        >>> ExhaustiveSettings().draws_of(3, 8), ExhaustiveSettings().draws_of(4, 7)
        (200, 200)
        """
        return min(self.draws, self.most_paths // paths_per_draw(p, size))

    def blocks(self, p: int, size: int) -> list[range]:
        """The draws of one p and N, job by job; a job follows about ``PATHS_PER_JOB`` paths.

        >>> ExhaustiveSettings(draws=80).blocks(4, 7)
        [range(0, 54), range(54, 80)]
        """
        number, each = self.draws_of(p, size), max(1, PATHS_PER_JOB // paths_per_draw(p, size))
        return [range(first, min(first + each, number)) for first in range(0, number, each)]


class SpinGlassSettings(FrozenSettings):
    """The spherical p-spin glass with which Choromanska et al. (2015) compare networks."""

    descents: DescentSettings = Field(DescentSettings(), description="Descents from random starts, p = 3.")
    exhaustive: ExhaustiveSettings = Field(ExhaustiveSettings(), description="Every critical point of small glasses.")
