"""Where searches for critical points start: along descents, uniformly in loss, with and without noise; and at random.

Starts come in rounds of five: an SGD iterate, another with noise, a saddle-free Newton iterate, another with noise, a random
point. Dauphin et al. (2014) started near iterates of saddle-free Newton, with and without noise; how iterates were chosen is
not published, so this is our design. Choosing uniformly in loss follows Frye et al. (2019): uniformly in time, nearly all
starts would lie at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.saddle_condition import SaddleProblem
from stationary.experiments import saddle_problem
from stationary.experiments.saddle_tables import STARTS
from stationary.methods.result import Snapshot, Stopping
from stationary.methods.shifted_newton import saddle_free_newton

Array = Any

ROUND = (("sgd", False), ("sgd", True), ("saddle_free", False), ("saddle_free", True), ("random", False))
"""Source of a start, and whether noise is added, by its number modulo five."""

NOISE = (1e-1, 1e-2, 1e-3, 1e-4)
"""Amplitudes, in turn (the range that Dauphin et al. name)."""

SGD_STEPS, KEPT_EVERY = 2000, 5
SGD_RATE, LINEAR_RATE, SGD_BATCH = 0.5, 0.025, 50
"""Constant rates, ours: no trajectory of the default problems leaves the finite world at them. At random starts the largest
eigenvalue is 5.8 on the linear autoencoder and 0.2 to 1.3 on the others."""

SADDLE_FREE_ITERATIONS = 60


@dataclass(frozen=True)
class _Trajectories:
    """Iterates [T, R, P] and their losses [T, R] of the R trajectories of one source."""

    theta: Array
    loss: Array

    def at(self, trajectory: int, level: float) -> tuple[float, Array]:
        """The iterate whose loss is nearest to a level between the lowest (0) and the highest (1) of a trajectory."""
        loss = self.loss[:, trajectory]
        lowest, highest = np.nanmin(loss), np.nanmax(loss)
        nearest = int(np.nanargmin(np.abs(loss - (lowest + level * (highest - lowest)))))
        return float(loss[nearest]), self.theta[nearest, trajectory]


def run(problem: SaddleProblem) -> pa.Table:
    """All starts of a problem, the same for every finder: a table of the schema ``STARTS``.

    Start i depends on the root seed, the problem and i alone, and on the trajectories, of which a start uses one.
    """
    here = saddle_problem.loss(problem)
    with progress.bar(2, f"{problem.name} trajectories", unit="sources") as advance:
        paths = {"sgd": _sgd(problem, here)}
        advance(1)
        paths["saddle_free"] = _saddle_free(problem, here)
        advance(1)
    numbers = range(problem.starts)
    random = saddle_problem.random_starts(problem, here.whole.layout, "start", numbers)
    random_loss = here.whole.value(random)
    rows: list[dict[str, object]] = []
    for number in numbers:
        (source, noisy), turn = ROUND[number % len(ROUND)], number // len(ROUND)
        row: dict[str, object] = {
            "problem": problem.name,
            "start": number,
            "source": source,
            "trajectory": number,
            "noise": 0.0,
        }
        if source == "random":
            rows.append(row | {"loss": float(random_loss[number]), "theta": random[number]})
            continue
        stream = seeds.generator(problem.seed, "saddles/level", problem.name, number)
        trajectory = turn % problem.trajectories
        loss, theta = paths[source].at(trajectory, stream.uniform())
        noise = NOISE[turn % len(NOISE)] if noisy else 0.0
        theta = theta + noise * stream.normal(size=theta.size)
        rows.append(row | {"trajectory": trajectory, "noise": noise, "loss": loss, "theta": theta})
    return tables.from_columns({name: [row[name] for row in rows] for name in STARTS.names}, STARTS)


def _sgd(problem: SaddleProblem, here: saddle_problem.Loss) -> _Trajectories:
    """Trajectories of SGD from common kinds of start; all see the same minibatches, which costs one landscape per step."""
    theta = saddle_problem.random_starts(problem, here.whole.layout, "sgd", range(problem.trajectories))
    stream = seeds.generator(problem.seed, "saddles/minibatches", problem.name, 0)
    rate = LINEAR_RATE if problem.kind == "linear_autoencoder" else SGD_RATE
    kept = [theta]
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(1, SGD_STEPS + 1):
            rows = stream.choice(here.samples, size=min(SGD_BATCH, here.samples), replace=False)
            theta = theta - rate * here.part(rows).gradient(theta)
            if step % KEPT_EVERY == 0:
                kept.append(theta)
        return _finite(here.whole, np.stack(kept))


def _saddle_free(problem: SaddleProblem, here: saddle_problem.Loss) -> _Trajectories:
    theta = saddle_problem.random_starts(problem, here.whole.layout, "saddle_free", range(problem.trajectories))
    kept = np.repeat(theta[None], SADDLE_FREE_ITERATIONS + 1, axis=0)

    def record(snapshot: Snapshot) -> None:  # a run that has ended stays where it is
        kept[snapshot.iteration :, snapshot.replicas] = snapshot.theta

    saddle_free_newton(here.whole, theta, Stopping(SADDLE_FREE_ITERATIONS, np.inf), observe=record)
    return _finite(here.whole, kept)


def _finite(landscape: Any, theta: Array) -> _Trajectories:
    """With losses, NaN where an iterate is not finite."""
    loss = np.stack([landscape.value(row) for row in theta])
    return _Trajectories(theta, np.where(np.isfinite(loss), loss, np.nan))
