"""Ten optimisers from common random starts on polynomials of two variables whose critical points are all known (claim C2).

Every landscape, start and learning rate of an optimiser stands in one stack, so that Keras compiles each optimiser twice: for
the choice of rates and for the runs. Rates are chosen per optimiser and landscape from one grid, on starts of their own, by the
lowest mean final value; this costs the methods with a rate eleven times a run, which is not counted against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, tables
from stationary.config.optimizers import OptimizerSettings
from stationary.experiments import optimizers_landscapes as plane
from stationary.experiments import optimizers_methods as ten
from stationary.experiments.optimizers_meter import Meeting
from stationary.experiments.optimizers_tables import BASINS, RUNS
from stationary.landscapes.polynomials import BOUNDED, stack_of
from stationary.methods import first_order
from stationary.methods.result import Result, Stopping
from stationary.termination import Termination

Array = Any

MAPPED = ("gradient_descent", "adam", "truncated_newton")
"""Optimisers whose basins are mapped."""

MAPPED_LANDSCAPES = ("himmelblau", "six_hump_camel")


@dataclass(frozen=True)
class OptimizerTables:
    """What the job writes."""

    runs: pa.Table
    basins: pa.Table


@dataclass(frozen=True)
class _Stack:
    """Starts on all landscapes side by side.

    Attributes:
        names: landscape of each block.
        blocks: its starts, [R_b, 2] each.
        runs: how many of a block's starts belong to the runs; the rest map basins.
    """

    names: Sequence[str]
    blocks: Sequence[Array]
    runs: int

    @property
    def theta(self) -> Array:
        """All starts, [R, 2]."""
        return np.concatenate(self.blocks)

    @property
    def landscape(self) -> Any:
        """Of all starts, each on its block's polynomial: [R, 2] -> [R]."""
        return stack_of([BOUNDED[name] for name in self.names], [len(block) for block in self.blocks])

    @property
    def target(self) -> Array:
        """Value that each start should reach, [R]."""
        levels = [plane.known(name).lowest + plane.MARGIN * plane.known(name).gap for name in self.names]
        return self.spread(levels)

    def spread(self, values: Sequence[Any]) -> Array:
        """One value per block -> one per start, [R]."""
        return np.repeat(values, [len(block) for block in self.blocks])

    def split(self, values: Array) -> list[Array]:
        """[R, ...] -> one array per block, [R_b, ...]."""
        return np.split(values, np.cumsum([len(block) for block in self.blocks])[:-1])


@dataclass(frozen=True)
class _Ends:
    """Ends of one optimiser on the whole stack."""

    result: Result
    cost_to_target: Array
    rates: dict[str, float]


def run(settings: OptimizerSettings, seed: int) -> OptimizerTables:
    """All optimisers on all landscapes with a global minimum, and the maps of basins.

    Args:
        settings: numbers of starts, budget, grid.
        seed: root seed.

    Returns:
        tables of the schemas ``RUNS`` and ``BASINS``.
    """
    stopping = Stopping(settings.budget, settings.budget)
    runs, basins = [], []
    with progress.bar(len(ten.METHODS), "optimisers on polynomials", unit="optimisers") as advance:
        for method in ten.METHODS:
            stack = _stack(settings, seed, mapped=method in MAPPED)
            rates = _rates(method, settings, seed, stopping) if method in ten.WITH_RATE else {}
            ends = _ends(method, stack, rates, stopping)
            runs.append(_runs(method, stack, ends))
            if method in MAPPED:
                basins.append(_basins(method, stack, ends))
            advance(1)
    return OptimizerTables(tables.concat(runs), tables.concat(basins))


def _stack(settings: OptimizerSettings, seed: int, *, mapped: bool) -> _Stack:
    blocks = []
    for name in BOUNDED:
        block = plane.starts(name, "start", range(settings.starts), seed)
        if mapped and name in MAPPED_LANDSCAPES:
            block = np.concatenate([block, plane.grid(name, settings.grid)])
        blocks.append(block)
    return _Stack(tuple(BOUNDED), blocks, settings.starts)


