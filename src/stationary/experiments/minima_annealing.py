"""Annealing against stochastic gradient descent from the same starts, on the same data, at equal cost.

Twin of Choromanska et al. 2015 (AISTATS), figure 6. Cost is evaluations times samples, in the project's gradient-equivalents: a
proposal is one loss over all training samples (1/2 each), descent's epoch one gradient over them (1 each), so N proposals are
matched by N / 2 epochs. Annealing keeps the best point by training loss; descent its last one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.devices import Xla
from stationary.config.minima import AnnealingCondition
from stationary.datasets.images import Images
from stationary.experiments.minima_training import Problem, order_streams, prepare, runs_table
from stationary.methods.annealing import Cooling, anneal
from stationary.methods.ensemble_network import N_CLASSES, split_blocks
from stationary.methods.ensemble_sgd import Descent, train
from stationary.methods.result import GRADIENT_COST, VALUE_COST

Array = Any

STACK_NETWORKS = 32
"""Networks annealed at once at most."""


def run(condition: AnnealingCondition, images: Images, *, mem_mb: float = 1500.0, xla: Xla = "auto") -> pa.Table:
    """Both methods on every network of one width.

    Args:
        condition: data, width, number of proposals.
        images: the dataset that the condition names.
        mem_mb: memory for the stacks.
        xla: whether XLA compiles the descent.

    Returns:
        table of the schema ``RUNS``, annealing's rows first; one method's row i has the start and the data of the other's.
    """
    groups = range(-(-condition.networks // condition.group))
    problem = prepare(condition, images, groups, samples=condition.samples)
    steps, samples = condition.epochs, problem.train.shape[1]
    epochs = descent_epochs(steps)
    descent = Descent(condition.batch_size, epochs, condition.learning_rate, condition.decay_epochs)
    orders = order_streams(condition, problem)
    with progress.bar(2 * steps * problem.networks.size, condition.name, unit="evaluations") as advance:
        annealed, accepted = _anneal(condition, problem, steps, advance)
        descended = train(
            *(problem.x, problem.y, problem.train, problem.theta, problem.shape, descent, orders),
            mem_mb=mem_mb,
            of_groups=len(groups),
            xla=xla,
            advance=lambda networks: advance(networks * steps),
        )
    common = {"condition": condition.name, "setting": condition.setting}
    of_annealing = {**common, "method": "annealing", "epochs": float(steps), "batch_size": samples}
    of_descent = {**common, "method": "sgd", "epochs": float(epochs)}
    return tables.concat(
        [
            runs_table(condition, problem, annealed, of_annealing, accepted),
            runs_table(condition, problem, descended, of_descent),
        ]
    )


def descent_epochs(steps: int) -> int:
    """Epochs of descent that cost as much as so many proposals on the same samples.

    >>> descent_epochs(20_000)
    10000
    """
    return max(1, round(steps * VALUE_COST / GRADIENT_COST))


def _anneal(condition: AnnealingCondition, problem: Problem, steps: int, advance: progress.Advance) -> tuple[Array, Array]:
    """Best points [groups, G, P] and shares accepted [groups * G]."""
    groups, networks, parameters = problem.theta.shape
    stack = max(1, STACK_NETWORKS // networks)
    end, accepted = np.empty_like(problem.theta), np.empty((groups, networks))
    for first in range(0, groups, stack):
        chosen = np.arange(first, min(first + stack, groups))
        numbers = problem.networks.reshape(groups, networks)[chosen].ravel()
        found = anneal(
            training_loss(problem, chosen),
            problem.theta[chosen].reshape(-1, parameters),
            Cooling(steps),
            *([_stream(condition, f"minima/annealing_{what}", int(n)) for n in numbers] for what in ("move", "chance")),
            advance=functools.partial(_scaled, advance, numbers.size),
        )
        end[chosen] = found.theta.reshape(-1, networks, parameters)
        accepted[chosen] = found.accepted.reshape(-1, networks)
    return end, accepted.ravel()


def training_loss(problem: Problem, groups: Array) -> Callable[[Array], Array]:
    """The groups' mean training loss as a function of theta, float32, [groups * G, P] -> [groups * G]."""
    rows, shape = problem.train[groups], problem.shape
    pixels = np.concatenate([problem.x[rows].swapaxes(1, 2), np.ones((rows.shape[0], 1, rows.shape[1]), np.float32)], axis=1)
    target = np.ascontiguousarray(np.eye(N_CLASSES, dtype=np.float32)[problem.y[rows]].swapaxes(1, 2))
    networks, samples = problem.theta.shape[1], rows.shape[1]
    units = np.empty((rows.shape[0], networks * shape.width, samples), dtype=np.float32)
    by_network = units.reshape(rows.shape[0], networks, shape.width, samples)
    logits = np.empty((rows.shape[0], networks, N_CLASSES, samples), dtype=np.float32)

    def value(theta: Array) -> Array:
        first, second = split_blocks(shape, theta.reshape(rows.shape[0], networks, -1))
        np.matmul(first.reshape(rows.shape[0], -1, shape.inputs + 1), pixels, out=units)
        np.maximum(units, 0.0, out=units)
        np.matmul(second[..., :-1], by_network, out=logits)
        np.add(logits, second[..., -1:], out=logits)
        np.subtract(logits, logits.max(axis=2, keepdims=True), out=logits)
        own = np.einsum("sgcn,scn->sg", logits, target)
        np.exp(logits, out=logits)
        return ((np.log(logits.sum(axis=2)).sum(axis=2) - own) / np.float32(samples)).ravel()

    return value


def _scaled(advance: progress.Advance, networks: int, steps: int) -> None:
    advance(networks * steps)


def _stream(condition: AnnealingCondition, what: str, network: int) -> np.random.Generator:
    return seeds.generator(condition.seed, what, f"{condition.dataset}-{condition.width}", network)
