"""Orbits of symmetries: every arrangement of units, sign flips, rescalings, and the tangents of the last (A4, B3, B4, B5)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import seeds, spectra
from stationary.config.symmetry import SymmetrySettings
from stationary.experiments.symmetry_minima import ACTIVATIONS, ends, name, network, random_theta, trivial_loss
from stationary.landscapes import symmetries
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import SquaredError
from stationary.methods.polish import polish
from stationary.termination import Termination

Array = Any
Row = dict[str, object]

SIZES = ((2, 1), (3, 1), (4, 1), (3, 2))
"""Units and layers of B3's enumeration; ours."""

EQUAL = 1e-12
"""Of the trivial loss: losses nearer than this are one (the claims' bound)."""

DECADES = 2.0
"""Factors of a rescaling are log-uniform in so many decades either way."""

MEMBERS = 20
"""Members of a rescaling orbit that are evaluated."""

TEACHER_UNITS = 3


def arrangement_rows(settings: SymmetrySettings, seed: int) -> Iterator[Row]:
    """B3: all arrangements of a random network's units; rows of the schema ``ARRANGEMENTS``."""
    for activation in ACTIVATIONS:
        student = network(activation, settings, seed)
        for units, layers in SIZES:
            landscape = DeepNetwork(student.x, student.loss, (units,) * layers, activation=activation)
            theta = random_theta(landscape, "symmetry/arranged", f"{activation} {units}x{layers}", 1, seed)
            every = symmetries.arrangements(landscape.layout)
            twins = np.concatenate([symmetries.permuted(landscape.layout, theta, orders) for orders in every])
            loss = landscape.value(twins) / trivial_loss(landscape)
            equal = np.abs(loss - loss[0]) < EQUAL
            yield {
                "activation": activation,
                "units": units,
                "layers": layers,
                "arrangements": len(every),
                "distinct": len(np.unique(twins[equal], axis=0)),
                "spread": float(np.ptp(loss)),
            }


def minima_rows(activation: str, minima: pa.Table, settings: SymmetrySettings, seed: int) -> Iterator[Row]:
    """A4, B5: all permutations, and for the odd tanh all signs, of every minimum; rows of the schema ``ORBITS``."""
    landscape = network(activation, settings, seed)
    layout = landscape.layout
    starts, points, arrived = ends(minima)
    point = "minimum" if arrived else "end"
    for start, theta in zip(starts, points, strict=True):
        every = symmetries.arrangements(layout)
        orders = [np.stack([choice[0] for choice in every])]
        twins = symmetries.permuted(layout, np.tile(theta, (len(every), 1)), orders)
        yield _orbit(landscape, name(activation, settings), "permutation", point, int(start), twins)
        if activation == "tanh":
            signs = np.array(list(itertools.product([1.0, -1.0], repeat=settings.units)))
            twins = symmetries.scaled(layout, np.tile(theta, (len(signs), 1)), [signs])
            yield _orbit(landscape, name(activation, settings), "sign", point, int(start), twins)


def rescaling_rows(settings: SymmetrySettings, seed: int) -> Iterator[Row]:
    """B4: random points of ReLU networks, factors drawn anew for each member, with and without weight decay."""
    student = network("relu", settings, seed)
    for layers in (1, 2):
        plain, decayed = (
            DeepNetwork(student.x, student.loss, (settings.units,) * layers, activation="relu", l2=l2)
            for l2 in (0.0, settings.l2)
        )
        called = f"relu, {layers} x {settings.units} units"
        theta = random_theta(plain, "symmetry/rescaled", called, settings.orbits, seed)
        for number, point in enumerate(theta):
            stream = seeds.generator(seed, "symmetry/factors", called, number)
            logs = stream.uniform(-DECADES, DECADES, size=(layers, MEMBERS, settings.units))
            logs[:, 0] = 0.0  # the point itself
            twins = symmetries.scaled(plain.layout, np.tile(point, (MEMBERS, 1)), list(10.0**logs))
            for landscape in (plain, decayed):
                yield _orbit(landscape, called, "rescaling", "random", number, twins, float(np.abs(logs).max()))


