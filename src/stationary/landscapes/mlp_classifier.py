"""A classifier with one hidden layer on labelled samples.

J(theta) = loss(o) + l2/2 |theta|^2,   o = V (h, 1),   h = phi(W (x, 1)),

with the mean softmax cross-entropy, or with the mean square of o - e_y over samples and outputs. theta is the block
``hidden_1``, (n, d + 1), then ``output``, (classes, n + 1), each row-major, the last column the bias; l2 weighs biases too.
:class:`stationary.landscapes.deep_network.DeepNetwork` differentiates; what is added here are rectifiers: kinks and dead units.
Source of the network: Choromanska et al. 2015 (arXiv 1412.0233).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from stationary.landscapes import classifier_nulls
from stationary.landscapes.activations import Array
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.network import Block
from stationary.landscapes.output_losses import CrossEntropy, SquaredError, one_hot


@dataclass(frozen=True, eq=False)
class MLPClassifier:
    """The landscape J over a stack of parameter vectors; all replicas see the same samples.

    Attributes:
        x: samples, [S, d].
        labels: classes from 0, [S].
        width: hidden units n.
        activation: ``relu``, with derivative 0 at 0, or a smooth one, see :mod:`stationary.landscapes.activations`.
        l2: weight of 1/2 |theta|^2.
        classes: C.
        loss: of the outputs.

    >>> net = MLPClassifier(np.eye(3), np.array([0, 1, 1]), width=2, classes=2)
    >>> net.n_parameters, [block.shape for block in net.layout]
    (14, [(2, 4), (2, 3)])
    >>> bool(np.isclose(net.value(np.zeros((1, 14)))[0], np.log(2.0)))  # all classes alike
    True
    """

    x: Array
    labels: Array
    width: int
    activation: str = "relu"
    l2: float = 0.0
    classes: int = 10
    loss: Literal["cross_entropy", "squared_error"] = "cross_entropy"

    @cached_property
    def network(self) -> DeepNetwork:
        """The same landscape, as a network of one hidden layer."""
        entropy = self.loss == "cross_entropy"
        loss = CrossEntropy(self.labels, self.classes) if entropy else SquaredError(one_hot(self.labels, self.classes))
        return DeepNetwork(self.x, loss, (self.width,), self.activation, l2=self.l2)

    @property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta."""
        return self.network.layout

    @property
    def n_parameters(self) -> int:
        """P, the length of theta."""
        return self.network.n_parameters

    @property
    def inputs(self) -> Array:
        """The samples in columns, with a row of ones: [d + 1, S], float64."""
        return self.network.inputs

    def take(self, replicas: Array) -> MLPClassifier:  # noqa: ARG002
        """The landscape of some replicas: itself, since all see the same samples."""
        return self

    def value(self, theta: Array, xp: Any = np) -> Array:
        """J: [R, P] -> [R]."""
        return self.network.value(theta, xp)

    def error(self, theta: Array) -> Array:
        """Share of samples whose largest output is not their label's: [R, P] -> [R]."""
        return np.asarray((self.network.output(theta).argmax(axis=1) != self.labels).mean(axis=1))

    def gradient(self, theta: Array) -> Array:
        """dJ/dtheta: [R, P] -> [R, P]."""
        return self.network.gradient(theta)

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """J and its gradient from one forward and one backward sweep: [R], [R, P]."""
        return self.network.value_and_gradient(theta)

    def hessian(self, theta: Array) -> Array:
        """d2J/dtheta2, exact: [R, P] -> [R, P, P], symmetric to the last bit."""
        return self.network.hessian(theta)

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Hessian times vector without the Hessian: [R, P], [R, P] -> [R, P]."""
        return self.network.hvp(theta, vector)

    def gradient_scale(self, theta: Array) -> Array:
        """See :meth:`DeepNetwork.gradient_scale`: [R]."""
        return self.network.gradient_scale(theta)

    def kink_margin(self, theta: Array) -> Array:
        """Smallest |pre-activation| over units and samples: [R, P] -> [R]; NaN for a smooth activation.

        A rectifier's Hessian holds as long as no pre-activation changes sign; at a kink it is one-sided.
        """
        if self.activation != "relu":
            return np.full(np.shape(theta)[0], np.nan)
        return np.asarray(np.abs(self._preactivations(theta)).min(axis=(1, 2)))

    def n_structural(self, theta: Array) -> Array:
        """How many null directions of the Hessian need no computation: [R, P] -> [R]; none with l2 > 0."""
        if self.l2:
            return np.zeros(np.shape(theta)[0], dtype=np.int64)
        constant = classifier_nulls.constant_directions(self.inputs).shape[0]
        shift = self.loss == "cross_entropy"
        sizes = {"inputs": self.inputs.shape[0], "classes": self.classes}
        return classifier_nulls.count(self.dead(theta), constant=constant, shift=shift, **sizes)

    def structural_basis(self, theta: Array) -> Array:
        """Orthonormal columns spanning them at one point: [P] -> [P, n_structural]; see :mod:`.classifier_nulls`."""
        if self.l2:
            return np.zeros((self.n_parameters, 0))
        constant = classifier_nulls.constant_directions(self.inputs)
        shift = self.loss == "cross_entropy"
        sizes = {"inputs": self.inputs.shape[0], "classes": self.classes}
        return classifier_nulls.basis(self.dead(np.asarray(theta)[None])[0], constant=constant, shift=shift, **sizes)

    def dead(self, theta: Array) -> Array:
        """Units that are off on every sample: [R, P] -> boolean [R, n]; none for a smooth activation."""
        if self.activation != "relu":
            return np.zeros((np.shape(theta)[0], self.width), dtype=bool)
        return np.asarray((self._preactivations(theta) <= 0.0).all(axis=2))

    def _preactivations(self, theta: Array) -> Array:
        """[R, n, S]."""
        hidden = self.layout[0]
        return np.asarray(theta, dtype=np.float64)[:, : hidden.size].reshape(-1, *hidden.shape) @ self.inputs
