"""One condition of the Newton experiment: what a job is given."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from stationary.config.base import EachOnce, FrozenSettings

Activation = Literal["gaussian", "sine", "softplus", "tanh"]
Target = Literal["sine", "band_limited", "sine_offset", "steep_tanh", "high_frequency"]
Problem = Literal["regression", "poisson", "reaction_diffusion"]
Method = Literal[
    "newton",
    "newton_cut_1e-10",
    "newton_cut_1e-6",
    "newton_damped_step",
    "newton_gradient_search",
    "newton_loss_search",
    "newton_loss_search_flipped",
    "damped_newton",
    "saddle_free_newton",
    "gauss_newton",
    "levenberg_marquardt",
    "truncated_newton",
    "bfgs",
    "l_bfgs",
    "nonlinear_cg",
    "trust_region",
    "gradient_descent",
    "adam",
]

JobGroup = Literal["exact", "remedies", "quasi_newton", "first_order"]

# One job runs a group: starting a job costs more than most methods do. Only the last group, Keras', imports TensorFlow.
JOB_GROUPS: dict[JobGroup, tuple[Method, ...]] = {
    "exact": (
        "newton",
        "newton_cut_1e-10",
        "newton_cut_1e-6",
        "newton_damped_step",
        "newton_gradient_search",
        "newton_loss_search",
        "newton_loss_search_flipped",
    ),
    "remedies": (
        "damped_newton",
        "saddle_free_newton",
        "gauss_newton",
        "levenberg_marquardt",
        "truncated_newton",
        "trust_region",
    ),
    "quasi_newton": ("bfgs", "l_bfgs", "nonlinear_cg"),
    "first_order": ("gradient_descent", "adam"),
}

Width = Annotated[int, Field(ge=1, le=1000)]
Hidden = Annotated[tuple[Width, ...], Field(min_length=1, max_length=10)]
Networks = Annotated[tuple[Hidden, ...], EachOnce]
Methods = Annotated[tuple[Method, ...], EachOnce]
Targets = Annotated[tuple[Target, ...], EachOnce]


class NewtonCondition(FrozenSettings):
    """All that a run of one condition depends on, besides its method and its replica numbers; hashable."""

    name: str
    family: Literal["main", "sweep"]
    problem: Problem
    hidden: Hidden
    activation: Activation
    target: Target
    output_bias: bool
    start_scale: float
    starts: int
    methods: tuple[Method, ...] = ()
    trajectories: bool
    nodes: int
    max_iterations: int
    remedy_iterations: int
    gradient_iterations: int
    first_order_iterations: int
    budget: int
    gradient_tolerance: float
    theta_bound: float
    band_limit: int
    reaction_rate: float
    seed: int

    def job_groups(self) -> tuple[JobGroup, ...]:
        """The groups that have a method here, in order."""
        return tuple(group for group, members in JOB_GROUPS.items() if not set(members).isdisjoint(self.methods))

    def of_group(self, group: JobGroup) -> "NewtonCondition":
        """This condition with the methods of one group alone."""
        return self.model_copy(update={"methods": tuple(name for name in self.methods if name in JOB_GROUPS[group])})


def batches(conditions: Iterable[NewtonCondition]) -> dict[tuple[str, JobGroup], tuple[NewtonCondition, ...]]:
    """What one job is given, by the batch's name and group: conditions with the methods of that group alone.

    A batch is one condition. Keras' conditions go together by family and problem: importing TensorFlow takes longer than most
    of them run.

    >>> from stationary.config.newton import NewtonSettings
    >>> found = batches(NewtonSettings().conditions(seed=0).values())
    >>> [condition.name for condition in found["main-poisson", "first_order"]][:2]
    ['main-poisson-10-sine', 'main-poisson-10-band_limited']
    """
    found: dict[tuple[str, JobGroup], tuple[NewtonCondition, ...]] = {}
    for condition in conditions:
        for group in condition.job_groups():
            name = f"{condition.family}-{condition.problem}" if group == "first_order" else condition.name
            found[name, group] = (*found.get((name, group), ()), condition.of_group(group))
    return found
