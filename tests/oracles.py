"""Independent references: written from the documented layout of theta and the formulas of the sources, not from the package."""

import decimal
import itertools

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_disable_most_optimizations", True)  # compiling is what a test waits for

ACTIVATIONS = {
    "gaussian": lambda z: jnp.exp(-z * z / 2),
    "identity": lambda z: z,
    "relu": lambda z: jnp.where(z > 0, z, 0.0),
    "sigmoid": jax.nn.sigmoid,
    "sine": jnp.sin,
    "softplus": jax.nn.softplus,
    "swish": jax.nn.silu,
    "tanh": jnp.tanh,
}


def network(layout, activation, output_bias):
    """N(theta, x) in JAX; each block is (units, inputs + 1) row by row, the last column being the bias."""

    def evaluate(theta, x):
        h = jnp.array([x])
        *hidden, output = [theta[b.offset : b.offset + b.size].reshape(b.shape) for b in layout]
        for kernel in hidden:
            h = ACTIVATIONS[activation](kernel[:, :-1] @ h + kernel[:, -1])
        return (output @ (jnp.append(h, 1.0) if output_bias else h))[0]

    return evaluate


def regression_loss(layout, x, *, activation="tanh", output_bias=False):
    """(theta, target) -> 1/2 mean (N - f)^2."""
    evaluate = network(layout, activation, output_bias)
    return lambda theta, f: 0.5 * jnp.mean((jax.vmap(lambda s: evaluate(theta, s))(x) - f) ** 2)


def pinn_loss(layout, x, *, activation="tanh", output_bias=False, reaction=0.0):
    """(theta, forcing) -> 1/2 mean (u'' - c u - f)^2 with u = sin(pi x) N, differentiated in x by JAX."""
    evaluate = network(layout, activation, output_bias)

    def loss(theta, f):
        def u(s):
            return jnp.sin(jnp.pi * s) * evaluate(theta, s)

        def slope(s):
            return jax.jvp(u, (s,), (1.0,))[1]

        second = jax.vmap(lambda s: jax.jvp(slope, (s,), (1.0,))[1])(x)
        return 0.5 * jnp.mean((second - reaction * jax.vmap(u)(x) - f) ** 2)

    return loss


def differentiate(loss, theta, target):
    """Value [R], gradient [R, P] and Hessian [R, P, P] of a JAX loss over a stack of thetas and targets."""
    both = jax.jit(jax.vmap(jax.value_and_grad(loss)))
    value, gradient = both(theta, target)
    hessian = jax.jit(jax.vmap(jax.jacfwd(jax.grad(loss))))(theta, target)
    return np.asarray(value), np.asarray(gradient), np.asarray(hessian)


def central_differences(function, theta, step=1e-5):
    """Derivative of a stacked function by central differences, [R, P] -> [R, ..., P]; error about step^2."""
    moves = step * np.eye(theta.shape[1])
    columns = [(function(theta + move) - function(theta - move)) / (2 * step) for move in moves]
    return np.stack(columns, axis=-1)


def activation_derivative(name, z, order):
    """Derivative of an activation in sixty-digit arithmetic, by central differences whose error is below 1e-18."""
    with decimal.localcontext(prec=120):
        step = decimal.Decimal(10) ** -10
        points = [decimal.Decimal(z) + (order - 2 * k) * step for k in range(order + 1)]
        values = [_precise(name, point) for point in points]
        for _ in range(order):
            values = [(high - low) / (2 * step) for high, low in itertools.pairwise(values)]
        return float(values[0])


def _precise(name, z):
    if name == "gaussian":
        return (-z * z / 2).exp()
    if name == "softplus":
        return (1 + z.exp()).ln()
    if name == "swish":
        return z / (1 + (-z).exp())
    grown, decayed = z.exp(), (-z).exp()
    return (grown - decayed) / (grown + decayed)


def antisymmetric_saddle(x, slopes, n_blind=0):
    """A point of the trivial family of a tanh network 1-n-1 without output bias: a = 0 and every unit orthogonal to f.

    Units tanh(w (x - 1/2)) are odd about 1/2, the target is even, the grid symmetric. For the first ``n_blind`` units the
    target is made orthogonal to the unit's slope as well, so that their rows of C vanish.

    Returns:
        theta [1, 3n] (kernel rows (w, b), then a), target [S].
    """
    slopes = np.asarray(slopes, dtype=float)
    kernel = np.stack([slopes, -slopes / 2], axis=1)
    bells = (1 / np.cosh(slopes[:, None] * (x - 0.5)) ** 2)[:n_blind]
    target = np.cos(2 * np.pi * x) + 0.3 * np.cos(4 * np.pi * x)
    if n_blind:
        target -= np.linalg.lstsq(bells.T, target)[0] @ bells
    return np.append(kernel, np.zeros(slopes.size))[None], target


def trivial_blocks(x, theta, target):
    """G = mean phi_k phi_l and C = mean f dphi_k / d(w, b) of a tanh network 1-n-1 at ``theta`` [3n], in theta's order."""
    kernel = theta[: 2 * theta.size // 3].reshape(-1, 2)
    phi = np.tanh(kernel[:, :1] * x + kernel[:, 1:])
    slope = 1 - phi**2
    units = len(kernel)
    C = np.zeros((units, units, 2))
    C[np.arange(units), np.arange(units)] = np.stack([(slope * x * target).mean(1), (slope * target).mean(1)], axis=1)
    return phi @ phi.T / x.size, C.reshape(units, -1)
