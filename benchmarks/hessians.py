"""Time of one exact Hessian, ours against JAX, PyTorch, TensorFlow and einsum, on the same stack in the same run.

    python -m benchmarks.hessians [--threads 1] [--rounds 5] [--only regression-140-101] [--json FILE]

Every peer differentiates the same float64 loss twice the way its documentation recommends, compiled where it compiles, over the
whole stack; einsum writes out the blocks of one hidden layer. Repetitions are interleaved, so that a busy moment hits everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import comparison, timing
from benchmarks.comparison import Comparison, Options

Array = Any
Route = Callable[[], Array]

CASES = {  # kind-parameters-points -> kind, hidden layers, points, stack
    "regression-30-101": ("regression", (10,), 101, 64),
    "regression-140-101": ("regression", (10, 10), 101, 32),
    "regression-480-101": ("regression", (20, 20), 101, 8),
    "regression-480-512": ("regression", (20, 20), 512, 8),
    "regression-1365-256": ("regression", (35, 35), 256, 4),
    "pinn-140-101": ("pinn", (10, 10), 101, 16),
    "classifier-685-1000": ("classifier", (25,), 1000, 4),
    "autoencoder-560-1000": ("autoencoder", (8, 16), 1000, 4),
}


def comparisons(options: Options) -> Iterator[Comparison]:
    """Every case against every peer that has a route to it."""
    for case in options.choose(CASES):
        yield _measure(case, options.rounds)


def _measure(case: str, rounds: int) -> Comparison:
    import numpy as np

    kind, hidden, points, replicas = CASES[case]
    landscape, x, f = _problem(kind, hidden, points)
    theta = np.random.default_rng(0).normal(size=(replicas, landscape.n_parameters))
    routes: dict[str, Route] = {"ours": lambda: landscape.hessian(theta)}
    if kind == "regression" and len(hidden) == 1:
        routes["np.einsum, by hand"] = lambda: _einsum(landscape.layout, x, f, theta)
    for library, peer in PEERS.items():
        if comparison.has(library):
            routes.update(peer(kind, landscape.layout, x, f, theta))
    reference = routes["ours"]()
    error = max(float(np.abs(np.asarray(run()) - reference).max() / np.abs(reference).max()) for run in routes.values())
    times = {route: [1e3 * one / replicas for one in taken] for route, taken in timing.interleaved(routes, rounds).items()}
    return Comparison(case, "ms per Hessian", times, f"largest difference {error:.0e}")


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


def _einsum(layout: Any, x: Array, f: Array, theta: Array) -> Array:
    """One hidden layer of tanh units: J J^T and the blocks of curvature inside each unit, sums over points s as such."""
    import numpy as np

    hidden, replicas = layout[0], len(theta)
    units, points = hidden.shape[0], x.size
    kernel, last = theta[:, : hidden.size].reshape(replicas, *hidden.shape), theta[:, hidden.size :]
    inputs = np.stack([x, np.ones_like(x)])
    t = np.tanh(np.einsum("rkd,ds->rks", kernel, inputs))
    slope = 1.0 - t * t
    residual = np.einsum("rk,rks->rs", last, t) - f
    jacobian = np.concatenate([np.einsum("rk,rks,ds->rkds", last, slope, inputs).reshape(replicas, -1, points), t], axis=1)
    hessian = np.einsum("rps,rqs->rpq", jacobian, jacobian, optimize=True)
    bends = np.einsum("rk,rks,rs,ds,es->rkde", last, -2.0 * t * slope, residual, inputs, inputs, optimize=True)
    slopes = np.einsum("rks,rs,ds->rkd", slope, residual, inputs, optimize=True)
    for k in range(units):
        own, out = slice(2 * k, 2 * k + 2), hidden.size + k
        hessian[:, own, own] += bends[:, k]
        hessian[:, own, out] += slopes[:, k]
        hessian[:, out, own] += slopes[:, k]
    return hessian / points


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
    if kind == "pinn":
        return
    import torch

    grid, target, stack = (torch.from_numpy(array.copy()) for array in (x, f, theta))
    act = torch.nn.functional.silu if kind == "autoencoder" else torch.tanh

    def loss(point: Any) -> Any:
        h = z = grid[:, None] if kind == "regression" else grid
        for block in layout:
            kernel = point[block.offset : block.offset + block.size].reshape(block.shape)
            bias = kernel[:, -1] if kernel.shape[1] > h.shape[1] else 0.0  # the regression's output has none
            z = h @ kernel[:, : h.shape[1]].T + bias
            h = act(z)
        if kind == "classifier":
            return torch.nn.functional.cross_entropy(z, target)
        return 0.5 * torch.mean((z[:, 0] - target) ** 2) if kind == "regression" else torch.mean((z - target) ** 2)

    hessian = torch.func.vmap(torch.func.hessian(loss))
    yield "torch.func.hessian, vmap", lambda: hessian(stack)


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
    comparison.main("hessians", __doc__, comparisons)
