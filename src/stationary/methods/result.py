"""What every method is given and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.termination import Termination

Array = Any

# Cost of one evaluation in gradient-equivalents: a value-and-gradient counts 1, and so does a Jacobian, the same two sweeps
# without the sum over samples; linear algebra with either is not counted. A Hessian-vector product is a forward and a
# backward sweep on top of the gradient's; a Hessian is counted as its P columns, the price of the best generic way (our
# structured one is cheaper, and an eigendecomposition, which is not counted, makes up for it: 9 P^3 flops).
VALUE_COST = 0.5
GRADIENT_COST = 1.0
PRODUCT_COST = 2.0


@dataclass(frozen=True)
class Stopping:
    """When a run ends, the same for every method (the words are fixed in config/claims.yaml).

    Attributes:
        max_iterations: iterations of the method.
        budget: gradient-equivalents.
        gradient_tolerance: relative to ``landscape.gradient_scale``.
        theta_bound: largest parameter norm that still counts as bounded.
    """

    max_iterations: int
    budget: float
    gradient_tolerance: float = 1e-10
    theta_bound: float = 1e8


@dataclass(frozen=True)
class Snapshot:
    """One iteration of the runs that are still going, each array with one row per run; or many iterations of one run.

    ``iteration`` is the number they share, or one per row where a method takes its runs one after the other.
    ``step_norm`` is the length of the step about to be taken; ``n_negative`` is -1 where the method has no spectrum.
    """

    replicas: Array
    iteration: int | Array
    theta: Array
    loss: Array
    gradient_norm: Array
    step_norm: Array
    n_negative: Array


Observer = Callable[[Snapshot], None]


@dataclass(frozen=True)
class Result:
    """Where R runs ended.

    Attributes:
        theta: [R, P].
        termination: one :class:`Termination` per run, object array [R].
        iterations: [R].
        cost: gradient-equivalents spent, [R].
    """

    theta: Array
    termination: Array
    iterations: Array
    cost: Array


class Ledger:
    """End points of a stack from which runs drop out one by one, and the indices of those still going."""

    def __init__(self, theta: Array) -> None:
        self.theta = np.array(theta, dtype=np.float64)
        replicas = self.theta.shape[0]
        self.termination = np.full(replicas, Termination.MAX_ITERATIONS, dtype=object)
        self.iterations = np.zeros(replicas, dtype=np.int64)
        self.cost = np.zeros(replicas)
        self.active = np.arange(replicas)

    def end(self, ended: Array, reason: Termination, theta: Array, iteration: int) -> None:
        """Close runs: ``ended`` is a mask over the active ones, ``theta`` their current points [active, P]."""
        runs = self.active[ended]
        self.theta[runs], self.termination[runs], self.iterations[runs] = theta[ended], reason, iteration

    def keep(self, kept: Array) -> None:
        """Go on with the active runs in ``kept`` (mask) only."""
        self.active = self.active[kept]

    def result(self) -> Result:
        """What has been recorded, once every run is closed."""
        return Result(self.theta, self.termination, self.iterations, self.cost)


def judge_end(landscape: Any, theta: Array, stopping: Stopping, otherwise: Array) -> Array:
    """Termination of methods without a spectrum: converged (small gradient), infinite, diverged, or ``otherwise``.

    Whether their steps were shrinking is not asked, which can only make more of their ends count as converged.

    Args:
        landscape: of the R runs.
        theta: end points, [R, P].
        stopping: the common rule.
        otherwise: what each run is called if it met none of them, object array [R].
    """
    termination = np.array(otherwise, dtype=object)
    finite = np.isfinite(theta).all(axis=1)
    safe = np.where(finite[:, None], theta, 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = landscape.value_and_gradient(safe)
        small = np.linalg.norm(gradient, axis=1) <= stopping.gradient_tolerance * landscape.gradient_scale(safe)
    termination[small] = Termination.CONVERGED
    termination[np.linalg.norm(safe, axis=1) > stopping.theta_bound] = Termination.AT_INFINITY
    termination[~(finite & np.isfinite(loss))] = Termination.DIVERGED
    return termination
