"""Minima of small networks, modulo symmetry: a tanh and a ReLU network learn a wider teacher (A4, A5, B5).

Weight decay makes minima isolated, and polishing takes them to ||g||^2 < 1e-20. A rectifier's descent may end at a kink; such
an end has not arrived, and nothing is judged on it. Architecture, data and weight decay are ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stationary import seeds, spectra, tables
from stationary.config.symmetry import SymmetrySettings
from stationary.experiments import saddle_distinct
from stationary.experiments.symmetry_tables import MINIMA
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import SquaredError
from stationary.methods.polish import SQUARE, polish
from stationary.termination import Termination

Array = Any

ACTIVATIONS = ("tanh", "relu")


def network(activation: str, settings: SymmetrySettings, seed: int) -> DeepNetwork:
    """The landscape that is trained: a student of one hidden layer on a teacher of the same activation."""
    stream = seeds.generator(seed, "symmetry/teacher", activation, 0)
    x = stream.standard_normal((settings.samples, settings.inputs))
    teacher = DeepNetwork(x, SquaredError(np.zeros((settings.samples, 1))), (settings.teacher_units,), activation=activation)
    target = teacher.output(stream.standard_normal((1, teacher.n_parameters)))[0].T
    return DeepNetwork(x, SquaredError(target, weight=0.5), (settings.units,), activation=activation, l2=settings.l2)


def trivial_loss(landscape: DeepNetwork) -> float:
    """The loss of the zero function, in the unit of the loss."""
    return float(landscape.value(np.zeros((1, landscape.n_parameters)))[0])


def random_theta(landscape: DeepNetwork, experiment: str, condition: str, number: int, seed: int) -> Array:
    """Normal weights over the root of their inputs, [number, P]; a row depends on its own number."""
    scale = np.concatenate([np.full(block.size, block.shape[1] ** -0.5) for block in landscape.layout])
    draw = seeds.stack(
        seed, experiment, condition, range(number), lambda stream: stream.standard_normal(landscape.n_parameters)
    )
    return np.asarray(scale * draw)


def run(activation: str, settings: SymmetrySettings, seed: int) -> pa.Table:
    """Descend from every start and polish: a table of the schema ``MINIMA``."""
    landscape = network(activation, settings, seed)
    starts = random_theta(landscape, "symmetry/start", activation, settings.starts, seed)
    result = polish(landscape, starts, max_iterations=settings.max_iterations)
    return _table(landscape, name(activation, settings), result)


def name(activation: str, settings: SymmetrySettings) -> str:
    """As tables and figures call the network.

    >>> name("tanh", SymmetrySettings())
    'tanh, 4 units'
    """
    return f"{activation}, {settings.units} units"


def ends(minima: pa.Table) -> tuple[Array, Array, bool]:
    """Starts and end points of the minima that arrived, [n], [n, P]; of all finite ends, and False, if none did."""
    some = bool(minima["arrived"].to_numpy().any())
    kept = minima.filter(minima["arrived"] if some else pc.is_finite(minima["loss"]))
    theta = kept["theta"].to_pylist()
    return kept["start"].to_numpy(), np.array(theta) if theta else np.empty((0, 0)), some


def distinct_values(losses: Array, reach: Array) -> int:
    """Values that differ by more than a hundred times what either may be off.

    Args:
        losses: of the minima, [n].
        reach: how far each may lie from its minimum, ``loss_reach`` of the distinct points, [n].

    >>> distinct_values(np.array([1.0, 2.0, 1.0 + 1e-9]), np.full(3, 1e-10))
    2
    """
    order = np.argsort(losses)
    gaps = np.diff(losses[order]) > 100.0 * np.maximum(reach[order][1:], reach[order][:-1])
    return int(gaps.sum()) + int(losses.size > 0)


def _table(landscape: DeepNetwork, called: str, result: Any) -> pa.Table:
    converged = result.termination == Termination.CONVERGED
    rows, size = result.theta.shape
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = landscape.value_and_gradient(result.theta)
    norms, theta = np.linalg.norm(gradient, axis=1), result.theta.copy()
    eigenvalues, bands = np.full((rows, size), np.nan), np.full(rows, np.nan)
    kinds, reach = np.full(rows, "undecided", dtype=object), np.full(rows, np.nan)
    labels = np.full(rows, -1)
    if converged.any():
        found = spectra.critical_spectrum(landscape, theta[converged])
        theta[converged], norms[converged] = found.theta, found.gradient_norm
        eigenvalues[converged], bands[converged] = found.eigenvalues, found.null_band
        kinds[converged] = spectra.kind(found.eigenvalues[:, 0], found.null_band)
        loss[converged] = landscape.value(theta[converged])
        reach[converged] = saddle_distinct.loss_reach(loss[converged], found.eigenvalues, found.gradient_norm)
    here = converged & (kinds == "minimum") & (norms**2 < SQUARE)
    if here.any():
        labels[here] = np.flatnonzero(here)[saddle_distinct.labels(loss[here], eigenvalues[here], norms[here])]
    columns: dict[str, object] = {
        "network": [called] * rows,
        "start": np.arange(rows),
        "termination": [str(code) for code in result.termination],
        "iterations": result.iterations,
        "loss": loss,
        "relative_loss": loss / trivial_loss(landscape),
        "gradient_norm": norms,
        "lowest_eigenvalue": eigenvalues[:, 0],
        "null_band": bands,
        "kind": list(kinds),
        "arrived": here,
        "reach": reach,
        "label": labels,
        "theta": theta,
    }
    return tables.from_columns(columns, MINIMA)
