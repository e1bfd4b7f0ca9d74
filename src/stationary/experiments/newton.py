"""Exact Newton and its remedies from common random starts: where do they end, and what is that point?

A test of the claims of Rowan 2025 (arXiv 2510.11987); that paper's settings are not published, so ours are declared in the
configuration and swept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from stationary import progress, spectra, tables
from stationary.config.newton import Method, NewtonCondition
from stationary.experiments import newton_problem
from stationary.experiments.newton_methods import METHODS, cut_of, recorded, run_method
from stationary.experiments.newton_tables import RUNS, TRAJECTORIES
from stationary.landscapes.least_squares import LeastSquaresNetwork
from stationary.methods.result import Result, Snapshot
from stationary.termination import Termination

Array = Any

SUCCESS = 0.01
"""Share of the zero function's loss at or below which a fit counts as a success (config/claims.yaml)."""

TRIVIAL = 1e-3
"""Relative output norm below which a converged end point is trivial (config/claims.yaml)."""

SATURATED = 1e-3
"""A unit whose sd over the grid is below this part of its rms is as good as constant."""


@dataclass(frozen=True)
class NewtonTables:
    """What one job writes."""

    runs: pa.Table
    trajectories: pa.Table


def run(condition: NewtonCondition, *, method: Method, block: int = 0, block_size: int | None = None) -> NewtonTables:
    """Run one method from one block of a condition's starts.

    Args:
        condition: problem, network, numerics.
        method: optimiser.
        block: number of the block, from 0.
        block_size: starts per block; all of them if None. A row depends on its replica number alone, not on the block.

    Returns:
        table of runs, and of trajectories (empty unless the condition records them).
    """
    size = condition.starts if block_size is None else block_size
    replicas = range(block * size, min((block + 1) * size, condition.starts))
    coefficients = newton_problem.coefficients(condition, replicas)
    landscape = newton_problem.landscape(condition, coefficients)
    start = newton_problem.starts(condition, replicas)
    with progress.bar(len(replicas), f"{condition.name} {method}") as advance:
        recorder = _Recorder(condition, method, replicas, landscape, advance)
        result = run_method(condition, method, landscape, start, recorder)
        recorder.finish()
    runs = _runs(condition, method, replicas, coefficients, landscape, start, result)
    return NewtonTables(runs, recorder.table())


def _runs(
    condition: NewtonCondition,
    method: Method,
    replicas: Sequence[int],
    coefficients: Array,
    landscape: LeastSquaresNetwork,
    start: Array,
    result: Result,
) -> pa.Table:
    number = len(replicas)
    fine = newton_problem.landscape(condition, coefficients, finer=newton_problem.FINER)
    converged = result.termination == Termination.CONVERGED
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        points, counts = _inertia_columns(landscape, result.theta, converged)
        theta = points.theta
        loss, gradient = landscape.value_and_gradient(theta)
        loss_fine = fine.value(theta)
        trivial_loss = np.broadcast_to(0.5 * landscape.target_square(), number)
        trivial_fine = 0.5 * fine.target_square()
        output_norm = _output_norm(condition, landscape, theta)
        shape = {**_basis_columns(landscape, start, theta), "gradient_scale": landscape.gradient_scale(theta)}
        theta_norm = np.linalg.norm(theta, axis=1)
    trivial = converged & (output_norm < TRIVIAL)
    lowest = np.where(np.isnan(points.eigenvalues[:, 0]), 0.0, points.eigenvalues[:, 0])
    kind = np.where(converged, spectra.kind(lowest, points.null_band), "unconverged")
    constant = {
        **_condition_columns(condition, method),
        "step_rule": METHODS[method].step_rule,
        "cut": cut_of(method, landscape.n_parameters),
        "width": condition.hidden[0],
        "depth": len(condition.hidden),
        "activation": condition.activation,
        "output_bias": condition.output_bias,
        "start_scale": condition.start_scale,
        "target": condition.target,
        "reaction": newton_problem.reaction(condition),
        "nodes": condition.nodes,
        "layout": json.dumps([[block.name, list(block.shape), block.offset] for block in landscape.layout]),
    }
    columns: dict[str, object] = {name: [value] * number for name, value in constant.items()}
    columns |= {
        "seed": list(replicas),
        "target_coefficients": coefficients,
        "theta": theta,
        "termination": [str(code) for code in result.termination],
        "iterations": result.iterations,
        "cost": result.cost,
        "loss": loss,
        "loss_fine": loss_fine,
        "trivial_loss": trivial_loss,
        "best_constant_loss": np.broadcast_to(newton_problem.best_constant_loss(landscape), number),
        "gradient_norm": np.linalg.norm(gradient, axis=1),
        "output_norm": output_norm,
        "theta_norm": theta_norm,
        "refinement": np.linalg.norm(theta - np.where(converged[:, None], result.theta, theta), axis=1),
        "kind": kind,
        "trivial": trivial,
        "at_best_constant": converged & ~trivial & (newton_problem.constant_distance(landscape, theta) < TRIVIAL),
        "success": (loss <= SUCCESS * trivial_loss) & (loss_fine <= SUCCESS * trivial_fine),
        **shape,
        **counts,
    }
    return tables.from_columns(columns, RUNS)


