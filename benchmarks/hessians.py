"""Time of one exact Hessian, ours against JAX, PyTorch and TensorFlow, on the same stack in the same run.

    python benchmarks/hessians.py [--threads 1] [--rounds 7] [--only regression-140-101] [--json FILE]

Every peer differentiates the same float64 loss twice the way its documentation recommends, compiled, over the whole stack;
peers that are not installed are left out. Repetitions are interleaved, so that a busy moment of the machine hits everyone.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import timing

Array = Any
Route = Callable[[], Array]

CASES = [
    ("regression", (10, 10), 101, 32),
    ("regression", (20, 20), 101, 8),
    ("regression", (20, 20), 512, 8),
    ("regression", (35, 35), 256, 4),
    ("pinn", (10, 10), 101, 16),
    ("classifier", (25,), 1000, 4),
    ("autoencoder", (8, 16), 1000, 4),
]
LIBRARIES = ("jax", "torch", "tensorflow")


def main() -> None:
    """Print the table, and write it as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads of every library (default 1)")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved repetitions (default 7)")
    parser.add_argument("--only", help="one case, e.g. regression-140-101 (kind, parameters, points)")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    arguments = parser.parse_args()
    _limit(arguments.threads)
    found = [name for name in LIBRARIES if importlib.util.find_spec(name)]
    versions = {name: importlib.metadata.version(name) for name in ["numpy", *found]}
    print(f"{platform.machine()}, Python {platform.python_version()}, {arguments.threads} thread(s), {versions}")
    print("ms per Hessian, median (fastest - slowest of the rounds); error: largest entry of the difference over that of H")
    rows = []
    for case in CASES:
        row = _measure(*case, found, arguments.rounds, arguments.only)
        if row:
            rows.append(row)
            _show(row)
    if arguments.json:
        report = {"threads": arguments.threads, "versions": versions, "rows": rows}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def _limit(threads: int) -> None:
    timing.limit(threads)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # a machine without a GPU is no error
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(threads)


def _measure(
    kind: str, hidden: tuple[int, ...], points: int, replicas: int, found: list[str], rounds: int, only: str | None
) -> dict[str, Any] | None:
    import numpy as np

    landscape, x, f = _problem(kind, hidden, points)
    name = f"{kind}-{landscape.n_parameters}-{points}"
    if only not in (None, name):
        return None
    theta = np.random.default_rng(0).normal(size=(replicas, landscape.n_parameters))
    routes: dict[str, Route] = {"ours": lambda: landscape.hessian(theta)}
    for library in found:
        routes.update(PEERS[library](kind, landscape.layout, x, f, theta))
    reference = routes["ours"]()
    errors = {
        route: float(np.abs(np.asarray(run()) - reference).max() / np.abs(reference).max()) for route, run in routes.items()
    }
    seconds = timing.interleaved(routes, rounds)
    times = {route: [1e3 * one / replicas for one in taken] for route, taken in seconds.items()}
    return {"case": name, "hidden": hidden, "replicas": replicas, "milliseconds": times, "errors": errors}


def _problem(kind: str, hidden: tuple[int, ...], points: int) -> tuple[Any, Array, Array]:
    """Landscape, samples and what it fits: a sine, digits of 4 x 4 pixels, or their labels."""
    import numpy as np

    from stationary.datasets import images
    from stationary.landscapes.deep_network import DeepNetwork
    from stationary.landscapes.mlp_regression import mlp_regression
    from stationary.landscapes.output_losses import CrossEntropy, SquaredError
    from stationary.landscapes.pinn import pinn

    if kind in ("regression", "pinn"):
        x = np.linspace(0.0, 1.0, points)
        f = np.sin(2 * np.pi * x)
        return (mlp_regression if kind == "regression" else pinn)(x, f, hidden=hidden), x, f
    digits = images.load("digits", side=4)
    x, labels = digits.x_train[:points].astype(np.float64), digits.y_train[:points]
    if kind == "classifier":
        return DeepNetwork(x, CrossEntropy(labels, images.N_CLASSES), hidden), x, labels
    return DeepNetwork(x, SquaredError(x), hidden, "swish"), x, x


