"""Two-layer linear regression, and the linear autoencoder as its case y = x.

J(theta) = w mean_s ||y_s - B A x_s||^2 = w (tr S_yy + <B A S_xx - 2 S_yx, B A>),

with the covariances of the sample, which are all that enters: nothing costs more with more samples. theta is the block
``hidden_1``, A, (p, d_x), then ``output``, B, (d_y, p), each row-major; no biases. The weight w is 1 for a loss summed over
outputs and 1/d_y for one averaged over them; gradient and eigenvalues carry it too, so a bound on ||g||^2 carries w^2.
Products run replica by replica: a replica's numbers are bitwise the same in any stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@dataclass(frozen=True, eq=False)
class TwoLayerLinear:
    """The landscape J over a stack of parameter vectors; all replicas see the same sample.

    Attributes:
        s_xx: mean of x x^T, [d_x, d_x].
        s_yx: mean of y x^T, [d_y, d_x].
        s_yy: mean of y y^T, [d_y, d_y].
        hidden: p.
        weight: w.

    >>> net = two_layer_linear(np.eye(3), np.eye(3)[:, :2], hidden=1)
    >>> net.n_parameters, [block.shape for block in net.layout]
    (5, [(1, 3), (2, 1)])
    """

    s_xx: Array
    s_yx: Array
    s_yy: Array
    hidden: int
    weight: float = 1.0

    @cached_property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        outputs, inputs = self.s_yx.shape
        return Block("hidden_1", (self.hidden, inputs), 0), Block("output", (outputs, self.hidden), self.hidden * inputs)

    @property
    def n_parameters(self) -> int:
        """P = p (d_x + d_y)."""
        return int(self.hidden * sum(self.s_yx.shape))

    def take(self, replicas: Array) -> TwoLayerLinear:  # noqa: ARG002
        """The landscape of some replicas: itself, since all see the same sample."""
        return self

    def value(self, theta: Array) -> Array:
        """J: [R, P] -> [R]."""
        encoder, decoder = self._matrices(theta)
        mapped = decoder @ encoder
        return self._loss(mapped, mapped @ self.s_xx - self.s_yx)

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.value_and_gradient(theta)[1]

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient, 2w B^T E and 2w E A^T with E = B A S_xx - S_yx: [R], [R, P]."""
        encoder, decoder = self._matrices(theta)
        mapped = decoder @ encoder
        error = mapped @ self.s_xx - self.s_yx
        return self._loss(mapped, error), self._flat(_transposed(decoder) @ error, error @ _transposed(encoder))

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2 from Kronecker blocks, exact: [R, P] -> [R, P, P], symmetric to the last bit.

        AA: 2w (B^T B)_kl (S_xx)_ij;  BB: 2w delta_ab (A S_xx A^T)_kl;  AB: 2w (B_ak (A S_xx)_li + delta_kl E_ai).
        """
        encoder, decoder = self._matrices(theta)
        replicas, (outputs, inputs), p = len(encoder), self.s_yx.shape, self.hidden
        moved = encoder @ self.s_xx
        error = decoder @ moved - self.s_yx
        gram, codes = _symmetric(_transposed(decoder) @ decoder), _symmetric(moved @ _transposed(encoder))
        mixed = np.einsum("rak,rli->rkial", decoder, moved)
        units = np.arange(p)
        mixed[:, units, :, :, units] += _transposed(error)[None]
        own = p * inputs
        result = np.zeros((replicas, self.n_parameters, self.n_parameters))
        result[:, :own, :own] = (gram[:, :, None, :, None] * self._spread[:, None, :]).reshape(replicas, own, own)
        upper = result[:, own:, own:].reshape(replicas, outputs, p, outputs, p)
        rows = np.arange(outputs)
        upper[:, rows, :, rows, :] = codes[None]
        result[:, own:, own:] = upper.reshape(replicas, outputs * p, outputs * p)
        result[:, :own, own:] = mixed.reshape(replicas, own, outputs * p)
        result[:, own:, :own] = _transposed(result[:, :own, own:])
        result *= 2.0 * self.weight
        return result

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector: [R, P], [R, P] -> [R, P]."""
        (encoder, decoder), (turn, bend) = self._matrices(theta), self._matrices(vector)
        error = decoder @ encoder @ self.s_xx - self.s_yx
        change = (bend @ encoder + decoder @ turn) @ self.s_xx
        return self._flat(
            _transposed(bend) @ error + _transposed(decoder) @ change, error @ _transposed(turn) + change @ _transposed(encoder)
        )

    def gradient_scale(self, theta: Array) -> Array:
        """2w (mean ||d(B A x)/dtheta||_F^2)^(1/2) (mean ||y||^2)^(1/2), which makes a gradient norm dimensionless: [R].

        The Jacobian vanishes at the origin, a critical point; it is not taken below that of a net with ||A|| = ||B|| = 1 and
        an average direction, or no approach to the origin would ever count as one.
        """
        encoder, decoder = self._matrices(theta)
        inputs = np.trace(self.s_xx)
        below = np.maximum((decoder * decoder).sum(axis=(1, 2)), 1.0) * inputs
        codes = (encoder * (encoder @ self.s_xx)).sum(axis=(1, 2))
        above = np.maximum(codes, inputs / self.s_xx.shape[0]) * self.s_yx.shape[0]
        return np.asarray(2.0 * self.weight * np.sqrt((below + above) * np.trace(self.s_yy)))

    @cached_property
    def _spread(self) -> Array:
        return _symmetric(np.asarray(self.s_xx, dtype=np.float64))

    def _matrices(self, theta: Array) -> tuple[Array, Array]:
        theta = np.asarray(theta, dtype=np.float64)
        split, rows, (outputs, inputs) = self.layout[0].size, theta.shape[0], self.s_yx.shape
        return theta[:, :split].reshape(rows, self.hidden, inputs), theta[:, split:].reshape(rows, outputs, self.hidden)

    def _flat(self, encoder: Array, decoder: Array) -> Array:
        parts = [part.reshape(part.shape[0], part.shape[1] * part.shape[2]) for part in (encoder, decoder)]
        return 2.0 * self.weight * np.concatenate(parts, axis=1)

    def _loss(self, mapped: Array, error: Array) -> Array:
        return np.asarray(self.weight * (np.trace(self.s_yy) + ((error - self.s_yx) * mapped).sum(axis=(1, 2))))