def tangent_rows(settings: SymmetrySettings, seed: int) -> Iterator[Row]:
    """B4: scale tangents at teachers of loss zero, and at the minimum with weight decay next to each; schema ``TANGENTS``.

    The tangent is t = S theta, S diagonal with 1 at a unit's incoming and -1 at its outgoing weights. Differentiating the loss
    along the orbit gives H t = -S g: t is null where g vanishes, and where it does not, t is not. With weight decay,
    H t = -S g_data + l2 t, and at its critical points, where g_data = -l2 theta, t is an eigenvector to the eigenvalue 2 l2.
    """
    for layers in (1, 2):
        called = f"relu, {layers} x {TEACHER_UNITS} units"
        for teacher in range(settings.teachers):
            plain, decayed, theta = _teacher(layers, called, teacher, settings, seed)
            yield _tangents(plain, called, "zero_loss", teacher, theta, Termination.CONVERGED)
            result = polish(decayed, theta[None], max_iterations=settings.max_iterations)
            yield _tangents(decayed, called, "l2_minimum", teacher, result.theta[0], result.termination[0])


def _teacher(
    layers: int, called: str, teacher: int, settings: SymmetrySettings, seed: int
) -> tuple[DeepNetwork, DeepNetwork, Array]:
    """A network that fits its own outputs, without and with weight decay, and its theta."""
    stream = seeds.generator(seed, "symmetry/own-teacher", called, teacher)
    x = stream.standard_normal((settings.samples, settings.inputs))
    hidden = (TEACHER_UNITS,) * layers
    blank = DeepNetwork(x, SquaredError(np.zeros((settings.samples, 1))), hidden, activation="relu")
    theta = stream.standard_normal(blank.n_parameters)
    loss = SquaredError(blank.output(theta[None])[0].T, weight=0.5)
    plain, decayed = (DeepNetwork(x, loss, hidden, activation="relu", l2=l2) for l2 in (0.0, settings.l2))
    return plain, decayed, theta


def _tangents(landscape: DeepNetwork, called: str, point: str, teacher: int, theta: Array, code: Termination) -> Row:
    tangents = symmetries.scale_tangents(landscape.layout, theta)
    hessian, lengths = landscape.hessian(theta[None])[0], np.linalg.norm(tangents, axis=1)
    eigenvalues = np.linalg.eigvalsh(hessian)
    norm = np.abs(eigenvalues).max()
    # A dead unit's tangent has no length and no rank.
    alive = lengths > spectra.EPS * np.linalg.norm(theta)
    moved = np.linalg.norm(tangents[alive] @ hessian, axis=1) / (norm * lengths[alive])
    null = tangents[alive][moved <= 10.0 * theta.size * spectra.EPS]
    return {
        "network": called,
        "point": point,
        "teacher": teacher,
        "termination": str(code),
        "gradient_norm": float(np.linalg.norm(landscape.gradient(theta[None]))),
        "units": len(tangents),
        "null": int(np.linalg.matrix_rank(null)) if len(null) else 0,
        "smallest": float(moved.min(initial=np.inf)),
        "largest": float(moved.max(initial=0.0)),
        "lowest_eigenvalue": float(eigenvalues[0]),
        "null_band": float(spectra.rounding_band(eigenvalues[None])[0]),
        "margin": _margin(landscape, theta),
    }


def _margin(landscape: DeepNetwork, theta: Array) -> float:
    """Smallest |pre-activation| of any hidden unit at any sample."""
    h, smallest = landscape.inputs, np.inf
    for block in landscape.layout[:-1]:
        z = theta[block.offset : block.offset + block.size].reshape(block.shape) @ h
        smallest = min(smallest, float(np.abs(z).min()))
        h = np.concatenate([np.maximum(z, 0.0), np.ones((1, z.shape[1]))])
    return smallest


def _orbit(
    landscape: DeepNetwork, called: str, symmetry: str, point: str, number: int, twins: Array, scale: float = 0.0
) -> Row:
    return {
        "network": called,
        "symmetry": symmetry,
        "point": point,
        "number": number,
        "l2": landscape.l2,
        "members": len(twins),
        "spread": float(np.ptp(landscape.value(twins))) / trivial_loss(landscape),
        "scale": scale,
    }
