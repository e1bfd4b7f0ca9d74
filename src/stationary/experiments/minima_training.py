"""Many networks per width, trained alike from random starts: how do train and test loss spread?

Twin of Choromanska et al. 2015 (AISTATS), section 5. Networks differ in their start and, by order group, in the order of their
minibatches; groups take the random divisions of the data in turn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.devices import Xla
from stationary.config.minima import MinimaCondition
from stationary.datasets.images import Images
from stationary.datasets.splits import halves, pooled
from stationary.experiments.minima_tables import POINTS, RUNS
from stationary.methods.ensemble_measure import measure
from stationary.methods.ensemble_network import Shape, starts
from stationary.methods.ensemble_sgd import Descent, train
from stationary.termination import Termination

Array = Any


@dataclass(frozen=True)
class MinimaTables:
    """What one job writes."""

    runs: pa.Table
    points: pa.Table


@dataclass(frozen=True, eq=False)
class Problem:
    """Networks of some order groups with the data they see.

    Attributes:
        x: all pixels, [N, d].
        y: all labels, [N].
        train: each group's training samples, [groups, n].
        test: each group's test samples, [groups, m].
        split: each group's division of the data, [groups].
        groups: the groups' numbers.
        shape: architecture.
        theta: starts, [groups, G, P].
    """

    x: Array
    y: Array
    train: Array
    test: Array
    split: Array
    groups: range
    shape: Shape
    theta: Array

    @property
    def networks(self) -> Array:
        """Numbers of the networks, [groups * G]."""
        size = self.theta.shape[1]
        return np.arange(self.groups.start * size, self.groups.stop * size)


def run(
    condition: MinimaCondition,
    images: Images,
    *,
    block: int = 0,
    groups_per_block: int | None = None,
    mem_mb: float = 1500.0,
    xla: Xla = "auto",
) -> MinimaTables:
    """Train one block of a condition's order groups.

    Args:
        condition: data, start, width, length.
        images: the dataset that the condition names.
        block: number of the block, from 0.
        groups_per_block: order groups per block; all of them if None. A row depends on its network's number alone.
        mem_mb: memory for the stack, as the job was given.
        xla: whether XLA compiles the training.

    Returns:
        table of runs, and of end points of the networks that the condition keeps.
    """
    total = -(-condition.networks // condition.group)
    size = total if groups_per_block is None else groups_per_block
    groups = range(block * size, min((block + 1) * size, total))
    problem = prepare(condition, images, groups)
    orders = order_streams(condition, problem)
    descent = Descent(condition.batch_size, condition.epochs, condition.learning_rate, condition.decay_epochs, condition.l2)
    with progress.bar(len(groups) * condition.group, condition.name, unit="networks") as advance:
        end = train(
            *(problem.x, problem.y, problem.train, problem.theta, problem.shape, descent, orders),
            mem_mb=mem_mb,
            of_groups=total,
            xla=xla,
            advance=advance,
        )
    labels = {"condition": condition.name, "setting": condition.setting, "method": "sgd", "epochs": float(condition.epochs)}
    return MinimaTables(runs_table(condition, problem, end, labels), _points_table(condition, problem, end))


def prepare(condition: MinimaCondition, images: Images, groups: range, samples: int | None = None) -> Problem:
    """Data and starts of some order groups; with ``samples``, only that many training samples of each division.

    The last group is whole even if the condition asks for fewer networks: the others of the group do not depend on them, but
    shapes do.
    """
    x, y = pooled(images)
    divisions = halves(images, condition.seed, condition.splits)
    split = np.array([condition.split_of(group) for group in groups], dtype=np.int64)
    shape = Shape(x.shape[1], condition.width, condition.activation)
    theta = [
        [
            starts(shape, condition.start, _stream(condition, "minima/start", condition.split_of(group), index))
            for index in range(group * condition.group, (group + 1) * condition.group)
        ]
        for group in groups
    ]
    train_rows, test_rows = (np.stack([divisions[s][part] for s in split]) for part in (0, 1))
    return Problem(x, y, train_rows[:, :samples], test_rows, split, groups, shape, np.array(theta, dtype=np.float32))


def order_streams(condition: MinimaCondition, problem: Problem) -> list[np.random.Generator]:
    """The stream from which each group's minibatches are ordered."""
    numbered = zip(problem.split.tolist(), problem.groups, strict=True)
    return [_stream(condition, "minima/order", split, group) for split, group in numbered]


