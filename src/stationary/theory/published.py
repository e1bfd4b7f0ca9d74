"""Numbers that the sources print or show, against which ours are drawn and judged.

Choromanska, Henaff, Mathieu, Ben Arous and LeCun 2015, The loss surfaces of multilayer networks (AISTATS): moments and
quantiles were measured from the published figures (3, 6, 7 and 10), not printed there; the correlations recomputed from
the same measurement equal the paper's table 1 to four digits.

Frye, Wadia, DeWeese and Bouchard 2019, Numerically recovering the critical points of a deep linear autoencoder (arXiv
1901.10603): how often finders succeed. Frye, Simon, Wadia, Ligeralde, DeWeese and Bouchard 2021, Critical point-finding
methods reveal gradient-flat regions of deep network losses (arXiv 2003.10397): what their end points are.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Energies:
    """End energies per spin of 1000 descents on the p = 3 glass of one size, it seems on one draw of the couplings."""

    size: int
    mean: float
    sd: float
    smallest: float
    low: float
    median: float
    high: float
    largest: float


@dataclass(frozen=True)
class Losses:
    """Losses of networks of one width trained on MNIST at 10 x 10 pixels, and their correlation (table 1)."""

    width: int
    train_mean: float
    train_sd: float
    test_mean: float
    test_sd: float
    test_smallest: float
    test_median: float
    test_largest: float
    correlation: float


@dataclass(frozen=True)
class Annealing:
    """Mean test losses of simulated annealing and of stochastic gradient descent at one width (figure 6)."""

    width: int
    annealing: float
    descent: float


ENERGIES: dict[int, Energies] = {
    row[0]: Energies(*row)
    for row in (
        (25, -1.4409, 0.0579, -1.531, -1.531, -1.444, -1.324, -1.267),
        (50, -1.5015, 0.0410, -1.573, -1.573, -1.507, -1.423, -1.354),
        (100, -1.5505, 0.0406, -1.636, -1.636, -1.549, -1.492, -1.433),
        (200, -1.5829, 0.0239, -1.642, -1.624, -1.583, -1.544, -1.508),
        (250, -1.5874, 0.0197, -1.652, -1.622, -1.586, -1.558, -1.535),
        (300, -1.5909, 0.0169, -1.637, -1.619, -1.591, -1.562, -1.541),
        (400, -1.5979, 0.0136, -1.645, -1.621, -1.598, -1.576, -1.549),
        (500, -1.6015, 0.0118, -1.636, -1.621, -1.601, -1.582, -1.565),
    )
}
"""By size; ``low`` and ``high`` are the quantiles 0.05 and 0.95."""

LOSSES: dict[int, Losses] = {
    row[0]: Losses(*row)
    for row in (
        (2, 1.0103, 0.0376, 1.0170, 0.0372, 0.967, 1.012, 1.669, 0.9889),
        (5, 0.3856, 0.01064, 0.3776, 0.01091, 0.363, 0.375, 0.509, 0.9506),
        (10, 0.2283, 0.00683, 0.2250, 0.00809, 0.201, 0.2246, 0.254, 0.8635),
        (25, 0.1250, 0.00360, 0.1306, 0.00445, 0.118, 0.1306, 0.145, 0.7616),
        (50, 0.0918, 0.00209, 0.1016, 0.00268, 0.0931, 0.1016, 0.1116, 0.6861),
        (100, 0.0767, 0.00116, 0.0888, 0.00170, 0.0823, 0.0887, 0.0950, 0.5983),
        (250, 0.0670, 0.00062, 0.0807, 0.00100, 0.0774, 0.0807, 0.0838, 0.5302),
        (500, 0.0625, 0.00040, 0.0772, 0.00074, 0.0744, 0.0772, 0.0798, 0.4081),
    )
}
"""By width n1."""

ANNEALING_PROPOSALS = 70_000
"""Proposals per network in the one driver of the authors' code that is public."""

ANNEALING: dict[int, Annealing] = {
    row[0]: Annealing(*row)
    for row in (
        (2, 1.113, 1.075),
        (3, 0.777, 0.729),
        (5, 0.488, 0.448),
        (10, 0.373, 0.352),
        (15, 0.354, 0.355),
        (25, 0.349, 0.305),
    )
}
"""By width n1; 6000 training images."""


@dataclass(frozen=True)
class Success:
    """Share of runs on the linear autoencoder that reach ||g||^2 < 1e-10, with its standard error, of so many runs."""

    share: float
    error: float
    runs: int


@dataclass(frozen=True)
class EndShares:
    """Shares of the runs on one network: critical, gradient-flat at the end, gradient-flat at some iterate."""

    critical: float
    flat: float
    flat_sometime: float


SUCCESS: dict[str, Success] = {"newton_mr": Success(0.80, 0.04, 100), "gradient_norm": Success(0.35, 0.06, 60)}
"""By finder, linear autoencoder 16-4-16 (Frye et al. 2019)."""

END_SHARES: dict[str, EndShares] = {
    "autoencoder": EndShares(0.14, 0.28, 0.89),
    "classifier": EndShares(0.10, 0.067, 0.93),
    "random_labels": EndShares(0.34, 0.06, 0.62),
}
"""By network: autoencoder 16-8-16-16 (552 parameters), classifier (398), random labels (1160) (Frye et al. 2021)."""

INDEX_BY_CUT: dict[float, float] = {1e-3: 0.167, 1e-5: 0.312, 0.0: 0.359}
"""Median share of eigenvalues below minus the cut at the autoencoder's critical points (Frye et al. 2021)."""
