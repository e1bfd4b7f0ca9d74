"""Symmetries of networks: equivalent arrangements, rescalings, barriers, minima modulo symmetry (claims A4, A5, B3 - B5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from stationary import progress, tables
from stationary.config.symmetry import SymmetrySettings
from stationary.experiments import symmetry_barriers, symmetry_minima, symmetry_orbits
from stationary.experiments.symmetry_minima import ACTIVATIONS
from stationary.experiments.symmetry_summary import summarise
from stationary.experiments.symmetry_tables import ARRANGEMENTS, BARRIERS, ORBITS, TANGENTS


@dataclass(frozen=True)
class Found:
    """Tables of the schemas ``MINIMA``, ``ORBITS``, ``BARRIERS``, ``ARRANGEMENTS``, ``TANGENTS`` ``SUMMARY``."""

    minima: pa.Table
    orbits: pa.Table
    barriers: pa.Table
    arrangements: pa.Table
    tangents: pa.Table
    summary: pa.Table


def run(settings: SymmetrySettings, seed: int) -> Found:
    """Everything; a row depends on the root seed, its network and its own number.

    Args:
        settings: how many, how large.
        seed: root seed.
    """
    minima: list[pa.Table] = []
    orbits: list[dict[str, object]] = []
    barriers: list[dict[str, object]] = []
    with progress.bar(len(ACTIVATIONS) + 1, "symmetry", unit="parts") as advance:
        for activation in ACTIVATIONS:
            minima.append(symmetry_minima.run(activation, settings, seed))
            orbits += symmetry_orbits.minima_rows(activation, minima[-1], settings, seed)
            barriers += symmetry_barriers.rows(activation, minima[-1], settings, seed)
            advance(1)
        orbits += symmetry_orbits.rescaling_rows(settings, seed)
        arrangements = _table(symmetry_orbits.arrangement_rows(settings, seed), ARRANGEMENTS)
        tangents = _table(symmetry_orbits.tangent_rows(settings, seed), TANGENTS)
        advance(1)
    found = tables.concat(minima), _table(orbits, ORBITS), _table(barriers, BARRIERS), arrangements, tangents
    return Found(*found, summarise(*found))


def _table(rows: Iterable[dict[str, object]], schema: pa.Schema) -> pa.Table:
    listed = list(rows)
    return tables.from_columns({name: [row[name] for row in listed] for name in schema.names}, schema)
