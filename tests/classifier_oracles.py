"""A softmax classifier written once more, plainly, for JAX to differentiate; and small datasets."""

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

_ACTIVATIONS = {"relu": lambda z: jnp.where(z > 0, z, 0.0), "tanh": jnp.tanh}


def logits(layout, activation):
    """(theta, x [S, d]) -> [S, C]."""

    def evaluate(theta, x):
        kernels = [theta[block.offset : block.offset + block.size].reshape(block.shape) for block in layout]
        hidden = _ACTIVATIONS[activation](x @ kernels[0][:, :-1].T + kernels[0][:, -1])
        return hidden @ kernels[1][:, :-1].T + kernels[1][:, -1]

    return evaluate


def loss(layout, x, labels, *, activation, l2):
    """(theta, unused) -> mean cross-entropy + l2/2 |theta|^2."""
    evaluate = logits(layout, activation)

    def value(theta, _=None):
        log_p = jax.nn.log_softmax(evaluate(theta, x), axis=1)
        return -jnp.mean(log_p[jnp.arange(len(labels)), labels]) + 0.5 * l2 * jnp.sum(theta**2)

    return value


def jacobian(landscape, theta):
    """d logits / d theta: [R, S, C, P]."""
    evaluate = logits(landscape.layout, landscape.activation)
    return np.asarray(jax.jit(jax.vmap(jax.jacobian(lambda row: evaluate(row, landscape.x))))(theta))


def blobs(samples=60, inputs=4, classes=3, spread=0.3, seed=0):
    """Points about one centre per class: x [S, d] in [0, 1], labels [S]; well separated for a small spread."""
    rng = np.random.default_rng(seed)
    labels = np.arange(samples) % classes
    centres = np.eye(inputs)[:classes]
    return np.clip(0.5 * centres[labels] + 0.25 + spread * (rng.random((samples, inputs)) - 0.5), 0.0, 1.0), labels
