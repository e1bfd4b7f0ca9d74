"""The optimisers of the Newton experiment by name, with what distinguishes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from stationary.config.newton import Method, NewtonCondition
from stationary.methods.first_order import first_order
from stationary.methods.gauss_newton import gauss_newton, levenberg_marquardt
from stationary.methods.newton import newton
from stationary.methods.quasi_newton import minimize
from stationary.methods.result import Observer, Result, Stopping
from stationary.methods.shifted_newton import damped_newton, saddle_free_newton
from stationary.methods.truncated_newton import truncated_newton
from stationary.spectra import EPS

Array = Any
Limit = Literal["max_iterations", "remedy_iterations", "gradient_iterations", "first_order_iterations"]


@dataclass(frozen=True)
class Entry:
    """A method of the experiment.

    Attributes:
        run: called with landscape, starts, stopping rule and observer.
        step_rule: as the table shows it.
        cut: relative eigenvalue cut; None for P eps, NaN where there is none.
        limit: the setting that caps its iterations.
        descends: whether every accepted step lowers the loss or is meant to; claim N8 is about these.
    """

    run: Callable[..., Result]
    step_rule: str
    cut: float | None = np.nan
    limit: Limit = "max_iterations"
    descends: bool = True


def _scipy(method: str, limit: Limit) -> Entry:
    return Entry(partial(minimize, method=method, wanted=recorded), "library", limit=limit)


def _keras(method: str) -> Entry:
    return Entry(partial(first_order, method=method, wanted=recorded), "fixed rate", limit="first_order_iterations")


def recorded(iteration: int) -> bool:
    """Whether the trajectory of a long run keeps this iteration: all up to 20, then about twenty per decade.

    >>> [k for k in range(40) if recorded(k) and k > 18]
    [19, 20, 23, 26, 29, 32, 36]
    """
    if iteration <= 20:
        return True
    position = 20 * np.log10(iteration / 20.0)
    return bool(np.floor(position) > np.floor(20 * np.log10((iteration - 1) / 20.0)))


METHODS: dict[Method, Entry] = {
    "newton": Entry(newton, "unit", cut=None, descends=False),
    "newton_cut_1e-10": Entry(partial(newton, cut=1e-10), "unit", cut=1e-10, descends=False),
    "newton_cut_1e-6": Entry(partial(newton, cut=1e-6), "unit", cut=1e-6, descends=False),
    "newton_damped_step": Entry(partial(newton, step_rule="damped"), "damped", cut=None, descends=False),
    "newton_gradient_search": Entry(partial(newton, step_rule="gradient_search"), "gradient_search", cut=None, descends=False),
    "newton_loss_search": Entry(partial(newton, step_rule="loss_search"), "loss_search", cut=None),
    "newton_loss_search_flipped": Entry(partial(newton, step_rule="loss_search_flipped"), "loss_search_flipped", cut=None),
    "damped_newton": Entry(damped_newton, "best shift", limit="remedy_iterations"),
    "saddle_free_newton": Entry(saddle_free_newton, "best shift", limit="remedy_iterations"),
    "gauss_newton": Entry(gauss_newton, "loss_search", cut=None, limit="remedy_iterations"),
    "levenberg_marquardt": Entry(levenberg_marquardt, "gain ratio", limit="gradient_iterations"),
    "truncated_newton": Entry(truncated_newton, "loss_search", limit="remedy_iterations"),
    "bfgs": _scipy("BFGS", "gradient_iterations"),
    "l_bfgs": _scipy("L-BFGS-B", "gradient_iterations"),
    "nonlinear_cg": _scipy("CG", "gradient_iterations"),
    "trust_region": _scipy("trust-krylov", "remedy_iterations"),
    "gradient_descent": _keras("gradient_descent"),
    "adam": _keras("adam"),
}


def run_method(condition: NewtonCondition, method: Method, landscape: Any, theta: Array, observe: Observer) -> Result:
    """Run a method by name under the condition's common stopping rule."""
    entry = METHODS[method]
    iterations: int = getattr(condition, entry.limit)
    stopping = Stopping(iterations, condition.budget, condition.gradient_tolerance, condition.theta_bound)
    return entry.run(landscape, theta, stopping, observe=observe)


def cut_of(method: Method, parameters: int) -> float:
    """The relative cut as a number."""
    cut = METHODS[method].cut
    return parameters * EPS if cut is None else cut