def two_layer_linear(x: Array, y: Array, *, hidden: int, weight: float = 1.0) -> TwoLayerLinear:
    """The landscape of a sample: inputs [S, d_x], outputs [S, d_y], taken as they are."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return TwoLayerLinear(_symmetric(x.T @ x / len(x)), y.T @ x / len(x), _symmetric(y.T @ y / len(x)), hidden, weight)


def linear_autoencoder(x: Array, *, hidden: int) -> TwoLayerLinear:
    """The autoencoder of a sample [S, d] with means removed, its loss averaged over samples and outputs (w = 1/d).

    Frye et al. (2019, arXiv 1901.10603) take 10 000 samples with covariance diag(1, ..., 16) and four hidden units.

    >>> net = linear_autoencoder(np.random.default_rng(0).normal(size=(50, 16)) * np.sqrt(np.arange(1, 17)), hidden=4)
    >>> net.n_parameters, net.weight
    (128, 0.0625)
    """
    x = np.asarray(x, dtype=np.float64)
    centred = x - x.mean(axis=0)
    return two_layer_linear(centred, centred, hidden=hidden, weight=1.0 / x.shape[1])


def _transposed(stack: Array) -> Array:
    return stack.swapaxes(1, 2)


def _symmetric(stack: Array) -> Array:
    return 0.5 * (stack + stack.swapaxes(-1, -2))
