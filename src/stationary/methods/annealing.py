"""Simulated annealing of many points at once, all in step.

Each step moves every coordinate of every point by N(0, deviation^2) and accepts by Metropolis' rule at temperature
T_0 / (1 + i^0.75); after a third of the run the deviation is a tenth. The best point seen is the result. These are the settings
of one committed driver of Choromanska et al. 2015 (one hidden layer of 5 units; those of other widths are not known).

Proposals and acceptances come from two streams per point, so that a point's path depends on nothing but them. The loop is
NumPy's: on few samples and small networks it takes a third to nine tenths of the time of TensorFlow's (widths 5 and 25).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.progress import Advance

Array = Any

CHUNK_BYTES = 16_000_000
"""Proposals drawn ahead: as many steps as fit."""


@dataclass(frozen=True)
class Cooling:
    """How far proposals go and how often uphill ones are taken.

    Attributes:
        steps: proposals per point.
        deviation: of the proposal, every coordinate, in the first third of the run.
        late: factor on it afterwards.
        temperature: T_0, in units of the loss.
        exponent: of the step's number in the temperature.
    """

    steps: int
    deviation: float = 0.01
    late: float = 0.1
    temperature: float = 0.5
    exponent: float = 0.75

    def deviations(self) -> Array:
        """Per step, float32, [steps]."""
        early = np.arange(self.steps) < self.steps / 3
        return np.where(early, self.deviation, self.deviation * self.late).astype(np.float32)

    def temperatures(self) -> Array:
        """Per step, float32, [steps].

        >>> [round(float(temperature), 4) for temperature in Cooling(steps=3).temperatures()]
        [0.5, 0.25, 0.1864]
        """
        return (self.temperature / (1.0 + np.arange(self.steps) ** self.exponent)).astype(np.float32)


@dataclass(frozen=True)
class Annealed:
    """Where R points got to.

    Attributes:
        theta: best points, [R, P].
        value: their losses, [R].
        accepted: share of proposals that were accepted, [R].
    """

    theta: Array
    value: Array
    accepted: Array


def anneal(
    value: Callable[[Array], Array],
    theta: Array,
    cooling: Cooling,
    proposals: Sequence[np.random.Generator],
    acceptances: Sequence[np.random.Generator],
    *,
    advance: Advance = lambda _: None,
) -> Annealed:
    """Anneal every point of a stack.

    Args:
        value: loss, float32, [R, P] -> [R]; a value that is not finite is never accepted.
        theta: starts, [R, P].
        cooling: proposals and temperatures.
        proposals: a stream per point, for its moves.
        acceptances: a stream per point, for its chances.
        advance: called with the number of steps just taken.
    """
    points, parameters = theta.shape
    here = np.array(theta, dtype=np.float32)
    now = value(here).copy()
    best, lowest, accepted = here.copy(), now.copy(), np.zeros(points, dtype=np.int64)
    chunk = max(1, min(cooling.steps, CHUNK_BYTES // (4 * points * parameters)))
    deviations, temperatures = cooling.deviations(), cooling.temperatures()
    moves = np.empty((chunk, points, parameters), dtype=np.float32)
    chances = np.empty((chunk, points), dtype=np.float32)
    for step in range(cooling.steps):
        place = step % chunk
        if place == 0:
            number = min(chunk, cooling.steps - step)
            for point, (of_moves, of_chances) in enumerate(zip(proposals, acceptances, strict=True)):
                moves[:number, point] = of_moves.standard_normal((number, parameters), dtype=np.float32)
                chances[:number, point] = of_chances.random(number, dtype=np.float32)
            moves[:number] *= deviations[step : step + number, None, None]
        trial = moves[place]
        trial += here
        after = value(trial)
        # A NaN compares as false; exp overflows to infinity where the trial is far lower, which is accepted.
        with np.errstate(over="ignore", invalid="ignore"):
            taken = chances[place] < np.exp((now - after) / temperatures[step])
        here[taken], now[taken] = trial[taken], after[taken]
        lower = now < lowest
        best[lower], lowest[lower] = here[lower], now[lower]
        accepted += taken
        if place == chunk - 1 or step == cooling.steps - 1:
            advance(place + 1)
    return Annealed(best, lowest, accepted / cooling.steps)
