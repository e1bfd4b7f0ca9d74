"""Every critical point of small spherical p-spin glasses, certified, and how completely each draw was searched.

All complex classes are found by homotopy continuation and counted against ((p - 1)^N - 1) / (p - 2). A complete draw's real
critical points are then all there are, as far as classes can be told apart in float64; that each of them exists, with its
index, is proved. On the first draws Newton from random starts is run beside, as one would without homotopy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, seeds, tables
from stationary.config.spin_glass import ExhaustiveSettings, paths_per_draw
from stationary.experiments.spin_glass_tables import CRITICAL_POINTS, SEARCH
from stationary.landscapes.p_spin import DenseGlass
from stationary.methods import complex_classes, sphere_newton
from stationary.methods.ball_certificates import certify

Array = Any

STARTS_PER_CLASS, MOST_STARTS = 20, 4000
"""Random starts of Newton per complex class, and the most per draw."""

PATHS_AT_ONCE = 4096
"""Paths in one stack: enough to hide the interpreter, few enough for the cache. It changes no number."""


@dataclass(frozen=True)
class CriticalPointTables:
    """What one job writes."""

    points: pa.Table
    search: pa.Table


def run(settings: ExhaustiveSettings, *, p: int, size: int, draws: Sequence[int], seed: int) -> CriticalPointTables:
    """Find all critical points of some draws.

    Args:
        settings: on how many draws Newton from random starts runs beside; nothing else of it is used.
        p: number of spins that interact.
        size: N.
        draws: numbers of the draws. A row depends on (seed, p, size, draw) alone, not on what else is asked for.
        seed: root seed.

    Returns:
        the points, both of each pair, by draw and ascending energy; one row per draw and method of search.
    """
    points, search = [], []
    with progress.bar(len(draws), f"critical points p = {p}, N = {size}", unit="draws") as advance:
        for stack in _stacks(draws, paths_per_draw(p, size)):
            found = _stack(p, size, stack, seed, settings.newton_draws)
            points.append(found.points)
            search.append(found.search)
            advance(len(stack))
    return CriticalPointTables(tables.concat(points), tables.concat(search))


def _stacks(draws: Sequence[int], classes: int) -> Iterator[Sequence[int]]:
    number = max(1, PATHS_AT_ONCE // classes)
    for first in range(0, len(draws), number):
        yield draws[first : first + number]


def _stack(p: int, size: int, draws: Sequence[int], seed: int, newton_draws: int) -> CriticalPointTables:
    tensors = DenseGlass.of_draws(seed, p, size, draws)
    condition = f"p{p}-n{size}"
    classes = complex_classes.find(tensors, [seeds.generator(seed, "spin_glass/homotopy", condition, draw) for draw in draws])
    pairs = complex_classes.real_pairs(tensors, classes)
    spins = pairs.points * np.sqrt(size)
    certificates = certify(tensors, spins, pairs.present)
    here = tensors.contract(pairs.points)
    eigenvalues = np.linalg.eigvalsh(here.hessian())
    index = (eigenvalues < 0).sum(axis=-1)
    columns = {
        "energy": here.energy(),
        "index": index,
        "gradient_norm": here.gradient_norm(),
        "lowest_magnitude": np.abs(eigenvalues).min(axis=-1),
        "alpha": certificates.alpha,
        "beta": certificates.beta,
        "certified": certificates.certified & (certificates.index == index),
        "point": spins,
    }
    row, place = np.nonzero(pairs.present)
    numbers = np.asarray(draws)
    points = _points(p, size, numbers[row], {name: values[row, place] for name, values in columns.items()})
    checked = np.flatnonzero(numbers < newton_draws)
    newton_pairs = np.full(len(draws), -1)
    rows = []
    if checked.size:
        hits, row_of = _newton(p, tensors.take(checked), numbers[checked], condition, seed)
        newton_pairs[checked] = hits
        rows.append(row_of)
    real = pairs.present.sum(axis=1)
    homotopy = _search_rows(p, size, numbers, "homotopy", real, _euler(p, size, index, pairs.present)) | {
        "starts": classes.paths,
        "complex_classes": classes.found,
        "hits_once": np.full(len(draws), -1),
        "hits_twice": np.full(len(draws), -1),
        "chao1": np.full(len(draws), np.nan),
        "newton_pairs": newton_pairs,
    }
    certified = (columns["certified"] | ~pairs.present).all(axis=1)
    checks = (classes.found == paths_per_draw(p, size)) & homotopy["parity"] & certified
    homotopy["complete"] = checks & (homotopy["euler_sum"] == _characteristic(size))
    search = tables.concat([tables.from_columns(part, SEARCH) for part in [homotopy, *rows]])
    return CriticalPointTables(points, search)


def _points(p: int, size: int, draws: Array, found: dict[str, Array]) -> pa.Table:
    """Rows of the points found and of their antipodes: energy and index of these follow from the parity of p."""
    twin = dict(found)
    twin["point"] = -found["point"]
    if p % 2:
        twin["energy"] = -found["energy"]
        twin["index"] = size - 1 - found["index"]
    both = {name: np.concatenate([found[name], twin[name]]) for name in found}
    both["twin"] = np.repeat([False, True], draws.size)
    draw = np.tile(draws, 2)
    order = np.lexsort((both["twin"], both["energy"], draw))
    columns: dict[str, object] = {name: values[order] for name, values in both.items()}
    columns |= {"p": np.full(order.size, p), "size": np.full(order.size, size), "draw": draw[order]}
    return tables.from_columns(columns, CRITICAL_POINTS)


def _newton(p: int, tensors: DenseGlass, draws: Array, condition: str, seed: int) -> tuple[Array, dict[str, Array]]:
    """Pairs found by Newton from random starts, and the rows that say so; never complete, since nothing proves it."""
    size = tensors.size
    starts = min(STARTS_PER_CLASS * paths_per_draw(p, size), MOST_STARTS)
    generators = [seeds.generator(seed, "spin_glass/newton_starts", condition, draw) for draw in draws.tolist()]
    hits = sphere_newton.search(tensors, generators, starts)
    with np.errstate(invalid="ignore"):
        whole = np.where(hits.first[..., None], hits.points, np.eye(size)[0])
    index = (np.linalg.eigvalsh(tensors.contract(whole).hessian()) < 0).sum(axis=-1)
    rows = _search_rows(p, size, draws, "newton", hits.pairs, _euler(p, size, index, hits.first)) | {
        "starts": np.full(draws.size, starts),
        "complex_classes": np.full(draws.size, -1),
        "hits_once": hits.once,
        "hits_twice": hits.twice,
        "chao1": hits.chao1,
        "newton_pairs": hits.pairs,
        "complete": np.zeros(draws.size, dtype=bool),
    }
    return hits.pairs, rows


def _search_rows(p: int, size: int, draws: Array, method: str, real: Array, euler: Array) -> dict[str, Array]:
    number = len(draws)
    return {
        "p": np.full(number, p),
        "size": np.full(number, size),
        "draw": draws,
        "method": np.full(number, method),
        "expected_classes": np.full(number, paths_per_draw(p, size)),
        "real_pairs": real,
        "parity": (paths_per_draw(p, size) - real) % 2 == 0,
        "euler_sum": euler,
    }


def _euler(p: int, size: int, index: Array, present: Array) -> Array:
    """Sum of (-1)^index over both points of every pair: [D, R] -> [D]."""
    antipode = size - 1 - index if p % 2 else index
    both = np.where(index % 2 == 0, 1, -1) + np.where(antipode % 2 == 0, 1, -1)
    return np.asarray(np.where(present, both, 0).sum(axis=1))


def _characteristic(size: int) -> int:
    """Euler characteristic of the sphere in N dimensions, which the sum must equal (Morse)."""
    return 2 if size % 2 else 0
