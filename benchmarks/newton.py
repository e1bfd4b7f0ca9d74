"""Time of one stacked exact-Newton iteration against NumPy's eigendecomposition of the same Hessians.

    python -m benchmarks.newton [--rounds 5]

Both are timed on the same stack in the same run, repetitions interleaved.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import comparison, timing
from benchmarks.comparison import Comparison, Options

CASES = {  # kind-parameters -> kind, hidden layers, stack
    "regression-30": ("regression", (10,), 100),
    "regression-140": ("regression", (10, 10), 50),
    "regression-480": ("regression", (20, 20), 10),
    "pinn-140": ("pinn", (10, 10), 50),
}
ITERATIONS = 5


def comparisons(options: Options) -> Iterator[Comparison]:
    """Every case against NumPy's decomposition alone."""
    for case in options.choose(CASES):
        yield _measure(case, options.rounds)


def _measure(case: str, rounds: int) -> Comparison:
    import numpy as np

    from stationary.landscapes.mlp_regression import mlp_regression
    from stationary.landscapes.pinn import pinn
    from stationary.methods.newton import newton
    from stationary.methods.result import Stopping

    kind, hidden, replicas = CASES[case]
    x = np.linspace(0.0, 1.0, 101)
    landscape = (mlp_regression if kind == "regression" else pinn)(x, np.sin(2 * np.pi * x), hidden=hidden)
    theta = np.random.default_rng(0).uniform(-1, 1, size=(replicas, landscape.n_parameters))
    hessian = landscape.hessian(theta)
    # A short step rule and no tolerance, so that every run is still going after the last iteration.
    stopping = Stopping(max_iterations=ITERATIONS - 1, budget=np.inf, gradient_tolerance=0.0, theta_bound=np.inf)
    routes = {
        "ours, whole iteration": lambda: newton(landscape, theta, stopping, step_rule="damped"),
        "np.linalg.eigh alone": lambda: np.linalg.eigh(hessian),
    }
    for run in routes.values():
        run()
    seconds = timing.interleaved(routes, rounds)
    steps = dict(zip(routes, (ITERATIONS, 1), strict=True))
    times = {route: [1e3 * one / replicas / steps[route] for one in taken] for route, taken in seconds.items()}
    return Comparison(case, "ms per replica", times)


if __name__ == "__main__":
    comparison.main("newton", __doc__, comparisons)
