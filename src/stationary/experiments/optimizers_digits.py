"""The ten optimisers from common random starts on a small classifier of digits (beside claims C1 and C2).

One hidden layer of tanh units on 4 x 4 pixels, mean cross-entropy of all samples, the weight decay of the networks on which the
saddle experiment compares optimisers. Batches are full: what minibatches do stands elsewhere. No global minimum is known here.
The best known loss is the lowest that any run saw, and the target, as on the polynomials, lies above it by the margin times the
gap to a critical level, here the loss of the network that says nothing (theta = 0). Rates are chosen per optimiser from the
common grid, on starts of their own and a third of the budget, by the lowest mean final loss.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, tables
from stationary.config.optimizers import DigitsSettings
from stationary.config.saddle_condition import SaddleProblem
from stationary.datasets import images
from stationary.experiments import optimizers_methods as ten
from stationary.experiments import saddle_problem
from stationary.experiments.optimizers_landscapes import MARGIN
from stationary.experiments.optimizers_meter import Trace
from stationary.experiments.optimizers_tables import DIGITS
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import CrossEntropy
from stationary.methods.result import Result, Stopping
from stationary.termination import AWAY, Termination

Array = Any

SIDE = 4
"""Images are scaled to SIDE x SIDE pixels."""

L2 = 1e-3
"""Weight of 1/2 |theta|^2; without it cross-entropy has no minimum once all samples are told apart."""


@dataclass(frozen=True)
class _Runs:
    """One optimiser's runs: ends, learning rate (NaN for none), all values seen."""

    result: Result
    rate: float
    trace: Trace


def problem(settings: DigitsSettings, seed: int) -> SaddleProblem:
    """The classifier, as the saddle experiment describes its own; its starts are numbered from 0."""
    return SaddleProblem(
        name="optimizers_digits",
        kind="classifier",
        dataset="digits",
        path="",
        side=SIDE,
        inputs=0,
        hidden=(settings.hidden,),
        activation="tanh",
        l2=L2,
        samples=settings.samples,
        starts=settings.starts,
        trajectories=1,
        seed=seed,
    )


def run(settings: DigitsSettings, seed: int) -> pa.Table:
    """All optimisers from all starts.

    Args:
        settings: samples, hidden units, numbers of starts, budget.
        seed: root seed of samples and starts.

    Returns:
        table of the schema ``DIGITS``, by optimiser and start.
    """
    here = problem(settings, seed)
    landscape = saddle_problem.loss(here).whole
    starts = saddle_problem.random_starts(here, landscape.layout, "optimizers_start", range(settings.starts))
    stopping = Stopping(settings.budget, settings.budget)
    runs = {}
    with progress.bar(len(ten.METHODS), "optimisers on digits", unit="optimisers") as advance:
        for method in ten.METHODS:
            rate = _rate(method, here, landscape, settings) if method in ten.WITH_RATE else np.nan
            trace = Trace(settings.starts)
            runs[method] = _Runs(ten.run(method, landscape, starts, stopping, rate, trace), rate, trace)
            advance(1)
    best = min(float(one.trace.lowest().min()) for one in runs.values())
    return tables.concat([_table(method, landscape, starts, one, best) for method, one in runs.items()])


def _rate(method: str, here: SaddleProblem, landscape: Any, settings: DigitsSettings) -> float:
    own = range(settings.rate_starts)
    one = saddle_problem.random_starts(here, landscape.layout, "optimizers_rate_start", own)
    theta, column = np.tile(one, (len(ten.RATES), 1)), np.repeat(ten.RATES, settings.rate_starts)
    steps = max(1, settings.budget // 3)
    trace = Trace(len(theta))
    end = ten.run(method, landscape, theta, Stopping(steps, steps), column, trace)
    with np.errstate(over="ignore", invalid="ignore"):
        return ten.best_rate(landscape.value(end.theta))


def _table(method: str, landscape: Any, starts: Array, runs: _Runs, best: float) -> pa.Table:
    number, theta = len(starts), runs.result.theta
    trivial = float(landscape.value(np.zeros((1, landscape.n_parameters)))[0])
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = landscape.value_and_gradient(theta)
        norm, excess = np.linalg.norm(gradient, axis=1), (loss - best) / (trivial - best)
    first = np.linalg.norm(landscape.gradient(starts), axis=1)
    cost = runs.trace.cost_to(best + MARGIN * (trivial - best))
    lost = np.isin(runs.result.termination.astype(str), [str(Termination.DIVERGED), str(Termination.AT_INFINITY)])
    trapped = (excess > MARGIN) & ~lost & np.isnan(cost)
    columns: dict[str, object] = {
        "method": [method] * number,
        "learning_rate": np.full(number, runs.rate),
        "start": np.arange(number),
        "termination": [str(code) for code in runs.result.termination],
        "iterations": runs.result.iterations,
        "cost": runs.result.cost,
        "loss": loss,
        "lowest_loss": runs.trace.lowest(),
        "best_loss": np.full(number, best),
        "trivial_loss": np.full(number, trivial),
        "excess": excess,
        "start_gradient_norm": first,
        "gradient_norm": norm,
        "train_error": landscape.error(theta),
        "test_error": held_out(landscape).error(theta),
        "cost_to_target": cost,
        "trapped": trapped,
        "at_small_gradient": trapped & (norm <= AWAY * first),
        "layout": [json.dumps([[block.name, list(block.shape), block.offset] for block in landscape.layout])] * number,
        "theta": theta,
    }
    return tables.from_columns(columns, DIGITS)


def held_out(landscape: DeepNetwork) -> DeepNetwork:
    """The same network, [R, P] -> [R], on the 360 samples of the dataset's test part."""
    data = images.load("digits", side=SIDE)
    target = CrossEntropy(data.y_test, images.N_CLASSES)
    return DeepNetwork(data.x_test.astype(np.float64), target, landscape.hidden, landscape.activation, l2=landscape.l2)