def _rates(method: str, settings: OptimizerSettings, seed: int, stopping: Stopping) -> dict[str, float]:
    """The rate with the lowest mean final value per landscape; one that loses a run is out."""
    blocks = [
        np.tile(plane.starts(name, "rate_start", range(settings.rate_starts), seed), (len(ten.RATES), 1)) for name in BOUNDED
    ]
    stack = _Stack(tuple(BOUNDED), blocks, 0)
    column = np.tile(np.repeat(ten.RATES, settings.rate_starts), len(blocks))
    with np.errstate(over="ignore", invalid="ignore"):
        end = first_order.first_order(stack.landscape, stack.theta, stopping, method=method, rate=column)
        values = stack.landscape.value(end.theta)
    return {name: ten.best_rate(part) for name, part in zip(stack.names, stack.split(values), strict=True)}


def _ends(method: str, stack: _Stack, rates: dict[str, float], stopping: Stopping) -> _Ends:
    meeting = Meeting(stack.target)
    column = stack.spread([rates.get(name, np.nan) for name in stack.names])
    result = ten.run(method, stack.landscape, stack.theta, stopping, column, meeting)
    return _Ends(result, meeting.cost, rates)


def _runs(method: str, stack: _Stack, ends: _Ends) -> pa.Table:
    parts = []
    theta, codes, iterations, cost, first = (
        stack.split(values)
        for values in (
            ends.result.theta,
            ends.result.termination,
            ends.result.iterations,
            ends.result.cost,
            ends.cost_to_target,
        )
    )
    for block, name in enumerate(stack.names):
        rows = slice(0, stack.runs)
        start, end, ended = stack.blocks[block][rows], theta[block][rows], codes[block][rows]
        with np.errstate(over="ignore", invalid="ignore"):
            value, gradient = BOUNDED[name].value_and_gradient(end)
            norm, excess, point = np.linalg.norm(gradient, axis=1), plane.excess(name, value), plane.nearest(name, end)
        lost = np.isin(ended.astype(str), [str(Termination.DIVERGED), str(Termination.AT_INFINITY)])
        # One that swings about the global minimum at too large a rate has found it.
        trapped = (excess > plane.MARGIN) & ~lost & np.isnan(first[block][rows])
        columns: dict[str, object] = {
            "landscape": [name] * stack.runs,
            "method": [method] * stack.runs,
            "learning_rate": np.full(stack.runs, ends.rates.get(name, np.nan)),
            "start": np.arange(stack.runs),
            "x_start": start[:, 0],
            "y_start": start[:, 1],
            "x": end[:, 0],
            "y": end[:, 1],
            "value": value,
            "excess": excess,
            "gradient_norm": norm,
            "termination": [str(code) for code in ended],
            "iterations": iterations[block][rows],
            "cost": cost[block][rows],
            "cost_to_target": first[block][rows],
            "critical_point": point,
            "trapped": trapped,
            "at_other_point": trapped & (point >= 0),
        }
        parts.append(tables.from_columns(columns, RUNS))
    return tables.concat(parts)


def _basins(method: str, stack: _Stack, ends: _Ends) -> pa.Table:
    parts = []
    for block, end, name in zip(stack.blocks, stack.split(ends.result.theta), stack.names, strict=True):
        start, end = block[stack.runs :], end[stack.runs :]
        columns: dict[str, object] = {
            "landscape": [name] * len(start),
            "method": [method] * len(start),
            "learning_rate": np.full(len(start), ends.rates.get(name, np.nan)),
            "x_start": start[:, 0],
            "y_start": start[:, 1],
            "critical_point": plane.nearest(name, end),
        }
        parts.append(tables.from_columns(columns, BASINS))
    return tables.concat(parts)
