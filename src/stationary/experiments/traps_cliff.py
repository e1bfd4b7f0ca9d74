"""A recurrent unit whose loss has plateaus and a cliff: h <- tanh(w h + b), T times, then half the squared error.

Where the start lies on the unstable fixed point, w = (artanh h_0 - b) / h_0, one side goes to the upper and the other to the
lower stable point, and the derivative grows like w (1 - h_0^2) to the power T. After Pascanu, Mikolov and Bengio 2013,
figure 6; the numbers are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import tables
from stationary.experiments.traps_tables import CLIFF

Array = Any

START, BIAS, TARGET = 0.5, -0.5, 0.9


def cliff_weight() -> float:
    """Recurrent weight at which the start is a fixed point.

    >>> w = cliff_weight()
    >>> bool(abs(np.tanh(w * START + BIAS) - START) < 1e-15)
    True
    """
    return float((np.arctanh(START) - BIAS) / START)


def unrolled(w: Array, steps: int) -> tuple[Array, Array]:
    """State after so many steps and its derivative in w, by forward recursion: [n] -> [n], [n]."""
    h, slope = np.full(np.shape(w), START), np.zeros(np.shape(w))
    for _ in range(steps):
        after = np.tanh(w * h + BIAS)
        slope = (1.0 - after**2) * (h + w * slope)
        h = after
    return h, slope


def run(steps: Sequence[int]) -> pa.Table:
    """Loss and derivative on [0, 4], closer and closer about the cliff: a table of the schema ``CLIFF``."""
    offsets = np.logspace(-12.0, -0.3, 235)
    w = np.unique(np.concatenate([np.linspace(0.0, 4.0, 401), cliff_weight() + np.concatenate([-offsets, [0.0], offsets])]))
    parts = []
    for number in steps:
        h, slope = unrolled(w, number)
        columns: dict[str, object] = {
            "steps": [number] * w.size,
            "w": w,
            "state": h,
            "loss": 0.5 * (h - TARGET) ** 2,
            "derivative": (h - TARGET) * slope,
        }
        parts.append(tables.from_columns(columns, CLIFF))
    return tables.concat(parts)
