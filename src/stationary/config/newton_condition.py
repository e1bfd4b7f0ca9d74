"""One condition of the Newton experiment: what a job is given."""

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

# The two whose loop is Keras'; every other job starts without TensorFlow.
TENSORFLOW_METHODS = frozenset({"gradient_descent", "adam"})

Width = Annotated[int, Field(ge=1, le=1000)]
Hidden = Annotated[tuple[Width, ...], Field(min_length=1)]
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
    gradient_iterations: int
    first_order_iterations: int
    budget: int
    gradient_tolerance: float
    theta_bound: float
    band_limit: int
    reaction_rate: float
    seed: int
