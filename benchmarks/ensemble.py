"""Time of one network's epoch of SGD: our stack against vmap in JAX and in PyTorch, and against one Keras fit after another.

    python -m benchmarks.ensemble [--threads 1] [--rounds 5] [--only "width 25"] [--json FILE]

898 rows of 64 random pixels, as half of the digits; the same shapes, rates and number of networks for the stacks. JAX and
PyTorch run twice, with minibatches of each network's own and shared by all. Keras fits one network, its model built and
compiled before; what building, tracing and the first epoch cost on top stands beside. Repetitions are interleaved, so that a
busy moment of the machine hits everyone.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import comparison, timing
from benchmarks.comparison import Comparison, Options

Array = Any
Route = Callable[[], object]

SAMPLES, INPUTS, GROUP = 898, 64, 16
CASES = {f"width {width}, batch {batch}": (width, batch) for width, batch in itertools.product((25, 100, 500), (100, 10))}
RATE, DECAY = 0.05, 10.0
EPOCHS = 5


def comparisons(options: Options) -> Iterator[Comparison]:
    """Every width and batch size against every peer that is installed."""
    import tensorflow as tf

    # Without devices' deterministic kernels, which Keras' input pipeline pays for.
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    for case in options.choose(CASES):
        yield _measure(case, options.rounds)


def _measure(case: str, rounds: int) -> Comparison:
    import numpy as np

    from stationary.methods.ensemble_network import Shape, starts
    from stationary.methods.ensemble_sgd import Descent, stack_size, train

    width, batch = CASES[case]
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

    fit, extra = _keras(x, y, theta[0], shape, batch)
    routes: dict[str, Route] = {"ours": ours}
    for library, stacked in (("jax", _jax), ("torch", _torch)):
        for own in (True, False) if comparison.has(library) else ():
            name = f"{library} vmap, {'own' if own else 'shared'} batches"
            routes[name] = stacked(x, y, theta, shape, batch, own)
    routes["keras fit"] = fit
    for run in routes.values():
        run()
    seconds = timing.interleaved(routes, rounds)
    fits = {route: EPOCHS * (1 if route == "keras fit" else networks) for route in routes}
    times = {route: [1e3 * one / fits[route] for one in taken] for route, taken in seconds.items()}
    return Comparison(case, "ms per network and epoch", times, f"stack of {networks}; keras builds {extra:.2f} s per network")


def _parts(theta: Array, shape: Any) -> list[Array]:
    """Kernels [R, inputs, units] and biases [R, units] of both layers."""
    split = shape.width * (shape.inputs + 1)
    first = theta[:, :split].reshape(-1, shape.width, shape.inputs + 1)
    second = theta[:, split:].reshape(-1, 10, shape.width + 1)
    return [first[..., :-1].swapaxes(1, 2), first[..., -1], second[..., :-1].swapaxes(1, 2), second[..., -1]]


def _epochs(batch: int, networks: int) -> Iterator[tuple[Array, Array]]:
    """Rows of every minibatch, [steps, networks, batch], and the rate of every step, epoch by epoch."""
    import numpy as np

    generator, steps = np.random.default_rng(0), SAMPLES // batch
    for number in range(EPOCHS):
        orders = np.stack([generator.permutation(SAMPLES)[: steps * batch] for _ in range(networks)])
        rates = RATE / (1 + (number + np.arange(steps) / steps) / DECAY)
        yield orders.reshape(-1, steps, batch).swapaxes(0, 1), rates.astype(np.float32)


def _jax(x: Array, y: Array, theta: Array, shape: Any, batch: int, own: bool) -> Route:
    import jax
    import jax.numpy as jnp

    pixels, labels = jnp.asarray(x), jnp.asarray(y)
    start = tuple(jnp.asarray(part) for part in _parts(theta, shape))

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
        weights = start
        for order, rates in _epochs(batch, len(theta) if own else 1):
            weights = epoch(weights, jnp.asarray(order if own else order[:, 0]), jnp.asarray(rates))
        return jax.block_until_ready(weights)

    return run


def _torch(x: Array, y: Array, theta: Array, shape: Any, batch: int, own: bool) -> Route:
    import torch

    pixels, labels = torch.from_numpy(x), torch.from_numpy(y)
    start = tuple(torch.from_numpy(part.copy()) for part in _parts(theta, shape))

    def loss(weights: Any, images: Any, classes: Any) -> Any:
        kernel, bias, output, output_bias = weights
        return torch.nn.functional.cross_entropy(torch.relu(images @ kernel + bias) @ output + output_bias, classes)

    slope = torch.func.vmap(torch.func.grad(loss), in_dims=(0, 0, 0) if own else (0, None, None))

    def run() -> object:
        weights = start
        for order, rates in _epochs(batch, len(theta) if own else 1):
            for rows, rate in zip(torch.from_numpy(order.copy() if own else order[:, 0].copy()), rates.tolist(), strict=True):
                slopes = slope(weights, pixels[rows], labels[rows])
                weights = tuple(now - rate * fall for now, fall in zip(weights, slopes, strict=True))
        return weights

    return run


def _keras(x: Array, y: Array, theta: Array, shape: Any, batch: int) -> tuple[Route, float]:
    import keras

    began = time.perf_counter()
    model = keras.Sequential([keras.Input((INPUTS,)), keras.layers.Dense(shape.width, "relu"), keras.layers.Dense(10)])
    model.set_weights([part[0] for part in _parts(theta[None], shape)])
    steps = SAMPLES // batch
    rate = keras.optimizers.schedules.InverseTimeDecay(RATE, DECAY * steps, 1.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss)
    kept = steps * batch
    model.fit(x[:kept], y[:kept], batch_size=batch, epochs=1, verbose=0)
    extra = time.perf_counter() - began
    return lambda: model.fit(x[:kept], y[:kept], batch_size=batch, epochs=EPOCHS, verbose=0), extra


if __name__ == "__main__":
    comparison.main("ensemble", __doc__, comparisons)
