"""End points of trained networks, as tables hand them over, put back on the landscapes they were trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary.datasets.images import Images
from stationary.datasets.splits import halves, pooled
from stationary.experiments.minima_tables import NETWORK
from stationary.landscapes.mlp_classifier import MLPClassifier

Array = Any


@dataclass(frozen=True)
class Point:
    """One network: the columns that name it, the landscape of its own training half, its theta in float64, [P]."""

    columns: dict[str, object]
    landscape: MLPClassifier
    theta: Array


def each(points: pa.Table, images: Images, *, seed: int, splits: int) -> Iterator[Point]:
    """The networks of a table of points, in its order.

    Args:
        points: of the schema ``POINTS``.
        images: the dataset that all of them were trained on.
        seed: root seed, which divides the data.
        splits: divisions of the data.
    """
    x, y = pooled(images)
    training = [train for train, _ in halves(images, seed, splits)]
    landscapes: dict[tuple[object, ...], MLPClassifier] = {}
    names = [column.name for column in NETWORK]
    for row in points.to_pylist():
        key = tuple(row[name] for name in ("split", "width", "activation", "l2"))
        if key not in landscapes:
            own = training[row["split"]]
            landscapes[key] = MLPClassifier(x[own], y[own], width=row["width"], activation=row["activation"], l2=row["l2"])
        yield Point({name: row[name] for name in names}, landscapes[key], np.array(row["theta"], dtype=np.float64))
