"""Runs per second to ||g||^2 < 1e-10 of the finders of critical points: ours, stacked, against plain JAX on the same starts.

    python -m benchmarks.finders [--rounds 5] [--only classifier] [--json FILE]

Newton-MR takes the minimum-norm step -H^+ g with the same back-tracking on ||g||^2, damped Newton the best of the same ten
dampings. The plain version is what one writes with automatic differentiation: jax.grad and jax.hessian of the loss, in
float64, one compiled step of one run, steps in a Python loop until the filter is met, run after run; vmap over the stack, which
takes steps until every run has ended, was slower still. Rounds are interleaved.
Both sides stop at the same filter and the same number of iterations; how many runs pass is printed beside, since rounding sends
long paths apart. Where none passes the ratio is that of the seconds for all iterations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import comparison, timing
from benchmarks.comparison import Comparison, Options

Array = Any
Route = Callable[[], int]

SQUARE = 1e-10
"""Filter on ||g||^2."""

CASES = {
    f"{problem}, {finder}": (problem, finder)
    for problem in ("classifier-4x4-5", "linear_autoencoder")
    for finder in ("damped_newton", "newton_mr")
}
STARTS = 8
ITERATIONS = 60
HALVINGS, SUFFICIENT = 40, 1e-4


def comparisons(options: Options) -> Iterator[Comparison]:
    """Every problem and finder against plain JAX, if it is installed."""
    for case in options.choose(CASES):
        yield _measure(case, options.rounds)


def _measure(case: str, rounds: int) -> Comparison:
    import numpy as np

    from stationary.config.saddles import SaddleSettings
    from stationary.experiments import saddle_problem
    from stationary.methods import critical_point
    from stationary.methods.result import Stopping

    name, finder = CASES[case]
    problem = SaddleSettings().problems(0)[name]
    landscape = saddle_problem.loss(problem).whole
    theta = saddle_problem.random_starts(problem, landscape.layout, "benchmark", range(STARTS))

    class Filtered:
        """The landscape, asking for ||g||^2 < 1e-10 instead of a small gradient relative to its scale."""

        def __getattr__(self, name: str) -> Any:
            return getattr(landscape, name)

        def take(self, _: Array) -> Filtered:
            return self

        def gradient_scale(self, points: Array) -> Array:
            return np.full(len(points), SQUARE**0.5)

    stopping = Stopping(ITERATIONS, np.inf, gradient_tolerance=1.0)
    method = getattr(critical_point, finder)

    def ours() -> int:
        return int((method(Filtered(), theta, stopping).termination == "converged").sum())

    routes: dict[str, Route] = {"ours": ours}
    if comparison.has("jax"):
        routes.update(_jax(landscape, name, finder, theta))
    passed = {route: run() for route, run in routes.items()}  # compiles, too
    counts = passed if all(passed.values()) else dict.fromkeys(passed, 1)
    seconds = timing.interleaved(routes, rounds)
    times = {route: [one / counts[route] for one in taken] for route, taken in seconds.items()}
    unit = "s per run through the filter" if all(passed.values()) else f"s for {STARTS} runs"
    return Comparison(case, unit, times, "pass: " + ", ".join(f"{route} {number}" for route, number in passed.items()))


def _jax(landscape: Any, kind: str, finder: str, theta: Array) -> dict[str, Route]:
    import jax
    import jax.numpy as jnp
    import numpy as np

    from stationary.methods.critical_point import DAMPINGS

    jax.config.update("jax_enable_x64", True)
    loss = _loss(landscape, kind, jnp, jax)
    gradient, hessian = jax.grad(loss), jax.hessian(loss)
    cut = landscape.n_parameters * np.finfo(float).eps

    def merit(point: Array) -> Array:
        return 0.5 * jnp.sum(gradient(point) ** 2)

    def newton_mr(point: Array) -> Array:
        slope, curvature = gradient(point), hessian(point)
        step = -jnp.linalg.pinv(curvature, rtol=cut, hermitian=True) @ slope
        now, fall = 0.5 * jnp.sum(slope**2), step @ curvature @ slope

        def too_long(state: Array) -> Array:
            length, halvings = state
            return (halvings < HALVINGS) & ~(merit(point + length * step) <= now + SUFFICIENT * length * fall)

        length, _ = jax.lax.while_loop(too_long, lambda state: (0.5 * state[0], state[1] + 1), (1.0, 0))
        return point + length * step

    def damped_newton(point: Array) -> Array:
        slope = gradient(point)
        values, vectors = jnp.linalg.eigh(hessian(point))
        shifted = values[None] + jnp.asarray(DAMPINGS)[:, None] * jnp.abs(values).max()
        kept = jnp.abs(shifted) > cut * jnp.abs(shifted).max(axis=1, keepdims=True)
        inverse = jnp.where(kept, 1.0 / jnp.where(kept, shifted, 1.0), 0.0)
        points = point - (inverse * (vectors.T @ slope)) @ vectors.T
        merits = jax.vmap(merit)(points)
        best = jnp.argmin(merits)
        return jnp.where(merits[best] < 0.5 * jnp.sum(slope**2), points[best], point)

    def step(point: Array) -> tuple[Array, Array]:
        after = newton_mr(point) if finder == "newton_mr" else damped_newton(point)
        return after, 2.0 * merit(after)

    one = jax.jit(step)
    square = jax.jit(lambda point: 2.0 * merit(point))

    def plain() -> int:
        passed = 0
        for start in theta:
            point, now = start, float(square(start))
            for _ in range(ITERATIONS):
                if now < SQUARE:
                    break
                before = now
                point, squared = one(point)
                now = float(squared)
                if now == before:  # no step: it would be the same for ever
                    break
            passed += now < SQUARE
        return passed

    return {"jax, run after run": plain}


def _loss(landscape: Any, kind: str, jnp: Any, jax: Any) -> Callable[[Array], Array]:
    first, last = landscape.layout
    if kind == "linear_autoencoder":
        s_xx, s_yx, s_yy = (jnp.asarray(matrix) for matrix in (landscape.s_xx, landscape.s_yx, landscape.s_yy))

        def squares(point: Array) -> Array:
            whole = point[first.size :].reshape(last.shape) @ point[: first.size].reshape(first.shape)
            return landscape.weight * (jnp.trace(s_yy) + jnp.sum(whole * (whole @ s_xx - 2 * s_yx)))

        return squares
    x, labels = jnp.asarray(landscape.x), jnp.asarray(landscape.loss.labels)

    def cross_entropy(point: Array) -> Array:
        hidden, output = point[: first.size].reshape(first.shape), point[first.size :].reshape(last.shape)
        z = jnp.tanh(x @ hidden[:, :-1].T + hidden[:, -1]) @ output[:, :-1].T + output[:, -1]
        picked = jnp.take_along_axis(jax.nn.log_softmax(z), labels[:, None], axis=1)
        return -jnp.mean(picked) + 0.5 * landscape.l2 * jnp.sum(point**2)

    return cross_entropy


if __name__ == "__main__":
    comparison.main("finders", __doc__, comparisons)
