"""Time of one float32 gradient of the p = 3 glass over a stack, ours against einsum and JAX, and the share of peak speed.

    python benchmarks/p_spin.py [--threads 1] [--rounds 7] [--sizes 100 250] [--replicas 128] [--json FILE]

Everyone gets the same couplings and the same stack. The machine's speed is that of a square float32 product in the same run;
ours does N^2 (N + 1) operations per gradient, a dense contraction at least 2 N^3. Repetitions are interleaved, so that a busy
moment of the machine hits everyone.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import platform
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import timing

Array = Any
Route = Callable[[], Array]

OURS, PRODUCT = "ours", "square product"
SQUARE = 1536


def main() -> None:
    """Print the table, and write it as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads of every library (default 1)")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved repetitions (default 7)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 250], help="N (default 50 100 250)")
    parser.add_argument("--replicas", type=int, default=128, help="points in the stack (default 128)")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    arguments = parser.parse_args()
    timing.limit(arguments.threads)
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "jax") if importlib.util.find_spec(name)}
    print(f"{platform.machine()}, Python {platform.python_version()}, {arguments.threads} thread(s), {versions}")
    print("microseconds per gradient, median (fastest - slowest of the rounds); error: largest difference over largest entry")
    rows = [_measure(size, arguments.replicas, arguments.rounds) for size in arguments.sizes]
    if arguments.json:
        report = {"threads": arguments.threads, "versions": versions, "rows": rows}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def _measure(size: int, replicas: int, rounds: int) -> dict[str, Any]:
    import numpy as np

    from stationary.landscapes.three_spin import ThreeSpinGlass

    glass = ThreeSpinGlass(0, size, 0)
    points = np.random.default_rng(0).normal(size=(replicas, size))
    points *= np.sqrt(size) / np.linalg.norm(points, axis=1, keepdims=True)
    reference = glass.contract(points).vector
    tensor = np.moveaxis(glass.contract(np.eye(size)).matrix, 0, -1).astype(np.float32)
    single = points.astype(np.float32)
    last = np.ascontiguousarray(single.T)
    square = np.random.default_rng(1).normal(size=(SQUARE, SQUARE)).astype(np.float32)
    routes: dict[str, Route] = {OURS: lambda: glass.slope(last).T}
    routes.update(_einsum(tensor, single))
    if importlib.util.find_spec("jax"):
        routes.update(_jax(tensor, single))
    errors = {
        name: float(np.abs(np.asarray(run()) - reference).max() / np.abs(reference).max()) for name, run in routes.items()
    }
    routes[PRODUCT] = lambda: square @ square
    times = timing.interleaved(routes, rounds)
    speeds = {
        OURS: [1e-9 * replicas * size * size * (size + 1) / seconds for seconds in times[OURS]],
        PRODUCT: [2e-9 * SQUARE**3 / seconds for seconds in times.pop(PRODUCT)],
    }
    row = {
        "size": size,
        "replicas": replicas,
        "microseconds": {name: [1e6 * seconds / replicas for seconds in taken] for name, taken in times.items()},
        "errors": errors,
        "gigaflops": speeds,
    }
    _show(row)
    return row


def _show(row: dict[str, Any]) -> None:
    medians = {route: statistics.median(times) for route, times in row["microseconds"].items()}
    print(f"\nN = {row['size']}, stack of {row['replicas']}")
    for route, times in row["microseconds"].items():
        spread = timing.spread(times)
        ratio = f"{medians[route] / medians[OURS]:8.1f} x"
        print(f"  {route:30}{medians[route]:10.3g} {spread:24}{ratio}   error {row['errors'][route]:.0e}")
    speeds = row["gigaflops"]
    ours, product = (statistics.median(speeds[name]) for name in (OURS, PRODUCT))
    # Round by round, so that both saw the same load.
    shares = sorted(one / other for one, other in zip(speeds[OURS], speeds[PRODUCT], strict=True))
    share = f"{statistics.median(shares):.0%} ({shares[0]:.0%} - {shares[-1]:.0%})"
    print(f"  ours {ours:.0f} GFLOP/s, square product {product:.0f} GFLOP/s: {share} of the machine's speed", flush=True)


def _einsum(tensor: Array, points: Array) -> Iterator[tuple[str, Route]]:
    import numpy as np

    size = points.shape[1]
    flat = tensor.reshape(size, -1)
    yield "np.einsum, optimize=True", lambda: np.einsum("ijk,ri,rj->rk", tensor, points, points, optimize=True)
    yield "np.matmul, then np.vecmat", lambda: np.vecmat(points, (points @ flat).reshape(-1, size, size))


def _jax(tensor: Array, points: Array) -> Iterator[tuple[str, Route]]:
    import jax
    import jax.numpy as jnp

    couplings, stack = jnp.asarray(tensor), jnp.asarray(points)

    def energy(couplings: Array, w: Array) -> Array:
        return jnp.einsum("ijk,i,j,k->", couplings, w, w, w) / 3.0

    differentiated = jax.jit(jax.vmap(jax.grad(energy, argnums=1), (None, 0)))
    contracted = jax.jit(lambda couplings, stack: jnp.einsum("ijk,ri,rj->rk", couplings, stack, stack))
    yield "jax.grad, vmap, jit", lambda: differentiated(couplings, stack).block_until_ready()
    yield "jnp.einsum, jit", lambda: contracted(couplings, stack).block_until_ready()


if __name__ == "__main__":
    main()