def _inertia_columns(
    landscape: LeastSquaresNetwork, theta: Array, converged: Array
) -> tuple[spectra.CriticalSpectrum, dict[str, object]]:
    """Spectra at the end points: refined where converged, as they stand elsewhere, NaN where nothing is finite."""
    replicas, parameters = theta.shape
    whole = spectra.CriticalSpectrum(
        theta.copy(), *(np.full(shape, np.nan) for shape in (replicas, (replicas, parameters), replicas, replicas))
    )
    finite = np.isfinite(theta).all(axis=1)
    finite[finite] = np.isfinite(landscape.take(np.flatnonzero(finite)).hessian(theta[finite])).all(axis=(1, 2))
    for chosen, decompose in ((converged & finite, spectra.critical_spectrum), (finite & ~converged, spectra.spectrum)):
        rows = np.flatnonzero(chosen)
        if rows.size == 0:
            continue
        part = decompose(landscape.take(rows), theta[rows])
        for name in ("theta", "gradient_norm", "eigenvalues", "residual", "null_band"):
            getattr(whole, name)[rows] = getattr(part, name)
    known = np.flatnonzero(finite)
    eigenvalues, band = whole.eigenvalues[known], whole.null_band[known]
    count = spectra.inertia(eigenvalues, null_band=band)

    def spread(values: Array, missing: object) -> list[object]:
        filled: list[object] = [missing] * replicas
        for row, value in zip(known, values.tolist(), strict=True):
            filled[row] = value
        return filled

    return whole, {
        "null_band": whole.null_band,
        "n_negative": spread(count.n_negative, None),
        "n_null": spread(count.n_null, None),
        "n_positive": spread(count.n_positive, None),
        "n_below_1e-3": spread(spectra.below(eigenvalues, 1e-3), None),
        "n_below_1e-5": spread(spectra.below(eigenvalues, 1e-5), None),
        "lowest_eigenvalue": whole.eigenvalues[:, 0],
        "eigenvalues": spread(eigenvalues, []),
        "eigenvalue_residual": whole.residual,
        "undetermined": spread(band > np.median(np.abs(eigenvalues), axis=1), None),
    }


def _output_norm(condition: NewtonCondition, landscape: LeastSquaresNetwork, theta: Array) -> Array:
    """||u|| / ||f||; with an output bias the constant belongs to the basis, and trivial means at the best constant."""
    if condition.output_bias:
        return newton_problem.constant_distance(landscape, theta)
    output = landscape.output(theta)
    return np.asarray(np.sqrt((output * output).mean(axis=1) / landscape.target_square()))


