"""Gradient descent on a sphere from random starts, finished by Newton's method inside the basin it has chosen.

Three phases per start, every accepted step down to rounding:

1. float32 gradient steps w <- (w - s grad L) normalised, s below the stability limit; they choose the basin.
2. Once |grad L| / sqrt(N) is below ``MOMENTUM_BELOW``, the same steps with momentum, which soft directions need. Momentum that
   points uphill, or a step that raises the energy, is taken back and the momentum forgotten.
3. Riemannian Newton in float64 from a point whose Hessian is positive definite and stays so within the step's reach:
   Lip(H) |p| < lambda_min. A positive definite Hessian alone would not do: from a fifth of such points on the way Newton's
   method leaves the basin for another minimum or for a saddle; from none of those that pass (N = 25 to 250, 448 descents).
   Where float32 gradients end before that, in soft minima, steps cut to half of lambda_min / Lip(H) go down in float64 first:
   the Hessian is positive definite all the way, so that the loss falls and the basin stays.

Source of the first phase: Choromanska et al. 2015, section 5 (there with steps 0.3 / (1 + 0.0015 t), above the limit).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

import numpy as np

from stationary.landscapes.p_spin import Contractions, retract, third_derivative_bound
from stationary.methods.sphere_newton import newton_step
from stationary.spectra import EPS
from stationary.termination import Termination

Array = Any

STEP = 0.18
"""Step; at the lowest energies the largest eigenvalue of the Hessian is 9.9, so that 0.2 is the stability limit."""

MOMENTUM = 0.9
MOMENTUM_BELOW = 0.03
"""Gradient norm below which momentum starts. From there it ends where plain descent does (315 of 316 starts at N = 50, 100 and
250); without the limit one in ten ends elsewhere.
"""

ROUNDING = 16.0 * float(np.finfo(np.float32).eps)
"""A rise of the energy per spin beyond this is not rounding: the step is taken back."""

TRY_BELOW = 2e-3
"""Gradient norm at which Newton's method is first considered; after a refusal, at a third of the norm then."""

FLOOR = 2e-6
"""Gradient norm from which float32 may come no lower; there a descent may go on in float64 by short steps."""

SHORT_STEPS = 100
"""Of half of lambda_min / Lip(H) at most; five lead into minima of N = 25 with lambda_min 0.002."""

CHECK_EVERY = 20
NEWTON_STEPS = 10

CHUNK = 1 << 22
"""Entries of the Hessians held at a time: 32 MB for the Hessians and for each of their few copies."""


class Glass(Protocol):
    """What a descent asks of one draw of the couplings, :class:`stationary.landscapes.three_spin.ThreeSpinGlass` for one."""

    p: int
    size: int

    def slope(self, points: Array) -> Array:
        """T(w, ..., w, .) in float32, replicas last: [N, R] -> [N, R]."""

    def contract(self, points: Array) -> Contractions:
        """Everything about the points in float64: [R, N]."""


@dataclass(frozen=True)
class DescentResult:
    """Where R descents ended.

    Attributes:
        theta: end points, |w|^2 = N, [R, N].
        start_energy: energy per spin at the start, to float32 rounding, [R].
        energy: at the end, [R].
        gradient_norm: |grad L| / sqrt(N) there, [R].
        iterations: descent steps, [R].
        polish_iterations: Newton steps, [R].
        largest_rise: largest increase of the energy per spin in an accepted step, >= 0, [R].
        termination: ``converged`` or ``max_iterations``, object array [R].
    """

    theta: Array
    start_energy: Array
    energy: Array
    gradient_norm: Array
    iterations: Array
    polish_iterations: Array
    largest_rise: Array
    termination: Array


