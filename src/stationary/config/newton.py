"""Settings of the experiment on exact Newton's failure; all sizes are this project's own choice."""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Annotated, Self, cast, get_args

from pydantic import Field, model_validator

from stationary.config.base import EachOnce, FrozenSettings, check_jobs
from stationary.config.newton_condition import (
    JOB_GROUPS,
    Activation,
    Hidden,
    Method,
    Methods,
    Networks,
    NewtonCondition,
    Problem,
    Target,
    Targets,
    Width,
    batches,
)

__all__ = ["JOB_GROUPS", "Activation", "Method", "NewtonCondition", "NewtonSettings", "Problem", "Target", "batches"]


class MainSettings(FrozenSettings):
    """The main condition: every method, both target strata, regression and both physics-informed problems."""

    hidden: Networks = Field(
        ((10,), (10, 10)),
        min_length=1,
        description="Hidden layers' widths, one list per network. The claims are judged on 1-10-1 and 1-10-10-1.",
    )
    activation: Activation = Field(
        "tanh", description="gaussian, sine, softplus or tanh. The claims are judged on tanh; the sweep varies it."
    )
    targets: Targets = Field(
        ("sine", "band_limited"),
        min_length=1,
        description="What is to be fitted: sine (mean zero), band_limited (a random draw per start), sine_offset, "
        "steep_tanh, high_frequency. Keep the first two: a target of mean zero tells half of the story.",
    )
    problems: Annotated[tuple[Problem, ...], EachOnce] = Field(
        ("regression", "poisson", "reaction_diffusion"),
        min_length=1,
        description="regression, poisson (u'' = f), reaction_diffusion (u'' - c u = f). Drop one to save time; the "
        "claims that need it are then not tested.",
    )
    methods: Methods = Field(
        get_args(Method),
        min_length=1,
        description="Optimisers on the regression problem, all from the same starts. Drop one that is of no interest.",
    )
    pinn_methods: Methods = Field(
        (
            "newton",
            "newton_cut_1e-10",
            "saddle_free_newton",
            "levenberg_marquardt",
            "l_bfgs",
            "adam",
        ),
        min_length=1,
        description="Optimisers on the two physics-informed problems; any of those above.",
    )
    pinn_gradient_iterations: int = Field(
        150,
        ge=1,
        le=1_000_000,
        description="Iterations of BFGS, L-BFGS, nonlinear CG and Levenberg-Marquardt on them (>= 1).",
    )
    pinn_first_order_iterations: int = Field(
        300,
        ge=1,
        le=100_000_000,
        description="Steps of gradient descent and Adam on them (>= 1): a gradient through u'' costs several plain ones.",
    )


class SweepSettings(FrozenSettings):
    """One factor at a time around each base: tanh, sine, no output bias, start scale 1, regression."""

    hidden: Networks = Field(
        ((10,), (10, 10)), min_length=1, description="The bases' hidden widths, one list per base network."
    )
    widths: Annotated[tuple[Width, ...], EachOnce] = Field(
        (5, 15), description="Widths tried in place of each base's own, the depth kept. Wider costs P^3 per step."
    )
    depths: Annotated[tuple[Annotated[int, Field(ge=1, le=10)], ...], EachOnce] = Field(
        (3,), description="Numbers of hidden layers tried, each as wide as the base's first."
    )
    activations: Annotated[tuple[Activation, ...], EachOnce] = Field(
        ("gaussian", "sine", "softplus"), description="Activations tried in place of tanh: gaussian, sine, softplus."
    )
    targets: Targets = Field(
        ("sine_offset", "steep_tanh", "high_frequency", "band_limited"),
        description="Targets tried in place of sine: sine_offset, steep_tanh, high_frequency, band_limited.",
    )
    output_bias: Annotated[tuple[bool, ...], EachOnce] = Field(
        (True,), description="Whether the output has a bias; the base has none."
    )
    start_scales: Annotated[tuple[Annotated[float, Field(gt=0, le=100)], ...], EachOnce] = Field(
        (0.3, 3.0), description="Factors on the uniform +-1/sqrt(fan_in) start; the base's is 1."
    )
    methods: Methods = Field(
        ("newton", "newton_cut_1e-10", "newton_cut_1e-6"),
        min_length=1,
        description="Optimisers in every sweep condition: exact Newton and its cuts of small eigenvalues.",
    )
    step_rule_methods: Methods = Field(
        ("newton_damped_step", "newton_gradient_search", "newton_loss_search"),
        description="Newton's other step rules, at the bases only.",
    )


