"""Numbers that the sources report, as data: drawn beside ours and compared with them, never used to compute ours.

Source: A. Choromanska, M. Henaff, M. Mathieu, G. Ben Arous, Y. LeCun, The loss surfaces of multilayer networks (AISTATS 2015).
Correlations are its Table 1; the other numbers were measured from its figures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Networks:
    """Networks of one hidden layer on MNIST at 10 x 10, 1000 per width; losses in nats.

    Attributes:
        width: n1, hidden units.
        correlation: of training and test loss over the networks.
    """

    width: int
    train_mean: float
    train_sd: float
    test_mean: float
    test_sd: float
    test_min: float
    test_median: float
    test_max: float
    correlation: float


@dataclass(frozen=True)
class Energies:
    """Ends of 1000 descents of the spherical 3-spin glass; energies per spin.

    Attributes:
        size: number of spins.
        low: 5 % quantile.
        high: 95 % quantile.
    """

    size: int
    mean: float
    sd: float
    minimum: float
    low: float
    median: float
    high: float
    maximum: float


@dataclass(frozen=True)
class Annealing:
    """Mean test loss of simulated annealing and of stochastic gradient descent, 6000 training images; nats."""

    width: int
    annealing: float
    sgd: float

    @property
    def relative_difference(self) -> float:
        """Annealing minus descent, over descent.

        >>> round(Annealing(2, annealing=1.1, sgd=1.0).relative_difference, 12)
        0.1
        """
        return self.annealing / self.sgd - 1.0


DATASET = "mnist"
"""The dataset of :data:`NETWORKS` and :data:`ANNEALING`; on another one their losses are no target."""

NETWORKS: tuple[Networks, ...] = (
    Networks(2, 1.0103, 0.0376, 1.0170, 0.0372, 0.967, 1.012, 1.669, 0.9889),
    Networks(5, 0.3856, 0.01064, 0.3776, 0.01091, 0.363, 0.375, 0.509, 0.9506),
    Networks(10, 0.2283, 0.00683, 0.2250, 0.00809, 0.201, 0.2246, 0.254, 0.8635),
    Networks(25, 0.1250, 0.00360, 0.1306, 0.00445, 0.118, 0.1306, 0.145, 0.7616),
    Networks(50, 0.0918, 0.00209, 0.1016, 0.00268, 0.0931, 0.1016, 0.1116, 0.6861),
    Networks(100, 0.0767, 0.00116, 0.0888, 0.00170, 0.0823, 0.0887, 0.0950, 0.5983),
    Networks(250, 0.0670, 0.00062, 0.0807, 0.00100, 0.0774, 0.0807, 0.0838, 0.5302),
    Networks(500, 0.0625, 0.00040, 0.0772, 0.00074, 0.0744, 0.0772, 0.0798, 0.4081),
)

ENERGIES: tuple[Energies, ...] = (
    Energies(25, -1.4409, 0.0579, -1.531, -1.531, -1.444, -1.324, -1.267),
    Energies(50, -1.5015, 0.0410, -1.573, -1.573, -1.507, -1.423, -1.354),
    Energies(100, -1.5505, 0.0406, -1.636, -1.636, -1.549, -1.492, -1.433),
    Energies(200, -1.5829, 0.0239, -1.642, -1.624, -1.583, -1.544, -1.508),
    Energies(250, -1.5874, 0.0197, -1.652, -1.622, -1.586, -1.558, -1.535),
    Energies(300, -1.5909, 0.0169, -1.637, -1.619, -1.591, -1.562, -1.541),
    Energies(400, -1.5979, 0.0136, -1.645, -1.621, -1.598, -1.576, -1.549),
    Energies(500, -1.6015, 0.0118, -1.636, -1.621, -1.601, -1.582, -1.565),
)

ANNEALING: tuple[Annealing, ...] = (
    Annealing(2, 1.113, 1.075),
    Annealing(3, 0.777, 0.729),
    Annealing(5, 0.488, 0.448),
    Annealing(10, 0.373, 0.352),
    Annealing(15, 0.354, 0.355),
    Annealing(25, 0.349, 0.305),
)

SCALING = (13.70, -1.128)
"""alpha and beta of exp(alpha n1^beta), by which the source's figure 3 divides the networks' losses."""