def descend(
    glass: Glass,
    start: Array,
    *,
    max_iterations: int,
    gradient_tolerance: float,
    advance: Callable[[int], None] = lambda _: None,
) -> DescentResult:
    """Descend from every start.

    The stack shrinks as descents end; rounding in float32 depends on the stack, so the same starts must come together if the
    same bits are wanted.

    Args:
        glass: one draw.
        start: [R, N], |w|^2 = N.
        max_iterations: descent steps, a step taken back included.
        gradient_tolerance: on |grad L| / sqrt(N), for the polish.
        advance: is told how many descents have just ended.
    """
    stack = _Stack.at(glass, start)
    result = _unfinished(stack)
    for iteration in range(max_iterations + 1):
        if iteration % CHECK_EVERY == 0 or iteration == max_iterations:
            if iteration == max_iterations:
                stack.try_below[:] = TRY_BELOW
            ended = _finish(glass, stack, result, iteration, gradient_tolerance)
            advance(int(ended.sum()))
            stack = stack.take(~ended)
        if stack.run.size == 0 or iteration == max_iterations:
            break
        stack.step(glass)
    for rows in chunks(np.arange(stack.run.size), glass.size):
        _record(result, stack, rows, glass.contract(_doubled(stack.w[:, rows])), max_iterations)
    advance(stack.run.size)
    return result