def runs_table(
    condition: MinimaCondition, problem: Problem, end: Array, labels: dict[str, object], accepted: Array | None = None
) -> pa.Table:
    """Rows of the schema ``RUNS`` for end points [groups, G, P].

    Args:
        condition: of the networks.
        problem: their data.
        end: end points.
        labels: columns that are constant.
        accepted: shares of accepted proposals, [groups * G]; none for descent.
    """
    kept = problem.networks < condition.networks
    with np.errstate(over="ignore", invalid="ignore"):
        on_train = measure(problem.x, problem.y, problem.train, end, problem.shape, gradient=True)
        on_test = measure(problem.x, problem.y, problem.test, end, problem.shape)
        at_start = measure(problem.x, problem.y, problem.train, problem.theta, problem.shape, gradient=True)
        values = {
            "train_loss": _mean(on_train.loss),
            "test_loss": _mean(on_test.loss),
            "test_loss_even": _mean(on_test.loss[..., 0::2]),
            "test_loss_odd": _mean(on_test.loss[..., 1::2]),
            "train_error": _mean(on_train.wrong),
            "test_error": _mean(on_test.wrong),
            "start_gradient_norm": _norm(at_start.gradient, problem.theta, condition.l2),
            "gradient_norm": _norm(on_train.gradient, end, condition.l2),
        }
    whole = np.isfinite(end).all(axis=2).ravel() & np.isfinite(values["train_loss"]) & np.isfinite(values["test_loss"])
    columns: dict[str, object] = {name: value[kept] for name, value in values.items()}
    columns["accepted"] = [None] * int(kept.sum()) if accepted is None else accepted[kept]
    constant = {
        **labels,
        "n_inputs": problem.shape.inputs,
        "n_train": problem.train.shape[1],
        "n_test": problem.test.shape[1],
        "activation": condition.activation,
        "l2": condition.l2,
    }
    constant.setdefault("batch_size", min(condition.batch_size, problem.train.shape[1]))
    codes = np.where(whole, str(Termination.MAX_ITERATIONS), str(Termination.DIVERGED))[kept]
    columns |= _network_columns(condition, problem, kept) | {"termination": codes}
    columns |= {name: [value] * int(kept.sum()) for name, value in constant.items()}
    return tables.from_columns(columns, RUNS)


def _points_table(condition: MinimaCondition, problem: Problem, end: Array) -> pa.Table:
    kept = condition.keeps(problem.networks)
    layout = json.dumps([[block.name, list(block.shape), block.offset] for block in problem.shape.layout])
    constant: dict[str, object] = {"condition": condition.name, "setting": condition.setting, "method": "sgd", "layout": layout}
    constant |= {"activation": condition.activation, "l2": condition.l2}
    columns = _network_columns(condition, problem, kept)
    columns |= {name: [value] * int(kept.sum()) for name, value in constant.items()}
    columns["theta"] = end.reshape(-1, end.shape[2])[kept]
    return tables.from_columns(columns, POINTS)


def _network_columns(condition: MinimaCondition, problem: Problem, kept: Array) -> dict[str, object]:
    number = int(kept.sum())
    return {
        "dataset": [condition.dataset] * number,
        "width": [condition.width] * number,
        "seed": problem.networks[kept],
        "order_group": np.repeat(np.asarray(problem.groups), condition.group)[kept],
        "split": np.repeat(problem.split, condition.group)[kept],
    }


def _norm(gradient: Array, theta: Array, l2: float) -> Array:
    """2-norm with the share of weight decay, [groups * G]."""
    return np.linalg.norm(gradient + l2 * theta.astype(np.float64), axis=2).ravel()


def _mean(per_sample: Array) -> Array:
    return per_sample.mean(axis=2, dtype=np.float64).ravel()


def _stream(condition: MinimaCondition, what: str, split: int, number: int) -> np.random.Generator:
    """Everything that a network's result depends on, and nothing else."""
    name = f"{condition.dataset}-{condition.setting}-{split}-{condition.width}"
    return seeds.generator(condition.seed, what, name, number)
