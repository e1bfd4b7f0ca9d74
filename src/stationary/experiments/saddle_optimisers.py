"""Optimisers near saddles, by hidden size: SGD, Adam, damped and saddle-free Newton from common starts (Dauphin et al. 2014,
arXiv 1406.2572, figure 3; claim D6).

As there, an iteration of a method with a Hessian counts as an epoch, since it reads the data once; what it costs in
gradient-equivalents stands in the column ``cost``. The number of epochs is the same for every method and every size.
Neither batch size nor rates are published. Ours: minibatches of ten; every start is run at every rate of a grid of half
decades, and the rate with the lowest mean log final loss over the starts stands in the table, one per method and size. The
choice is made on the very runs that are compared, which can only favour the methods with a rate; what it costs is not counted
against them. Both Newton methods search for their damping at every step instead, and that is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import scipy.linalg

from stationary import progress, seeds, tables
from stationary.config.saddle_condition import SaddleProblem
from stationary.experiments import saddle_problem
from stationary.experiments.saddle_paths import Paths, follow
from stationary.experiments.saddle_problem import Loss
from stationary.experiments.saddle_tables import OPTIMISERS
from stationary.methods import minibatch_descent, shifted_newton
from stationary.methods.result import GRADIENT_COST, VALUE_COST, Snapshot, Stopping, judge_end
from stationary.termination import Termination

Array = Any

BATCH = 10
"""Samples per minibatch."""

RATES = {"sgd": (0.03, 0.1, 0.3, 1.0), "adam": (0.003, 0.01, 0.03, 0.1)}
"""Grids of learning rates. Wide enough that the best one lies inside at 5, 25 and 50 units on 4 x 4 digits."""

NEWTON = {"damped_newton": shifted_newton.damped_newton, "saddle_free_newton": shifted_newton.saddle_free_newton}

EVERY, DENSE = 5, 10
"""Epochs up to the tenth are all recorded, later ones every fifth, and the last."""


@dataclass(frozen=True)
class _Runs:
    """One method's runs: points by epoch, gradient-equivalents per epoch, learning rate (NaN for none)."""

    paths: Paths
    price: float
    rate: float = np.nan


def run(problem: SaddleProblem, *, epochs: int) -> pa.Table:
    """All optimisers at one hidden size.

    Args:
        problem: a classifier with one hidden layer, e.g. from ``SaddleSettings.optimiser_problems``.
        epochs: passes over the data or iterations.

    Returns:
        a table of the schema ``OPTIMISERS``, by method, start and epoch. A run that converged or found no step ends before
        the last epoch; its last row is where it stays. One that diverged has losses that are not finite.

    Raises:
        UserError: if the dataset cannot be read.
    """
    loss = saddle_problem.loss(problem)
    starts = saddle_problem.random_starts(problem, loss.whole.layout, "optimiser_start", range(problem.starts))
    with progress.bar(3 * problem.starts * epochs, problem.name, unit="epochs") as advance:
        runs = _first_order(problem, loss, starts, epochs, advance)
        for name in NEWTON:
            runs[name] = _second_order(name, loss.whole, starts, epochs, advance)
    parts = [_table(problem, name, these, loss.whole, epochs) for name, these in runs.items()]
    return tables.concat(parts)


def recorded(epochs: int) -> list[int]:
    """Epochs with a row.

    >>> recorded(17)
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 17]
    """
    return [epoch for epoch in range(epochs + 1) if epoch <= DENSE or epoch % EVERY == 0 or epoch == epochs]


def measured(epochs: int) -> list[int]:
    """Epochs at which the lowest eigenvalue is computed: 1, 2, 5 and their tenfolds among the recorded ones, the ends too.

    >>> measured(120)
    [0, 1, 2, 5, 10, 20, 50, 100, 120]
    """
    series = {digit * 10**power for digit in (1, 2, 5) for power in range(9)}
    return [epoch for epoch in recorded(epochs) if epoch in series | {0, epochs}]


