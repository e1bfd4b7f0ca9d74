"""Basis functions of a trained network from a row of the table of runs: layout, theta and NumPy, nothing else.

Evaluated here and not by the landscapes, so that a figure of a learned basis is a second reading of the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from stationary.datasets import targets

Array = Any

SATURATED = 1e-3
"""As in the table of runs."""


def _tanh(z: Array) -> tuple[Array, Array, Array]:
    t = np.tanh(z)
    slope = 1.0 - t * t
    return t, slope, -2.0 * t * slope


def _sine(z: Array) -> tuple[Array, Array, Array]:
    return np.sin(z), np.cos(z), -np.sin(z)


def _softplus(z: Array) -> tuple[Array, Array, Array]:
    sigmoid = 0.5 * (1.0 + np.tanh(0.5 * z))
    return np.logaddexp(0.0, z), sigmoid, sigmoid * (1.0 - sigmoid)


def _gaussian(z: Array) -> tuple[Array, Array, Array]:
    bell = np.exp(-0.5 * z * z)
    return bell, -z * bell, (z * z - 1.0) * bell


_ACTIVATIONS: dict[str, Callable[[Array], tuple[Array, Array, Array]]] = {
    "tanh": _tanh,
    "sine": _sine,
    "softplus": _softplus,
    "gaussian": _gaussian,
}


def basis(layout: str, theta: Array, activation: str, x: Array) -> tuple[Array, Array, Array]:
    """Last-layer units phi_k and their first two derivatives in x, each [units, S].

    Hidden layers are h = phi(W h + b); derivatives follow by the chain rule, layer by layer.

    Args:
        layout: the JSON column; the last block is the output, all others are hidden layers.
        theta: [P].
        activation: as in the table.
        x: points, [S].
    """
    value, slope, bend = x[None], np.ones((1, x.size)), np.zeros((1, x.size))
    for _, (units, inputs), offset in json.loads(layout)[:-1]:
        kernel = np.asarray(theta)[offset : offset + units * inputs].reshape(units, inputs)
        weight = kernel[:, :-1]
        inner, inner_slope, inner_bend = weight @ value + kernel[:, -1:], weight @ slope, weight @ bend
        value, first, second = _ACTIVATIONS[activation](inner)
        slope, bend = first * inner_slope, second * inner_slope**2 + first * inner_bend
    return value, slope, bend


def basis_and_target(run: Any, x: Array) -> tuple[Array, Array]:
    """What must be fitted with what: phi_k and f, or for a PINN L (sin(pi x) phi_k) and the forcing; [units, S] and [S].

    Args:
        run: a row of the table of runs with its list columns.
        x: points, [S].
    """
    value, slope, bend = basis(run["layout"], run["theta"], run["activation"], x)
    coefficients = np.asarray(run["target_coefficients"], dtype=float)
    if run["problem"] == "regression":
        return value, targets.target(run["target"], x, coefficients)
    sine, cosine = np.sin(np.pi * x), np.cos(np.pi * x)
    image = sine * bend + 2.0 * np.pi * cosine * slope - (np.pi**2 + run["reaction"]) * sine * value
    return image, targets.forcing(run["target"], x, run["reaction"], coefficients)


def saturated_share(run: Any) -> float:
    """Share of last-layer units phi_k that are as good as constant on the nodes: sd at most 1e-3 of their rms.

    Of phi_k itself for every problem; the table's column is about what stands against f, which for a PINN is L phi_k.
    """
    value, _, _ = basis(run["layout"], run["theta"], run["activation"], np.linspace(0.0, 1.0, run["nodes"]))
    return float(np.mean(value.std(axis=1) <= SATURATED * np.sqrt(np.mean(value * value, axis=1))))