def _basis_columns(landscape: LeastSquaresNetwork, start: Array, end: Array) -> dict[str, object]:
    """How the learned basis stands to the target, at the start and at the end."""
    first, last = landscape.basis(start), landscape.basis(end)
    units = landscape.units(end)  # the units, not L phi_k: a constant one is not constant under L
    spread, size = units.std(axis=2), np.sqrt((units * units).mean(axis=2))
    return {
        "max_basis_target_product": _largest_product(last, landscape.target),
        "cosine_start": _largest_cosine(first, landscape.target),
        "cosine_start_centred": _largest_cosine(_centre(first), _centre(landscape.target), first),
        "cosine_end": _largest_cosine(last, landscape.target),
        "cosine_centred": _largest_cosine(_centre(last), _centre(landscape.target), last),
        "saturated_share": (spread <= SATURATED * size).mean(axis=1),
    }


def _largest_product(basis: Array, target: Array) -> Array:
    return np.abs(np.matvec(basis, target)).max(axis=1) / target.shape[1]


def _largest_cosine(basis: Array, target: Array, whole: Array | None = None) -> Array:
    """Largest |cos| over units; a unit that is rounding noise beside ``whole`` has no direction and is left out."""
    norm, reference = np.linalg.norm(basis, axis=2), np.linalg.norm(basis if whole is None else whole, axis=2)
    meaningful = norm > 1e-12 * np.maximum(reference, np.finfo(float).tiny)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.abs(np.matvec(basis, target)) / (norm * np.linalg.norm(target, axis=1)[:, None])
    largest = np.where(meaningful, cosine, -1.0).max(axis=1)
    return np.where(meaningful.any(axis=1), largest, np.nan)


def _centre(values: Array) -> Array:
    return values - values.mean(axis=-1, keepdims=True)


def _condition_columns(condition: NewtonCondition, method: Method) -> dict[str, object]:
    return {"condition": condition.name, "family": condition.family, "problem": condition.problem, "method": method}


class _Recorder:
    """Collects trajectories where the condition wants them, and tells the progress bar which runs have ended."""

    def __init__(
        self, condition: NewtonCondition, method: Method, replicas: Sequence[int], landscape: LeastSquaresNetwork, advance: Any
    ) -> None:
        self._condition, self._method, self._replicas = condition, method, np.asarray(replicas)
        self._landscape, self._advance = landscape, advance
        self._seen: set[int] = set()
        self._done: set[int] = set()
        self._rows: list[dict[str, Array]] = []

    def __call__(self, snapshot: Snapshot) -> None:
        active = set(snapshot.replicas.tolist())
        ended = self._seen - active - self._done
        if ended:
            self._done |= ended
            self._advance(len(ended))
        self._seen |= active
        whole = METHODS[self._method].limit in (
            "max_iterations",
            "remedy_iterations",
        )  # long runs are thinned, short ones kept whole
        chosen = whole or not isinstance(snapshot.iteration, int) or recorded(snapshot.iteration)  # several were chosen before
        if not self._condition.trajectories or not chosen:
            return
        here = self._landscape.take(snapshot.replicas)
        with np.errstate(over="ignore", invalid="ignore"):
            relative_loss = snapshot.loss / (0.5 * here.target_square())
            output_norm = _output_norm(self._condition, here, snapshot.theta)
            product = _largest_product(here.basis(snapshot.theta), here.target)
        self._rows.append(
            {
                "seed": self._replicas[snapshot.replicas],
                "iteration": np.full(snapshot.replicas.size, snapshot.iteration),
                "loss": snapshot.loss,
                "relative_loss": relative_loss,
                "gradient_norm": snapshot.gradient_norm,
                "step_norm": snapshot.step_norm,
                "n_negative": snapshot.n_negative,
                "output_norm": output_norm,
                "max_basis_target_product": product,
            }
        )

    def finish(self) -> None:
        self._advance(self._replicas.size - len(self._done))

    def table(self) -> pa.Table:
        """Rows ordered by replica, then iteration, whatever order the method visited them in."""
        if not self._rows:
            return tables.empty(TRAJECTORIES)
        columns = {name: np.concatenate([row[name] for row in self._rows]) for name in self._rows[0]}
        order = np.lexsort((columns["iteration"], columns["seed"]))
        values: dict[str, object] = {name: column[order] for name, column in columns.items()}
        constant = _condition_columns(self._condition, self._method)
        values |= {name: [value] * order.size for name, value in constant.items()}
        return tables.from_columns(values, TRAJECTORIES)
