"""Runs with their points on the way, as the optimisers and the finders of the saddle experiment leave them."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

import numpy as np

from stationary.methods.result import Observer, Result, Snapshot, Stopping

Array = Any


@dataclass(frozen=True)
class Paths:
    """Recorded points, N in all, by start and iteration.

    Attributes:
        start: [N].
        iteration: [N].
        theta: [N, P].
        termination: by start, object array [R].
    """

    start: Array
    iteration: Array
    theta: Array
    termination: Array

    @property
    def last(self) -> Array:
        """Which points are the last of their run, boolean [N]."""
        return np.append(self.start[1:] != self.start[:-1], True)


def follow(
    method: Callable[..., Result],
    landscape: Any,
    starts: Array,
    stopping: Stopping,
    *,
    kept: Container[int],
    observe: Observer | None = None,
) -> Paths:
    """Run a method and keep its points at some iterations; where a run ended is always one.

    Args:
        method: ``(landscape, theta, stopping, observe=) -> Result``.
        landscape: as the method takes it.
        starts: [R, P].
        stopping: of the method.
        kept: iterations.
        observe: called as by the method.
    """
    seen: dict[tuple[int, int], Array] = {}

    def record(now: Snapshot) -> None:
        if now.iteration in kept:
            seen.update({(int(run), now.iteration): theta for run, theta in zip(now.replicas, now.theta, strict=True)})
        if observe is not None:
            observe(now)

    result = method(landscape, starts, stopping, observe=record)
    seen.update({(run, int(last)): result.theta[run] for run, last in enumerate(result.iterations)})
    order = sorted(seen)
    start, iteration = np.array(order).T
    return Paths(start, iteration, np.stack([seen[key] for key in order]), result.termination)
