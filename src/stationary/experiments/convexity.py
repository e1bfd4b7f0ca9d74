"""What is convex and what is not: random trials, exact Hessians, descents (claims A1 - A3 and A7 - A13).

A3 and A9 are false as mathematics and A13 is with free centres; their trials have to show it, or something is broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from stationary import progress, tables
from stationary.config.convexity import ConvexitySettings
from stationary.experiments import convexity_blocks, convexity_curves, convexity_networks, convexity_series
from stationary.experiments.convexity_summary import summarise
from stationary.experiments.convexity_tables import CURVES, DESCENTS, TRIALS
from stationary.experiments.convexity_trials import Row, inertia, trials


@dataclass(frozen=True)
class Found:
    """Tables of the schemas ``TRIALS``, ``CURVES``, ``DESCENTS`` and the claims' ``SUMMARY``."""

    trials: pa.Table
    curves: pa.Table
    descents: pa.Table
    summary: pa.Table


def run(settings: ConvexitySettings, seed: int) -> Found:
    """All trials; a trial depends on the root seed, its case and its own number.

    Args:
        settings: how many, how large.
        seed: root seed.
    """
    rows: list[Row] = []
    with progress.bar(4, "convexity", unit="parts") as advance:
        rows += convexity_networks.rows(settings, seed)
        advance(1)
        cases = convexity_blocks.blocks() + convexity_blocks.products()
        for case in cases + convexity_blocks.likelihoods() + convexity_blocks.radial_bases():
            rows += trials(case, settings.trials, seed)
        for block in convexity_blocks.curved_blocks():
            rows += inertia("A8", block.name, block, settings.trials, seed, block.expected, block.terms)
        advance(1)
        rows += convexity_series.rows(settings, seed)
        advance(1)
        descents = list(convexity_networks.descents(settings, seed))
        advance(1)
    found = _table(rows, TRIALS), _table(convexity_curves.rows(settings, seed), CURVES), _table(descents, DESCENTS)
    return Found(*found, summarise(*found, convexity_networks.origin(settings, seed)))


def _table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    listed = list(rows)
    return tables.from_columns({name: [row[name] for row in listed] for name in schema.names}, schema)
