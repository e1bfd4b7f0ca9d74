"""Searches for critical points from common starts, and what their ends are: critical, gradient-flat, or neither.

A run counts as having found a critical point if the squared gradient norm where its finder stopped is below 1e-10 (Frye et al.
2019, arXiv 1901.10603). Such an end is refined by two Newton steps before its eigenvalues are counted, and keeps its row where
refinement fails; every other end is reported as it stands. Flatness is measured by one MINRES step that no finder shapes
(:mod:`stationary.methods.flatness`), along the run and at its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, tables
from stationary.config.saddle_condition import Finder, SaddleProblem, Search
from stationary.experiments import saddle_closed_form, saddle_ends, saddle_problem
from stationary.experiments.saddle_tables import FILTER, RUNS, START, TRAJECTORIES
from stationary.methods import critical_point
from stationary.methods.flatness import gradient_floor, measure
from stationary.methods.merit_search import FinderObserver, FinderSnapshot
from stationary.methods.refine import refine
from stationary.methods.result import Result, Stopping

Array = Any


@dataclass(frozen=True)
class SearchTables:
    """What one job writes."""

    runs: pa.Table
    trajectories: pa.Table


def run(problem: SaddleProblem, search: Search, starts: pa.Table) -> SearchTables:
    """Search from some starts with one finder.

    Args:
        problem: the landscape.
        search: the finder and its effort.
        starts: rows of the schema ``STARTS``; a row of the result depends on its own start alone.
    """
    landscape = saddle_problem.loss(problem).whole
    theta = starts["theta"].combine_chunks().flatten().to_numpy().reshape(-1, landscape.n_parameters)
    with progress.bar(len(theta), f"{problem.name} {search.finder}", unit="starts") as advance:
        watch = _Watch(landscape, search.flat_every, len(theta), advance)
        result = _find(landscape, theta, search, watch)
        watch.finish(result)
    runs = _runs(problem, search.finder, landscape, starts, theta, result, watch)
    return SearchTables(runs, watch.table(search.finder, starts))


def _find(landscape: Any, theta: Array, search: Search, observe: FinderObserver) -> Result:
    stopping = Stopping(search.iterations, np.inf)
    if search.finder == "newton_mr":
        return critical_point.newton_mr(landscape, theta, stopping, products=search.products, observe=observe)
    if search.finder == "damped_newton":
        return critical_point.damped_newton(landscape, theta, stopping, observe=observe)
    return critical_point.gradient_norm_minimisation(landscape, theta, stopping, observe=observe)


@dataclass
class _Watch:
    """An observer that measures flatness now and then and keeps loss and gradient norm wherever it does."""

    landscape: Any
    every: int
    replicas: int
    advance: Callable[[int], None]
    largest: Array = field(init=False)
    flat: Array = field(init=False)
    lifted: Array = field(init=False)
    measured: Array = field(init=False)
    rows: list[dict[str, Array]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.largest = np.zeros(self.replicas)
        self.flat, self.lifted, self.measured = (np.zeros(self.replicas, dtype=np.int64) for _ in range(3))
        self.seen, self.ended = np.zeros(self.replicas, dtype=bool), 0

    def __call__(self, snapshot: FinderSnapshot) -> None:
        """Record one iteration."""
        self.seen[snapshot.replicas] = True  # groups of runs follow one another: who was seen and is not there has ended
        ended = int(self.seen.sum()) - snapshot.replicas.size
        self.advance(ended - self.ended)
        self.ended = ended
        if snapshot.iteration % self.every == 0:
            have = snapshot.gradient, snapshot.hessian
            self._measure(snapshot.replicas, snapshot.iteration, snapshot.theta, snapshot.loss, *have)

    def finish(self, result: Result) -> None:
        """Measure the ends, unless an end was the last iterate measured."""
        self.advance(self.replicas - self.ended)
        last = {int(run): int(now) for rows in self.rows for run, now in zip(rows["run"], rows["iteration"], strict=True)}
        ends = np.flatnonzero(saddle_ends.finite(self.landscape, result.theta))
        missing = np.array([run for run in ends if last.get(int(run)) != result.iterations[run]], dtype=np.int64)
        if missing.size:
            theta = result.theta[missing]
            here = self.landscape.take(missing)
            self._measure(missing, result.iterations[missing], theta, here.value(theta), here.gradient(theta), None)

    def _measure(
        self, runs: Array, iteration: Array | int, theta: Array, loss: Array, gradient: Array, hessian: Array | None
    ) -> None:
        """One row per run; the Hessian is formed where the finder has none."""
        here = self.landscape.take(runs)
        known = here.hessian(theta) if hessian is None else hessian
        seen = measure(known, gradient, floor=gradient_floor(here, theta))
        self.largest[runs] = np.maximum(self.largest[runs], np.where(seen.stalled, seen.residual, 0.0))
        self.flat[runs] += seen.flat
        self.lifted[runs] += seen.flat_lifted
        self.measured[runs] += 1
        self.rows.append(
            {
                "run": runs,
                "iteration": np.broadcast_to(iteration, runs.shape),
                "loss": loss,
                "gradient_norm": np.linalg.norm(gradient, axis=1),
                "residual": np.where(seen.resolved, seen.residual, np.nan),
                "residual_h": np.where(seen.resolved, seen.residual_h, np.nan),
                "flat": seen.flat,
            }
        )

    def table(self, finder: Finder, starts: pa.Table) -> pa.Table:
        """All that was recorded, run by run."""
        if not self.rows:
            return tables.empty(TRAJECTORIES)
        joined = {name: np.concatenate([row[name] for row in self.rows]) for name in self.rows[0]}
        order = np.lexsort((joined["iteration"], joined["run"]))
        run = joined.pop("run")[order]
        columns: dict[str, object] = {name: values[order] for name, values in joined.items()}
        columns |= {name: starts[name].take(pa.array(run)) for name in TRAJECTORIES.names[:2]}
        return tables.from_columns(columns | {"finder": [finder] * run.size}, TRAJECTORIES)


def _runs(
    problem: SaddleProblem, finder: Finder, landscape: Any, starts: pa.Table, start: Array, result: Result, watch: _Watch
) -> pa.Table:
    number = len(start)
    found = saddle_ends.found(landscape, result.theta)
    filtered = found.gradient_norm**2 < FILTER  # False where not finite
    theta, chosen = result.theta.copy(), np.flatnonzero(filtered)
    theta[chosen] = refine(landscape.take(chosen), theta[chosen])
    end = saddle_ends.refined(landscape, theta, filtered)
    flat = found.of_flatness("flat")
    kind = np.where(filtered, "critical", np.where(flat, "flat", "unconverged"))
    blocks = [[block.name, list(block.shape), block.offset] for block in landscape.layout]
    constant: dict[str, object] = {
        "kind": problem.kind,
        "finder": finder,
        "dataset": "gaussian" if problem.kind == "linear_autoencoder" else problem.dataset,
        "hidden": list(problem.hidden),
        "activation": problem.activation,
        "l2": problem.l2,
        "samples": problem.samples,
        "n_parameters": landscape.n_parameters,
        "layout": json.dumps(blocks),
    }
    columns: dict[str, object] = {name: [value] * number for name, value in constant.items()}
    columns |= {column.name: starts[column.name] for column in START}
    columns |= {
        "termination": [str(code) for code in result.termination],
        "iterations": result.iterations,
        "cost": result.cost,
        "start_loss": landscape.value(start),
        "found_loss": found.loss,
        "found_gradient_norm": found.gradient_norm,
        "found_index": found.index(),
        "filtered": filtered,
        "residual": found.of_flatness("residual"),
        "residual_h": found.of_flatness("residual_h"),
        "flat": flat,
        "largest_residual": watch.largest,
        "flat_iterates": watch.flat,
        "flat_iterates_lifted": watch.lifted,
        "measured": watch.measured,
        "end": kind,
        "theta": theta,
        "train_error": _error(landscape, theta),
        "distinct": [None] * number,  # known once the parts of a problem are joined
        **end.columns(),
        **saddle_closed_form.columns(problem, landscape, theta, filtered),
    }
    return tables.from_columns(columns, RUNS)


def _error(landscape: Any, theta: Array) -> Array:
    error = getattr(landscape, "error", None)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.full(len(theta), np.nan) if error is None else np.asarray(error(theta))
