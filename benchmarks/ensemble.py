"""Time of one network's epoch of SGD: our stack against JAX's vmap and scan, and against one Keras fit after another.

    python benchmarks/ensemble.py [--threads 1] [--rounds 5] [--widths 25 100 500] [--json FILE]

898 rows of 64 random pixels, as half of the digits; the same shapes, rates and number of networks for the stacks. JAX runs
twice, with minibatches of each network's own and shared by all. Keras fits one network, its model built and compiled before;
what building, tracing and the first epoch cost on top is printed apart. Repetitions are interleaved, so that a busy moment of
the machine hits everyone.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import timing

Array = Any
Route = Callable[[], object]

SAMPLES, INPUTS, GROUP = 898, 64, 16
BATCHES = (10, 100)
RATE, DECAY = 0.05, 10.0
EPOCHS = 5


def main() -> None:
    """Print the table, and write it as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads of every library (default 1)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved repetitions (default 5)")
    parser.add_argument("--widths", type=int, nargs="+", default=[25, 100, 500], help="hidden units (default 25 100 500)")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    arguments = parser.parse_args()
    _limit(arguments.threads)
    found = [name for name in ("jax", "keras", "tensorflow") if importlib.util.find_spec(name)]
    versions = {name: importlib.metadata.version(name) for name in ["numpy", *found]}
    print(f"{platform.machine()}, Python {platform.python_version()}, {arguments.threads} thread(s), {versions}")
    print("ms per network and epoch, median (fastest - slowest of the rounds); ratio to ours")
    rows = [_measure(width, batch, arguments.rounds, "jax" in found) for width in arguments.widths for batch in BATCHES]
    if arguments.json:
        report = {"threads": arguments.threads, "versions": versions, "rows": rows}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def _limit(threads: int) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # a machine without a GPU is no error
    timing.limit(threads)
    import tensorflow as tf

    # Without devices' deterministic kernels, which Keras' input pipeline pays for.
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


def _measure(width: int, batch: int, rounds: int, with_jax: bool) -> dict[str, Any]:
    import numpy as np

    from stationary.methods.ensemble_network import Shape, starts
    from stationary.methods.ensemble_sgd import Descent, stack_size, train

    generator = np.random.default_rng(0)
    x = generator.random((SAMPLES, INPUTS), dtype=np.float32)
    y = generator.integers(0, 10, SAMPLES)
    shape = Shape(INPUTS, width)
    networks = stack_size(width, INPUTS, GROUP, 1500.0)
    theta = np.stack([starts(shape, "uniform_fan_in", np.random.default_rng(i)) for i in range(networks)])
    groups = networks // GROUP
    rows = np.stack([np.arange(SAMPLES)] * groups)

    def ours() -> Array:
        orders = [np.random.default_rng(group) for group in range(groups)]
        return train(x, y, rows, theta.reshape(groups, GROUP, -1), shape, Descent(batch, EPOCHS, RATE, DECAY), orders)

    routes: dict[str, tuple[Route, int]] = {"ours": (ours, networks * EPOCHS)}
    if with_jax:
        for own in (True, False):
            name = f"jax vmap + scan, {'own' if own else 'shared'} batches"
            routes[name] = (_jax(x, y, theta, shape, batch, own), networks * EPOCHS)
    fit, extra = _keras(x, y, theta[0], shape, batch)
    routes["keras fit"] = (fit, EPOCHS)
    times: dict[str, list[float]] = {route: [] for route in routes}
    for run, _ in routes.values():
        run()
    for _ in range(rounds):
        for route, (run, count) in routes.items():
            start = time.perf_counter()
            run()
            times[route].append(1e3 * (time.perf_counter() - start) / count)
    row = {"width": width, "batch": batch, "networks": networks, "milliseconds": times, "keras_extra_seconds": extra}
    _show(row)
    return row


def _show(row: dict[str, Any]) -> None:
    print(f"\nwidth {row['width']}, batch {row['batch']}, stack of {row['networks']}")
    for route, times in row["milliseconds"].items():
        ratios = sorted(theirs / ours for theirs, ours in zip(times, row["milliseconds"]["ours"], strict=True))
        spread = timing.spread(times)
        ratio = f"{statistics.median(ratios):8.2f} x ({ratios[0]:.2f} - {ratios[-1]:.2f})"
        print(f"  {route:34}{statistics.median(times):10.3g} {spread:22}{ratio}", flush=True)
    print(f"  keras besides: {row['keras_extra_seconds']:.2f} s per network to build, trace and start")


def _jax(x: Array, y: Array, theta: Array, shape: Any, batch: int, own: bool) -> Route:
    import jax
    import jax.numpy as jnp
    import numpy as np

    pixels, labels = jnp.asarray(x), jnp.asarray(y)
    split = shape.width * (shape.inputs + 1)
    first = theta[:, :split].reshape(-1, shape.width, shape.inputs + 1)
    second = theta[:, split:].reshape(-1, 10, shape.width + 1)
    parts = [first[..., :-1].swapaxes(1, 2), first[..., -1], second[..., :-1].swapaxes(1, 2), second[..., -1]]
    start = tuple(jnp.asarray(part) for part in parts)
    steps, networks = SAMPLES // batch, theta.shape[0]

    def loss(weights: Any, images: Array, classes: Array) -> Array:
        kernel, bias, output, output_bias = weights
        logits = jax.nn.relu(images @ kernel + bias) @ output + output_bias
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), classes[:, None], axis=1))

    slope = jax.vmap(jax.grad(loss), in_axes=(0, 0, 0) if own else (0, None, None))

    @jax.jit
    def epoch(weights: Any, order: Array, rates: Array) -> Any:
        def step(now: Any, item: Any) -> Any:
            rows, rate = item
            return jax.tree.map(lambda a, b: a - rate * b, now, slope(now, pixels[rows], labels[rows])), None

        return jax.lax.scan(step, weights, (order, rates))[0]

    def run() -> object:
        generator, weights = np.random.default_rng(0), start
        for number in range(EPOCHS):
            orders = np.stack([generator.permutation(SAMPLES)[: steps * batch] for _ in range(networks if own else 1)])
            order = orders.reshape(-1, steps, batch).swapaxes(0, 1)
            rates = RATE / (1 + (number + np.arange(steps) / steps) / DECAY)
            weights = epoch(weights, jnp.asarray(order if own else order[:, 0]), jnp.asarray(rates, dtype=jnp.float32))
        return jax.block_until_ready(weights)

    return run


def _keras(x: Array, y: Array, theta: Array, shape: Any, batch: int) -> tuple[Route, float]:
    import keras

    began = time.perf_counter()
    split = shape.width * (shape.inputs + 1)
    first, second = theta[:split].reshape(shape.width, -1), theta[split:].reshape(10, -1)
    model = keras.Sequential([keras.Input((INPUTS,)), keras.layers.Dense(shape.width, "relu"), keras.layers.Dense(10)])
    model.set_weights([first[:, :-1].T, first[:, -1], second[:, :-1].T, second[:, -1]])
    steps = SAMPLES // batch
    rate = keras.optimizers.schedules.InverseTimeDecay(RATE, DECAY * steps, 1.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss)
    kept = steps * batch
    model.fit(x[:kept], y[:kept], batch_size=batch, epochs=1, verbose=0)
    extra = time.perf_counter() - began
    return lambda: model.fit(x[:kept], y[:kept], batch_size=batch, epochs=EPOCHS, verbose=0), extra


if __name__ == "__main__":
    main()
