"""Descents on the spherical p = 3 glass: where do they end, and is it a minimum?

A twin of Choromanska et al. 2015, section 5 and figure 3 (left), with several draws of the couplings instead of, it seems,
one, so that the spread between draws is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, spectra, tables
from stationary.config.spin_glass import STARTS_AT_ONCE, DescentSettings
from stationary.experiments.spin_glass_tables import DESCENTS
from stationary.landscapes.p_spin import retract
from stationary.landscapes.three_spin import ThreeSpinGlass
from stationary.methods.sphere_descent import DescentResult, chunks, descend
from stationary.methods.sphere_newton import newton_step
from stationary.termination import Termination

Array = Any


def run(settings: DescentSettings, *, size: int, draws: Sequence[int], seed: int) -> pa.Table:
    """Descend from every start of some draws.

    Args:
        settings: starts per draw, length, tolerance, number of spectra kept.
        size: N.
        draws: the draws' numbers; a row depends on its own draw, not on which draws share a job.
        seed: root seed.

    Returns:
        a table of the schema ``DESCENTS``, draw by draw, start by start.
    """
    parts = []
    with progress.bar(len(draws) * settings.started(), f"descents, {size} spins", unit="starts") as advance:
        for draw in draws:
            glass = ThreeSpinGlass(seed, size, draw)
            for first in range(0, settings.starts, STARTS_AT_ONCE):
                found = descend(
                    glass,
                    starts(seed, size, draw, range(first, first + STARTS_AT_ONCE)),
                    max_iterations=settings.max_iterations,
                    gradient_tolerance=settings.gradient_tolerance,
                    advance=advance,
                )
                parts.append(_table(glass, settings, draw, first, found))
    return tables.concat(parts)


def starts(seed: int, size: int, draw: int, numbers: Sequence[int]) -> Array:
    """Points uniform on the sphere |w|^2 = N, one per start: [R, N]."""
    condition = f"p{ThreeSpinGlass.p}-n{size}-draw{draw}"
    return retract(seeds.stack(seed, "spin_glass/start", condition, numbers, lambda stream: stream.standard_normal(size)), size)


def _table(glass: ThreeSpinGlass, settings: DescentSettings, draw: int, first: int, found: DescentResult) -> pa.Table:
    asked = np.arange(min(STARTS_AT_ONCE, settings.starts - first))
    eigenvalues, band = _spectra(glass, found.theta[asked], found.termination[asked] == Termination.CONVERGED)
    counts = spectra.inertia(eigenvalues, null_band=band)
    columns: dict[str, object] = {
        "p": np.full(asked.size, glass.p),
        "size": np.full(asked.size, glass.size),
        "draw": np.full(asked.size, draw),
        "start": first + asked,
        "start_energy": found.start_energy[asked],
        "energy": found.energy[asked],
        "gradient_norm": found.gradient_norm[asked],
        "iterations": found.iterations[asked],
        "polish_iterations": found.polish_iterations[asked],
        "largest_rise": found.largest_rise[asked],
        "termination": [str(code) for code in found.termination[asked]],
        "n_negative": counts.n_negative,
        "n_null": counts.n_null,
        "null_band": band,
        "lowest_eigenvalue": eigenvalues[:, 0],
        "highest_eigenvalue": eigenvalues[:, -1],
        "eigenvalues": [row if first + k < settings.spectra else [] for k, row in enumerate(eigenvalues)],
    }
    return tables.from_columns(columns, DESCENTS)


def _spectra(glass: ThreeSpinGlass, theta: Array, converged: Array) -> tuple[Array, Array]:
    """Eigenvalues on the tangent space, ascending [R, N-1], and the band within which they cannot be told from zero [R].

    At a converged end the band covers the way to the exact critical point too: the change of the Hessian over the next
    Newton step, by its Frobenius norm, which bounds the spectral one.
    """
    eigenvalues, change = np.empty((len(theta), glass.size - 1)), np.zeros(len(theta))
    for rows in chunks(np.arange(len(theta)), glass.size):
        here = glass.contract(theta[rows])
        hessian = here.hessian()
        eigenvalues[rows] = np.linalg.eigvalsh(hessian)
        ended = converged[rows]
        here = here.take(ended)
        moved = glass.contract(here.moved(newton_step(here, hessian[ended])))
        change[rows[ended]] = np.linalg.norm(moved.hessian(frame=here.points) - hessian[ended], axis=(1, 2))
    return eigenvalues, np.maximum(spectra.rounding_band(eigenvalues), change)