def _show(row: dict[str, Any]) -> None:
    medians = {route: statistics.median(times) for route, times in row["milliseconds"].items()}
    print(f"\n{row['case']}, hidden layers {row['hidden']}, stack of {row['replicas']}")
    for route, times in row["milliseconds"].items():
        spread = timing.spread(times)
        ratio = f"{medians[route] / medians['ours']:8.1f} x"
        print(f"  {route:22}{medians[route]:10.3g} {spread:24}{ratio}   error {row['errors'][route]:.0e}", flush=True)


def _jax(kind: str, layout: Any, x: Array, f: Array, theta: Array) -> Iterator[tuple[str, Route]]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def network(point: Array, s: Array) -> Array:
        h = s[None]
        for block in layout[:-1]:
            kernel = point[block.offset : block.offset + block.size].reshape(block.shape)
            h = jnp.tanh(kernel[:, :-1] @ h + kernel[:, -1:])
        return point[layout[-1].offset :] @ h

    def output(point: Array) -> Array:
        if kind == "regression":
            return network(point, x)

        def u(s: Array) -> Array:
            return jnp.sin(jnp.pi * s) * network(point, s)

        def slope(s: Array) -> Array:
            return jax.jvp(u, (s,), (jnp.ones_like(s),))[1]

        return jax.jvp(slope, (jnp.asarray(x),), (jnp.ones_like(x),))[1]

    def digits_loss(point: Array) -> Array:
        act = jnp.tanh if kind == "classifier" else jax.nn.silu
        h = z = jnp.asarray(x)
        for block in layout:
            kernel = point[block.offset : block.offset + block.size].reshape(block.shape)
            z = h @ kernel[:, :-1].T + kernel[:, -1]
            h = act(z)
        if kind == "autoencoder":
            return jnp.mean((z - f) ** 2)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), jnp.asarray(f)[:, None], axis=1))

    def half_square(point: Array) -> Array:
        return 0.5 * jnp.mean((output(point) - f) ** 2)

    hessian = jax.hessian(half_square if kind in ("regression", "pinn") else digits_loss)
    stack = jnp.asarray(theta)
    together, mapped = jax.jit(jax.vmap(hessian)), jax.jit(lambda points: jax.lax.map(hessian, points))
    yield "jax.hessian, vmap", lambda: together(stack).block_until_ready()
    yield "jax.hessian, lax.map", lambda: mapped(stack).block_until_ready()


def _torch(kind: str, layout: Any, x: Array, f: Array, theta: Array) -> Iterator[tuple[str, Route]]:
    if kind != "regression":
        return
    import torch

    grid, target, stack = (torch.from_numpy(array.copy()) for array in (x, f, theta))

    def loss(point: Any) -> Any:
        h = grid[None]
        for block in layout[:-1]:
            kernel = point[block.offset : block.offset + block.size].reshape(block.shape)
            h = torch.tanh(kernel[:, :-1] @ h + kernel[:, -1:])
        return 0.5 * torch.mean((point[layout[-1].offset :] @ h - target) ** 2)

    hessian = torch.func.vmap(torch.func.hessian(loss))
    yield "torch.func.hessian", lambda: hessian(stack)


def _tensorflow(kind: str, layout: Any, x: Array, f: Array, theta: Array) -> Iterator[tuple[str, Route]]:
    if kind != "regression":
        return
    import tensorflow as tf

    stack, grid, target = tf.constant(theta), tf.constant(x[None, None]), tf.constant(f)

    @tf.function(jit_compile=True)
    def hessian(points: Any) -> Any:
        with tf.GradientTape() as outer:
            outer.watch(points)
            with tf.GradientTape() as inner:
                inner.watch(points)
                h = tf.tile(grid, (points.shape[0], 1, 1))
                for block in layout[:-1]:
                    kernel = tf.reshape(points[:, block.offset : block.offset + block.size], (-1, *block.shape))
                    h = tf.tanh(kernel[:, :, :-1] @ h + kernel[:, :, -1:])
                output = (points[:, None, layout[-1].offset :] @ h)[:, 0]
                loss = 0.5 * tf.reduce_mean((output - target) ** 2, axis=1)
            gradient = inner.gradient(loss, points)
        return outer.batch_jacobian(gradient, points)

    yield "tf.batch_jacobian, XLA", lambda: hessian(stack).numpy()


PEERS = {"jax": _jax, "tensorflow": _tensorflow, "torch": _torch}


if __name__ == "__main__":
    main()
