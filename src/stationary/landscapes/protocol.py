"""What a landscape offers, whatever network or function stands behind it.

Every method takes a **stack** of parameter vectors, one per replica along the leading axis, and treats each replica alone: a
replica's numbers are bitwise the same in any stack.
"""

from __future__ import annotations

from typing import Protocol, Self, runtime_checkable

from stationary.landscapes.activations import Array
from stationary.landscapes.network import Block


@runtime_checkable
class Landscape(Protocol):
    """A loss over a stack of parameter vectors, in float64; R replicas, P parameters.

    A replica may have a problem of its own (one target each, say). Then R is fixed by the landscape, and :meth:`take` makes
    the landscape of the replicas that are left as runs end.
    """

    @property
    def n_parameters(self) -> int:
        """P, the length of theta."""

    @property
    def layout(self) -> tuple[Block, ...]:
        """Names, shapes and offsets of the blocks inside theta, which table metadata records."""

    def take(self, replicas: Array) -> Self:
        """The landscape of some replicas, given by an index array."""

    def value(self, theta: Array) -> Array:
        """Loss: [R, P] -> [R]."""

    def gradient(self, theta: Array) -> Array:
        """First derivative: [R, P] -> [R, P]."""

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """Both from one sweep: [R, P] -> [R], [R, P]."""

    def hessian(self, theta: Array) -> Array:
        """Second derivative, exact and symmetric to the last bit: [R, P] -> [R, P, P]."""

    def hvp(self, theta: Array, vector: Array) -> Array:
        """Second derivative times a vector, without forming it: [R, P], [R, P] -> [R, P]."""