def chunks(rows: Array, size: int) -> list[Array]:
    """An index array in pieces whose Hessians fit into memory."""
    return [rows[begin : begin + max(1, CHUNK // size**2)] for begin in range(0, rows.size, max(1, CHUNK // size**2))]


@dataclass
class _Stack:
    """Descents under way; arrays over coordinates and replicas have the replicas **last** and are float32."""

    run: Array  # number of the start
    w: Array
    gradient: Array
    momentum: Array
    energy: Array  # float64
    gradient_norm: Array
    step_size: Array
    try_below: Array
    rise: Array

    @classmethod
    def at(cls, glass: Glass, start: Array) -> Self:
        replicas = start.shape[0]
        w = np.ascontiguousarray(start.T, dtype=np.float32)
        gradient, energy, norm = _evaluate(glass, w)
        steps = np.full(replicas, STEP, dtype=np.float32)
        below, rise = np.full(replicas, TRY_BELOW), np.zeros(replicas)
        return cls(np.arange(replicas), w, gradient, np.zeros_like(w), energy, norm, steps, below, rise)

    def take(self, kept: Array) -> Self:
        if kept.all():
            return self
        return type(self)(*(np.ascontiguousarray(getattr(self, field.name)[..., kept]) for field in fields(self)))

    def step(self, glass: Glass) -> None:
        """One step of every replica, or its refusal."""
        useful = (self.gradient_norm < MOMENTUM_BELOW) & (np.einsum("nr,nr->r", self.gradient, self.momentum) < 0.0)
        change = np.where(useful, np.float32(MOMENTUM), np.float32(0.0)) * self.momentum - self.step_size * self.gradient
        w = self.w + change
        w *= (math.sqrt(glass.size) / _norm(w)).astype(np.float32)
        gradient, energy, norm = _evaluate(glass, w)
        rise = energy - self.energy
        refused = rise > ROUNDING
        if refused.any():
            self.step_size[refused & ~useful] *= np.float32(0.5)
            w, gradient = np.where(refused, self.w, w), np.where(refused, self.gradient, gradient)
            energy, norm = np.where(refused, self.energy, energy), np.where(refused, self.gradient_norm, norm)
            rise = np.where(refused, 0.0, rise)
        self.momentum = w - self.w  # zero where refused
        self.w, self.gradient, self.energy, self.gradient_norm = w, gradient, energy, norm
        self.rise = np.maximum(self.rise, rise)


def _evaluate(glass: Glass, w: Array) -> tuple[Array, Array, Array]:
    """Riemannian gradient [N, R], energy per spin and gradient norm per root spin; sums in float64 keep the energy quiet."""
    slope = glass.slope(w)
    energy = np.einsum("nr,nr->r", slope, w, dtype=np.float64) / glass.size
    gradient = np.float32(glass.p) * (slope - energy.astype(np.float32) * w)
    return gradient, energy, _norm(gradient) / math.sqrt(glass.size)


def _norm(array: Array) -> Array:
    return np.sqrt(np.einsum("nr,nr->r", array, array, dtype=np.float64))


def _doubled(w: Array) -> Array:
    """float64 points [R, N] on the sphere from float32 ones [N, R]."""
    return retract(np.ascontiguousarray(w.T, dtype=np.float64), w.shape[0])


def _finish(glass: Glass, stack: _Stack, result: DescentResult, iteration: int, tolerance: float) -> Array:
    """Polish what is deep enough in its basin; a mask of the descents that have ended."""
    ended = np.zeros(stack.run.size, dtype=bool)
    for rows in chunks(np.flatnonzero(stack.gradient_norm < stack.try_below), glass.size):
        norm = stack.gradient_norm[rows]
        for places, here, step, taken in _deep(glass, glass.contract(_doubled(stack.w[:, rows])), norm < FLOOR):
            end, steps = _polish(glass, here, step, tolerance)
            arrived = end.gradient_norm() < tolerance
            done = rows[places[arrived]]
            _record(result, stack, done, end.take(arrived), iteration, taken + steps)
            ended[done] = True
        stack.try_below[rows] = np.where(norm < FLOOR, norm / 3.0, np.maximum(norm / 3.0, FLOOR))
    return ended


def _deep(glass: Glass, here: Contractions, short: Array) -> Iterator[tuple[Array, Contractions, Array, int]]:
    """Points from which Newton's method stays in its basin, as they are or after short steps where these are allowed.

    Args:
        glass: one draw.
        here: points, [R, N].
        short: which of them may go on by short steps, [R].

    Yields:
        their places in the stack, the points, Newton's steps from them, and how many short steps led there.
    """
    places, bound = np.arange(short.size), third_derivative_bound(glass.p, glass.size)
    for taken in range(SHORT_STEPS + 1):
        hessian = here.hessian()
        lowest = np.linalg.eigvalsh(hessian)[:, 0]
        curved = lowest > 0.0
        here, places, lowest = here.take(curved), places[curved], lowest[curved]
        step = newton_step(here, hessian[curved])
        reach = bound * np.linalg.norm(step, axis=1)
        deep = reach < lowest
        yield places[deep], here.take(deep), step[deep], taken
        left = ~deep & short[places]
        if not left.any():
            return
        before, places = here.energy()[left], places[left]
        cut = 0.5 * lowest[left] / reach[left]
        here = glass.contract(here.take(left).moved(cut[:, None] * step[left]))
        fell = here.energy() <= before + EPS * np.abs(before)
        here, places = here.take(fell), places[fell]


def _polish(glass: Glass, here: Contractions, step: Array, tolerance: float) -> tuple[Contractions, int]:
    """Newton's method from points with their first steps, until one step after all have arrived: that one takes them as far
    as rounding, and then the null band is rounding too.
    """
    steps = 0
    while len(step) and steps < NEWTON_STEPS:
        arrived = bool((here.gradient_norm() < tolerance).all())
        here, steps = glass.contract(here.moved(step)), steps + 1
        if arrived:
            break
        step = newton_step(here, here.hessian())
    return here, steps


def _unfinished(stack: _Stack) -> DescentResult:
    size, replicas = stack.w.shape
    numbers = [np.full(replicas, np.nan) for _ in range(3)]
    counts = [np.zeros(replicas, dtype=np.int64) for _ in range(2)]
    termination = np.full(replicas, Termination.MAX_ITERATIONS, dtype=object)
    return DescentResult(
        np.empty((replicas, size)), stack.energy.copy(), numbers[0], numbers[1], counts[0], counts[1], numbers[2], termination
    )


def _record(
    result: DescentResult, stack: _Stack, rows: Array, end: Contractions, iteration: int, newton_steps: int = 0
) -> None:
    """Write the ends of some descents of the stack; those with Newton steps have converged."""
    runs = stack.run[rows]
    result.theta[runs], result.energy[runs], result.gradient_norm[runs] = end.points, end.energy(), end.gradient_norm()
    result.iterations[runs], result.largest_rise[runs] = iteration, stack.rise[rows]
    if newton_steps:
        result.polish_iterations[runs], result.termination[runs] = newton_steps, Termination.CONVERGED
