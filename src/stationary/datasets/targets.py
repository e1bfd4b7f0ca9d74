"""Functions on [0, 1] to be fitted, and solutions whose forcing a PINN is given.

Sums over modes run replica by replica, so that a replica's target is bitwise the same in any stack.
A target is a name and, if it is random, its coefficients; both stand in every row of a table, so that anyone can rebuild
the landscape of a run.

| name | f(x) | mean over [0, 1] |
|---|---|---|
| sine | sin 2 pi x | 0 |
| sine_offset | sin 2 pi x + 0.7 | 0.7 |
| steep_tanh | tanh(20 (x - 0.4)) | 0.2 |
| high_frequency | (sin 2 pi x + sin 6 pi x + sin 12 pi x) / sqrt 3 | 0 |
| band_limited | c_0 + sum_k c_{2k-1} cos 2 pi k x + c_{2k} sin 2 pi k x, mean square 1/2 | c_0 |

The solution of a PINN vanishes at both ends: ``sine`` is sin 2 pi x, ``band_limited`` is sum_k c_k sin k pi x.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def draw_coefficients(generator: np.random.Generator, *, band_limit: int) -> Array:
    """Coefficients of one random band-limited regression target with mean square 1/2, shape [2 band_limit + 1].

    Independent standard normals, then scaled: the direction of the coefficients is uniform, the constant term is one of them.
    """
    raw = generator.standard_normal(2 * band_limit + 1)
    weight = np.full(raw.size, 0.5)
    weight[0] = 1.0
    return raw * np.sqrt(0.5 / (weight * raw * raw).sum())


def draw_solution_coefficients(generator: np.random.Generator, *, band_limit: int) -> Array:
    """Coefficients of one random PINN solution sum_k c_k sin k pi x with mean square 1/2, shape [band_limit], k = 1 present.

    The first coefficient is at least 0.3 in size: L phi of a saturated unit is close to sin pi x, and the stratum asks for a
    forcing that is not orthogonal to it (in the forcing the k-th mode weighs k^2 times as much).
    """
    raw = generator.standard_normal(band_limit)
    floor = 0.3 / np.sqrt(1.0 - 0.3**2) * float(np.linalg.norm(raw[1:]))
    raw[0] = np.copysign(max(abs(raw[0]), floor), raw[0])
    return np.asarray(raw / np.linalg.norm(raw))


def target(name: str, x: Array, coefficients: Array | None = None) -> Array:
    """Evaluate a regression target.

    Args:
        name: a row of the module's table.
        x: points, shape [S].
        coefficients: of ``band_limited``, shape [..., 2 K + 1]; not used otherwise.

    Returns:
        Shape [S], or [..., S] for ``band_limited``.

    Raises:
        KeyError: if the name is not in the table.

    >>> target("sine", np.array([0.25])).tolist(), target("band_limited", np.array([0.0]), [1.0, 2.0, 5.0]).tolist()
    ([1.0], [3.0])
    """
    if name == "band_limited":
        coefficients = np.asarray(coefficients)
        phase = 2.0 * np.pi * np.arange(1, (coefficients.shape[-1] + 1) // 2)[:, None] * x
        modes = np.stack([np.cos(phase), np.sin(phase)], axis=1).reshape(-1, x.size)
        return coefficients[..., :1] + np.vecmat(coefficients[..., 1:], modes)
    return {
        "sine": lambda: np.sin(2 * np.pi * x),
        "sine_offset": lambda: np.sin(2 * np.pi * x) + 0.7,
        "steep_tanh": lambda: np.tanh(20.0 * (x - 0.4)),
        "high_frequency": lambda: (np.sin(2 * np.pi * x) + np.sin(6 * np.pi * x) + np.sin(12 * np.pi * x)) / np.sqrt(3.0),
    }[name]()


def forcing(name: str, x: Array, reaction: float, coefficients: Array | None = None) -> Array:
    """Right-hand side f = u'' - c u of a PINN with a known solution.

    Args:
        name: ``sine`` or ``band_limited``.
        x: points, shape [S].
        reaction: c.
        coefficients: of ``band_limited``, shape [..., K].

    Returns:
        Shape [S], or [..., S] for ``band_limited``.

    Raises:
        KeyError: if the name is neither.
    """
    if name == "band_limited":
        coefficients = np.asarray(coefficients)
        wave = np.pi * np.arange(1, coefficients.shape[-1] + 1)
        return np.asarray(np.vecmat(coefficients * -(wave**2 + reaction), np.sin(wave[:, None] * x)))
    return {"sine": lambda: -((2 * np.pi) ** 2 + reaction) * np.sin(2 * np.pi * x)}[name]()
