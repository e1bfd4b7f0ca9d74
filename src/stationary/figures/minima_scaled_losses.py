"""Networks' losses beside spin glass energies, by size (Choromanska et al. 2015, figure 3; claims S7, W2; settings ours)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.optimize
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from stationary import seeds
from stationary.figures import ensembles, size_panels, style
from stationary.intervals import CLUSTERED_RESAMPLES, Replicates
from stationary.theory.auffinger import e_infinity
from stationary.theory.published import ENERGIES, LOSSES

Array = Any

SHOWN_FROM = 25
"""Narrowest network of the source's figure; narrower ones are drawn only if there are not two such widths."""

BINS = (15, 60)
"""Fewest and most bins of a histogram; few networks get wide ones."""

BETAS = (-4.0, -0.1)
"""Exponents of the fit. Towards 0 the law is a power of n1, whatever alpha, and neither alpha nor beta means anything."""

GLASS = ensembles.Look("spin glass: sd of the energy within a draw", "#882255", "D")
NETWORKS = ensembles.Look("networks: sd / mean of the test loss", "#0072B2", "o")


@dataclass(frozen=True)
class Scaling:
    """Mean loss = exp(constant + alpha n1^beta)."""

    constant: float
    alpha: float
    beta: float

    def mean(self, width: int) -> float:
        """The fitted mean loss of a width, by which its losses are divided."""
        return float(np.exp(self.constant + self.alpha * width**self.beta))