class NewtonSettings(FrozenSettings):
    """Exact Newton and its remedies from common random starts."""

    starts: int = Field(
        100,
        ge=10,
        le=100_000,
        description="Random starts per main condition (>= 10). More narrows the interval of every share as 1/sqrt(starts); "
        "a share of fewer than 20 is never judged.",
    )
    sweep_starts: int = Field(
        30, ge=2, le=100_000, description="Random starts per sweep condition (>= 2; 30 or more to be judged)."
    )
    block: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Starts per job (1 to 10000). Results do not depend on it; lower it to spread a condition over a cluster.",
    )
    nodes: int = Field(
        101,
        ge=11,
        le=100_001,
        description="Quadrature nodes on [0, 1] (>= 11). More if a net is wide or a target steep: a step between two nodes "
        "goes unseen.",
    )
    max_iterations: int = Field(
        80,
        ge=1,
        le=1_000_000,
        description="Iterations of exact Newton and its variants (>= 1). Raise it if many runs are unconverged.",
    )
    remedy_iterations: int = Field(
        50,
        ge=1,
        le=1_000_000,
        description="Iterations of the other methods that form or apply a Hessian (>= 1). Their loss is low early; raise it to "
        "see them converge.",
    )
    gradient_iterations: int = Field(
        300,
        ge=1,
        le=1_000_000,
        description="Iterations of BFGS, L-BFGS, nonlinear CG and Levenberg-Marquardt (>= 1), within the budget. Raise it to "
        "see them converge: at laptop scale it stops them long before the common budget does.",
    )
    first_order_iterations: int = Field(
        3000,
        ge=1,
        le=100_000_000,
        description="Steps of gradient descent and Adam (>= 1), within the budget. Raise it to see plain descent arrive.",
    )
    budget: int = Field(
        15_000,
        ge=10,
        le=1_000_000_000,
        description="Cost cap common to all methods, in gradient-equivalents (>= 10). Raise it together with the "
        "iterations above.",
    )
    gradient_tolerance: float = Field(
        1e-10,
        gt=0,
        lt=1,
        description="Converged when the gradient norm is below this times |Jacobian| |target| (0 to 1, ends excluded). "
        "Below 1e-12 is rounding.",
    )
    theta_bound: float = Field(
        1e8,
        gt=1,
        description="A run whose parameter norm exceeds this (> 1) ends at infinity. Exact Newton visits 1e5; theta_norm is in "
        "the table for a stricter reading.",
    )
    band_limit: int = Field(
        3, ge=1, le=50, description="Modes of a random band-limited target (1 to 50). More makes it harder to fit."
    )
    reaction_rate: float = Field(1.0, ge=0, description="c in u'' - c u = f (>= 0); 0 gives the Poisson problem.")
    linear_sizes: Annotated[tuple[Annotated[int, Field(ge=1, le=64)], ...], EachOnce] = Field(
        (4, 8, 16),
        min_length=1,
        description="Basis sizes (1 to 64) of the linear discretizations on which Newton must be exact in one step.",
    )
    main: MainSettings = Field(MainSettings(), description="The main condition, on which the claims are judged.")
    sweep: SweepSettings = Field(SweepSettings(), description="Robustness: one factor at a time around each base network.")

    @model_validator(mode="after")
    def _not_too_many_jobs(self) -> Self:
        main, sweep = self.main, self.sweep
        factors = (sweep.widths, sweep.depths, sweep.activations, sweep.targets, sweep.output_bias, sweep.start_scales)
        mains = len(main.problems) * len(main.hidden) * len(main.targets) * -(-self.starts // self.block)
        sweeps = len(sweep.hidden) * (1 + sum(map(len, factors))) * -(-self.sweep_starts // self.block)
        check_jobs(mains + sweeps, "Raise block, or shorten the lists of main and sweep.")
        return self

    def conditions(self, seed: int) -> dict[str, NewtonCondition]:
        """Every condition to run, by name, e.g. ``main-regression-10x10-sine``; names are safe in paths.

        Args:
            seed: the root seed, carried by every condition.
        """
        found: dict[str, NewtonCondition] = {}
        known: set[NewtonCondition] = set()
        for condition in [*self._main(seed), *self._sweep(seed)]:
            # Two bases can meet in one network (depth 3 of width 10): run it once, under the first name.
            content = condition.model_copy(update={"name": "", "methods": ()})
            if content not in known:
                known.add(content)
                found[condition.name] = condition
        return found

    def _main(self, seed: int) -> Iterator[NewtonCondition]:
        main = self.main
        for problem, hidden, target in product(main.problems, main.hidden, main.targets):
            yield self._condition(
                f"main-{problem}-{_network(hidden)}-{target}",
                seed,
                family="main",
                problem=problem,
                hidden=hidden,
                activation=main.activation,
                target=target,
                **(
                    {"methods": main.methods}
                    if problem == "regression"
                    else {
                        "methods": main.pinn_methods,
                        "gradient_iterations": main.pinn_gradient_iterations,
                        "first_order_iterations": main.pinn_first_order_iterations,
                    }
                ),
            )

    def _sweep(self, seed: int) -> Iterator[NewtonCondition]:
        sweep = self.sweep
        at_bases = tuple(dict.fromkeys(sweep.methods + sweep.step_rule_methods))
        for base in sweep.hidden:
            yield self._condition(f"sweep-{_network(base)}-base", seed, hidden=base, methods=at_bases)
        for base in sweep.hidden:
            factors: dict[str, list[tuple[object, dict[str, object]]]] = {
                "width": [(width, {"hidden": (width,) * len(base)}) for width in sweep.widths],
                "depth": [(depth, {"hidden": (base[0],) * depth}) for depth in sweep.depths],
                "activation": [(name, {"activation": name}) for name in sweep.activations],
                "target": [(name, {"target": name}) for name in sweep.targets],
                "output-bias": [(str(bias).lower(), {"output_bias": bias}) for bias in sweep.output_bias],
                "start-scale": [(_number(scale), {"start_scale": scale}) for scale in sweep.start_scales],
            }
            for factor, values in factors.items():
                for value, change in values:
                    name = f"sweep-{_network(base)}-{factor}-{value}"
                    yield self._condition(name, seed, **{"hidden": base, "methods": sweep.methods, **change})

    def _condition(self, name: str, seed: int, **settings: object) -> NewtonCondition:
        """A condition with this experiment's shared numerics; what is not said is the sweep's base."""
        main = settings.get("family") == "main"
        base: dict[str, object] = {
            "family": "sweep",
            "problem": "regression",
            "activation": "tanh",
            "target": "sine",
            "output_bias": False,
            "start_scale": 1.0,
            "starts": self.starts if main else self.sweep_starts,
            "trajectories": main,
            "nodes": self.nodes,
            "max_iterations": self.max_iterations,
            "remedy_iterations": self.remedy_iterations,
            "gradient_iterations": self.gradient_iterations,
            "first_order_iterations": self.first_order_iterations,
            "budget": self.budget if main else self._unbounded(settings),
            "gradient_tolerance": self.gradient_tolerance,
            "theta_bound": self.theta_bound,
            "band_limit": self.band_limit,
            "reaction_rate": self.reaction_rate,
        }
        return NewtonCondition.model_validate({**base, **settings, "name": name, "seed": seed})

    def _unbounded(self, settings: dict[str, object]) -> int:
        """Cost of all iterations: the sweep compares Newton with itself, so wide nets must not get fewer of them."""
        hidden = (1, *cast(Hidden, settings["hidden"]))
        parameters = sum((inputs + 1) * units for inputs, units in pairwise(hidden)) + hidden[-1] + 1
        return max(self.budget, (self.max_iterations + 2) * (parameters + 50))


def _number(value: float) -> str:
    """A number in a name, short where that says it all: two values never share one."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _network(hidden: tuple[int, ...]) -> str:
    return "x".join(map(str, hidden))