def _first_order(problem: SaddleProblem, loss: Loss, starts: Array, epochs: int, advance: progress.Advance) -> dict[str, _Runs]:
    """SGD and Adam at every rate, start by start: each start has an order of the samples of its own, its rates share it."""
    kept = recorded(epochs)
    seen = []  # [epochs kept, rates of both, P] per start
    for number, start in enumerate(starts):
        updates = (minibatch_descent.Sgd(RATES["sgd"]), minibatch_descent.Adam(RATES["adam"]))
        stream = seeds.generator(problem.seed, "saddles/optimiser_order", problem.name, number)
        later = minibatch_descent.descend(loss.part, loss.samples, start, updates, batch=BATCH, epochs=epochs, stream=stream)
        first = np.repeat(start[None], sum(map(len, RATES.values())), axis=0)
        seen.append(np.stack([first, *(theta for epoch, theta in enumerate(later, start=1) if epoch in kept)]))
        advance(epochs)
    split = np.split(np.array(seen), [len(RATES["sgd"])], axis=2)
    return {name: _best_rate(loss.whole, theta, name, epochs) for name, theta in zip(RATES, split, strict=True)}


def _best_rate(landscape: Any, theta: Array, name: str, epochs: int) -> _Runs:
    """The runs at the rate with the lowest mean log final loss: points [R, epochs kept, rates, P]."""
    replicas, records, rates, parameters = theta.shape
    with np.errstate(over="ignore", invalid="ignore"):
        final = landscape.value(theta[:, -1].reshape(-1, parameters)).reshape(replicas, rates)
        score = np.where(np.isfinite(final), np.log(final), np.inf).mean(axis=0)
    best = int(np.argmin(score))
    chosen = theta[:, :, best]
    otherwise = np.full(replicas, Termination.MAX_ITERATIONS, dtype=object)
    termination = judge_end(landscape, chosen[:, -1], Stopping(epochs, np.inf), otherwise)
    start, epoch = np.repeat(np.arange(replicas), records), np.tile(recorded(epochs), replicas)
    return _Runs(Paths(start, epoch, chosen.reshape(-1, parameters), termination), GRADIENT_COST, RATES[name][best])


def _second_order(name: str, landscape: Any, starts: Array, epochs: int, advance: progress.Advance) -> _Runs:
    """A method with a Hessian from all starts at once."""
    shown = 0

    def observe(now: Snapshot) -> None:
        nonlocal shown
        number = len(now.replicas) if now.iteration < epochs else 0
        shown += number
        advance(number)

    paths = follow(NEWTON[name], landscape, starts, Stopping(epochs, np.inf), kept=set(recorded(epochs)), observe=observe)
    advance(len(starts) * epochs - shown)  # iterations that ended runs do not make
    # A gradient, a Hessian of P columns and a value per damping that is tried.
    return _Runs(paths, GRADIENT_COST + landscape.n_parameters + VALUE_COST * shifted_newton.SHIFTS.size)


def _table(problem: SaddleProblem, name: str, runs: _Runs, landscape: Any, epochs: int) -> pa.Table:
    paths = runs.paths
    wanted = np.isin(paths.iteration, measured(epochs)) | paths.last
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = landscape.value_and_gradient(paths.theta)
        error = np.where(np.isfinite(loss), landscape.error(paths.theta), np.nan)
        norm = np.linalg.norm(gradient, axis=1)
    columns: dict[str, object] = {
        "hidden": np.full(len(loss), problem.hidden[0]),
        "method": [name] * len(loss),
        "start": paths.start,
        "learning_rate": np.full(len(loss), runs.rate),
        "epoch": paths.iteration,
        "cost": runs.price * paths.iteration,
        "loss": loss,
        "train_error": error,
        "gradient_norm": norm,
        "lowest_eigenvalue": _lowest_eigenvalues(landscape, paths.theta, wanted & np.isfinite(norm)),
        "termination": [str(paths.termination[start]) for start in paths.start],
    }
    return tables.from_columns(columns, OPTIMISERS)


def _lowest_eigenvalues(landscape: Any, theta: Array, wanted: Array) -> Array:
    """Of the exact Hessian at the wanted points, NaN elsewhere: [N, P], [N] -> [N]."""
    lowest = np.full(len(theta), np.nan)
    for point in np.flatnonzero(wanted):  # one at a time: a stack of these Hessians would only cost memory
        hessian = landscape.hessian(theta[point : point + 1])[0]
        if np.isfinite(hessian).all():
            lowest[point] = scipy.linalg.eigh(hessian, eigvals_only=True, subset_by_index=(0, 0), check_finite=False)[0]
    return lowest