def scaling(means: Mapping[int, float]) -> Scaling | None:
    """Least squares of log mean loss in constant, alpha and beta < 0; None from fewer than three widths.

    For each beta the other two are linear, so that one dimension is searched.
    """
    if len(means) < 3:
        return None
    x, y = np.array(list(means), dtype=float), np.log(list(means.values()))

    def solve(beta: float) -> tuple[Array, float]:
        basis = np.column_stack([np.ones_like(x), x**beta])
        found = np.linalg.lstsq(basis, y, rcond=None)[0]
        return found, float(np.sum((basis @ found - y) ** 2))

    grid = np.linspace(*BETAS, 200)
    best = float(grid[np.argmin([solve(float(beta))[1] for beta in grid])])
    step = float(grid[1] - grid[0])
    bounds = (best - step, min(best + step, BETAS[1]))
    beta = float(scipy.optimize.minimize_scalar(lambda b: solve(float(b))[1], bounds=bounds, method="bounded").x)
    constant, alpha = solve(beta)[0]
    return Scaling(float(constant), float(alpha), beta)


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Histograms of energies by size and of scaled losses by width, and how both spreads fall.

    Args:
        tables: ``runs`` and ``descents``.
    """
    descents = tables["descents"].select(["p", "size", "draw", "energy"]).to_pandas()
    descents = descents[np.isfinite(descents["energy"])]
    runs = ensembles.judged(ensembles.frame(tables["runs"]))
    glasses = {int(str(size)): here for size, here in descents.groupby("size", sort=True)}
    networks = dict(ensembles.by_width(runs))
    figure = style.figure(3.1)
    left, middle, right = figure.subplots(1, 3)
    energies = {size: here["energy"].to_numpy(dtype=float) for size, here in glasses.items()}
    _histograms(left, energies, "spins N", "no descent")
    left.set_xlabel("energy per spin at the end")
    for p in sorted(descents["p"].unique()):
        left.axvline(-e_infinity(int(p)), color=style.INK, linestyle=":", linewidth=0.8, zorder=1)
    losses = _drawn(networks)
    law = scaling({width: float(loss.mean()) for width, loss in losses.items()})
    scaled = {width: loss / (loss.mean() if law is None else law.mean(width)) for width, loss in losses.items()}
    _histograms(middle, scaled, size_panels.WIDTH, "no three networks of one width")
    middle.set_xlabel("test loss / its width's mean" if law is None else "test loss / exp(c + α n₁$^β$)")
    _spreads(right, glasses, networks)
    fit = "" if law is None else f"\nc = {law.constant:.2f}, α = {law.alpha:.2f}, β = {law.beta:.2f}".replace("-", "−")
    style.title(left, "a", "end energies of the spin glass")
    style.title(middle, "b", f"scaled losses of the networks{fit}")
    handles = [size_panels.handle(GLASS), size_panels.handle(NETWORKS)]
    handles += [
        size_panels.handle(ensembles.Look(f"{word}, published", look.color, look.marker), hollow=True, bar=False)
        for word, look in (("spin glass", GLASS), ("networks (MNIST)", NETWORKS))
    ]
    handles.append(Line2D([], [], color=style.INK, linestyle="--", label="power laws"))
    handles.append(Line2D([], [], color=style.INK, linewidth=0.8, label="mean"))
    handles.append(Line2D([], [], color=style.INK, linestyle=":", linewidth=0.8, label="$-E_\\infty$"))
    words = f"{ensembles.title(runs)}, {ensembles.SETTINGS[ensembles.settings(runs)[0]].label}" if len(runs) else "none"
    size_panels.legend(figure, handles, f"p = 3 spin glass; networks: {words}", columns=4)
    return figure


def _drawn(networks: Mapping[int, pd.DataFrame]) -> dict[int, Array]:
    """Test losses of the widths that are drawn, divisions at one level."""
    shown = [width for width in networks if width >= SHOWN_FROM]
    return {width: ensembles.levelled(networks[width], "test_loss") for width in (shown if len(shown) > 1 else networks)}


def _histograms(axes: Axes, values: Mapping[int, Array], symbol: str, absent: str) -> None:
    """One row per size on common bins, each as high as any; end bins hold what lies outside the central 99.8 %."""
    if not values:
        _nothing(axes, absent)
        return
    low, high = np.quantile(np.concatenate(list(values.values())), [0.001, 0.999])
    margin = 0.02 * (high - low) + 1e-9 * (1.0 + abs(high))
    bins = int(np.clip(3.0 * np.sqrt(np.median([sample.size for sample in values.values()])), *BINS))
    edges = np.linspace(low - margin, high + margin, bins + 1)
    for row, (color, sample) in enumerate(zip(size_panels.shades(len(values)), values.values(), strict=True)):
        counts = np.histogram(np.clip(sample, edges[0], edges[-1]), edges)[0]
        heights = row + 0.88 * counts / counts.max()
        axes.stairs(heights, edges, baseline=row, fill=True, color=color, alpha=0.35, linewidth=0)
        axes.stairs(heights, edges, baseline=row, color=color, linewidth=0.8)
        middle = float(np.mean(sample))
        axes.plot([middle, middle], [row, row + 0.94], color=style.INK, linewidth=0.8)
    axes.set_ylim(-0.05, len(values))
    axes.set_yticks(range(len(values)), [str(size) for size in values])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_ylabel(symbol)


def _spreads(axes: Axes, glasses: Mapping[int, pd.DataFrame], networks: Mapping[int, pd.DataFrame]) -> None:
    """Both relative spreads against size, with power laws."""
    sizes = sorted({*glasses, *networks})
    if not sizes:
        _nothing(axes, "neither descents nor networks")
        style.title(axes, "c", "spread")
        return
    of_glasses = {size: _within_draws(here, size) for size, here in glasses.items()}
    of_networks = {width: ensembles.replicates(here, ensembles.RELATIVE_SD) for width, here in networks.items()}
    words = ["spread; exponents"]
    for look, found, name in ((GLASS, of_glasses, "glass"), (NETWORKS, of_networks, "networks")):
        known = {size: one for size, one in found.items() if np.isfinite(one.value)}
        size_panels.estimates(axes, np.array(list(known), dtype=float), [one.estimate() for one in known.values()], look)
        law = ensembles.power_law(list(known), list(known.values()))
        size_panels.fitted(axes, law, look.color)
        if np.isfinite(law.exponent.value):
            words.append(f"{name} {ensembles.text(law.exponent.estimate())}")
    _published(axes, sizes)
    style.title(axes, "c", "\n".join(words if len(words) > 1 else ["spread"]))
    size_panels.size_axis(axes, sizes, "size N, hidden units n₁")
    size_panels.plain_ticks(axes)


def _nothing(axes: Axes, why: str) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    style.say(axes, why)


def _within_draws(descents: pd.DataFrame, size: int) -> Replicates:
    """Standard deviation of the energy within draws, pooled; draws are resampled."""
    variances = descents.groupby("draw")["energy"].var().dropna().to_numpy(dtype=float)
    if not variances.size or not variances.mean() > 0:
        return Replicates(np.nan, np.full(CLUSTERED_RESAMPLES, np.nan), 0)
    generator = seeds.generator(0, "figures/bootstrap", f"spin_glass-{size}", 0)
    rows = generator.integers(variances.size, size=(CLUSTERED_RESAMPLES, variances.size))
    return Replicates(float(np.sqrt(variances.mean())), np.sqrt(variances[rows].mean(axis=1)), variances.size)


def _published(axes: Axes, sizes: Sequence[int]) -> None:
    known = [ENERGIES[size] for size in sizes if size in ENERGIES]
    theirs = [LOSSES[size] for size in sizes if size in LOSSES]
    for look, x, y in (
        (GLASS, [row.size for row in known], [row.sd for row in known]),
        (NETWORKS, [row.width for row in theirs], [row.test_sd / row.test_mean for row in theirs]),
    ):
        axes.plot(
            1.1 * np.array(x, dtype=float),
            y,
            look.marker,
            color=look.color,
            markerfacecolor="white",
            markersize=3.4,
            markeredgewidth=0.7,
        )
