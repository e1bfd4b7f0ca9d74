"""Time of one float32 gradient of the p = 3 glass over a stack: ours against einsum, JAX and PyTorch, and against peak speed.

    python -m benchmarks.p_spin [--threads 1] [--rounds 5] [--only 250] [--json FILE]

Everyone gets the same couplings and the same stack. The machine's speed is that of a square float32 product in the same run;
ours does N^2 (N + 1) operations per gradient, a dense contraction at least 2 N^3. Repetitions are interleaved, so that a busy
moment of the machine hits everyone.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import comparison, timing
from benchmarks.comparison import Comparison, Options

Array = Any
Route = Callable[[], Array]

OURS, PRODUCT = "ours", "square product"
SQUARE = 1536
CASES = {f"N = {size}": size for size in (50, 100, 250)}
REPLICAS = 128


def comparisons(options: Options) -> Iterator[Comparison]:
    """Every size against every way to contract."""
    for case in options.choose(CASES):
        yield _measure(case, options.rounds)


def _measure(case: str, rounds: int) -> Comparison:
    import numpy as np

    from stationary.landscapes.three_spin import ThreeSpinGlass

    size = CASES[case]
    glass = ThreeSpinGlass(0, size, 0)
    points = np.random.default_rng(0).normal(size=(REPLICAS, size))
    points *= np.sqrt(size) / np.linalg.norm(points, axis=1, keepdims=True)
    reference = glass.contract(points).vector
    tensor = np.moveaxis(glass.contract(np.eye(size)).matrix, 0, -1).astype(np.float32)
    single = points.astype(np.float32)
    last = np.ascontiguousarray(single.T)
    square = np.random.default_rng(1).normal(size=(SQUARE, SQUARE)).astype(np.float32)
    routes: dict[str, Route] = {OURS: lambda: glass.slope(last).T}
    routes.update(_einsum(tensor, single))
    for library, peer in (("jax", _jax), ("torch", _torch)):
        if comparison.has(library):
            routes.update(peer(tensor, single))
    error = max(float(np.abs(np.asarray(run()) - reference).max() / np.abs(reference).max()) for run in routes.values())
    routes[PRODUCT] = lambda: square @ square
    seconds = timing.interleaved(routes, rounds)
    ours, product = seconds[OURS], seconds.pop(PRODUCT)
    # Round by round, so that both saw the same load.
    speeds = [
        REPLICAS * size * size * (size + 1) / one / (2 * SQUARE**3 / other) for one, other in zip(ours, product, strict=True)
    ]
    share = f"ours at {statistics.median(speeds):.0%} ({min(speeds):.0%} - {max(speeds):.0%}) of a square product's speed"
    times = {name: [1e6 * one / REPLICAS for one in taken] for name, taken in seconds.items()}
    return Comparison(case, "µs per gradient", times, f"{share}; largest difference {error:.0e}")


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


def _torch(tensor: Array, points: Array) -> Iterator[tuple[str, Route]]:
    import torch

    couplings, stack = torch.from_numpy(tensor), torch.from_numpy(points)

    def energy(w: Any) -> Any:
        return torch.einsum("ijk,i,j,k->", couplings, w, w, w) / 3.0

    differentiated = torch.func.vmap(torch.func.grad(energy))
    yield "torch.func.grad, vmap", lambda: differentiated(stack)


if __name__ == "__main__":
    comparison.main("p_spin", __doc__, comparisons)
