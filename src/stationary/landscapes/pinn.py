"""Physics-informed networks on [0, 1] with hard boundary conditions: J = 1/2 mean (L u - f)^2, L u = u'' - c u.

The trial solution u(x) = sin(pi x) N(x; theta) vanishes at both ends whatever theta is. With B = sin(pi x):
L u = (B'' - c B) N + 2 B' N' + B N'', linear in the jet (N, N', N''). c = 0 is Poisson's equation, c > 0 reaction-diffusion.
"""

from __future__ import annotations

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.least_squares import LeastSquaresNetwork
from stationary.landscapes.network import Network


def pinn(
    x: Array,
    forcing: Array,
    *,
    hidden: tuple[int, ...],
    activation: str = "tanh",
    output_bias: bool = False,
    reaction: float = 0.0,
) -> LeastSquaresNetwork:
    """The PINN landscape; ``output`` is L u and ``basis`` is L (B phi_k).

    Args:
        x: collocation points, shape [S].
        forcing: f at the points, [S], or [R, S] for one forcing per replica.
        hidden: units per hidden layer, depth >= 1.
        activation: ``gaussian``, ``sine``, ``softplus`` or ``tanh``.
        output_bias: whether N has an output bias.
        reaction: c in L u = u'' - c u.
    """
    network = Network(tuple(hidden), activation, output_bias, x, channels=3)
    sine, cosine = np.sin(np.pi * network.x), np.cos(np.pi * network.x)
    weights = np.stack([-(np.pi**2 + reaction) * sine, 2.0 * np.pi * cosine, sine])
    return LeastSquaresNetwork(network, weights, np.atleast_2d(np.asarray(forcing, dtype=np.float64)))


def boundary_factor(x: Array) -> Array:
    """B(x) = sin(pi x), which carries the boundary conditions: u = B N."""
    return np.sin(np.pi * np.asarray(x))
