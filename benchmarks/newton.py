"""Time of one stacked exact-Newton iteration against NumPy's eigendecomposition of the same Hessians.

    python benchmarks/newton.py [--rounds 7]

Both are timed on the same stack in the same run, repetitions interleaved, on one thread.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

CASES = [("regression", (10,), 100), ("regression", (10, 10), 50), ("regression", (20, 20), 10), ("pinn", (10, 10), 50)]
ITERATIONS = 5


def main() -> None:
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="interleaved repetitions (default 7)")
    rounds = parser.parse_args().rounds
    from stationary import devices

    devices.configure(1)
    print("ms per iteration and replica, median (fastest - slowest of the rounds)")
    for case in CASES:
        _measure(*case, rounds)


def _measure(kind: str, hidden: tuple[int, ...], replicas: int, rounds: int) -> None:
    import numpy as np

    from stationary.landscapes.mlp_regression import mlp_regression
    from stationary.landscapes.pinn import pinn
    from stationary.methods.newton import newton
    from stationary.methods.result import Stopping

    x = np.linspace(0.0, 1.0, 101)
    landscape = (mlp_regression if kind == "regression" else pinn)(x, np.sin(2 * np.pi * x), hidden=hidden)
    theta = np.random.default_rng(0).uniform(-1, 1, size=(replicas, landscape.n_parameters))
    hessian = landscape.hessian(theta)
    # A short step rule and no tolerance, so that every run is still going after the last iteration.
    stopping = Stopping(max_iterations=ITERATIONS - 1, budget=np.inf, gradient_tolerance=0.0, theta_bound=np.inf)
    whole = lambda: newton(landscape, theta, stopping, step_rule="damped")  # noqa: E731
    times: dict[str, list[float]] = {"eigh alone": [], "iteration": []}
    for _ in range(rounds):
        times["eigh alone"].append(_milliseconds(lambda: np.linalg.eigh(hessian)) / replicas)
        times["iteration"].append(_milliseconds(whole) / replicas / ITERATIONS)
    middle = {name: statistics.median(values) for name, values in times.items()}
    shown = "   ".join(f"{name} {middle[name]:.3g} ({min(t):.3g} - {max(t):.3g})" for name, t in times.items())
    ratio = middle["iteration"] / middle["eigh alone"]
    print(f"{kind:10} {landscape.n_parameters:4} parameters, stack of {replicas:3}: {shown}   ratio {ratio:.2f}", flush=True)


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1e3 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
