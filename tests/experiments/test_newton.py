import json

import numpy as np
import pytest

from stationary import tables
from stationary.config.newton import NewtonSettings
from stationary.experiments import newton, newton_problem
from stationary.experiments.newton_methods import METHODS, recorded
from stationary.experiments.newton_tables import RUNS, TRAJECTORIES

SMALL = NewtonSettings(
    starts=10,
    sweep_starts=4,
    nodes=31,
    max_iterations=25,
    remedy_iterations=25,
    gradient_iterations=25,
    first_order_iterations=25,
    budget=5000,
)
CONDITIONS = SMALL.conditions(seed=3)
NUMPY_METHODS = [name for name in METHODS if name not in ("adam", "gradient_descent")]


def _run(condition, method="newton", **options):
    return newton.run(CONDITIONS[condition], method=method, **options)


@pytest.mark.parametrize("method", NUMPY_METHODS)
def test_every_method_fills_both_tables(method):
    result = _run("main-regression-10-sine", method)
    assert result.runs.schema.equals(RUNS)
    assert result.trajectories.schema.equals(TRAJECTORIES)
    assert result.runs.num_rows == 10
    assert set(result.trajectories["seed"].to_pylist()) == set(range(10))


@pytest.mark.tensorflow
def test_keras_methods_fill_both_tables():
    assert _run("main-poisson-10-band_limited", "adam").runs.num_rows == 10


@pytest.mark.parametrize("condition", ["main-regression-10x10-band_limited", "main-poisson-10-band_limited"])
@pytest.mark.parametrize("method", ["newton", "levenberg_marquardt", "l_bfgs"])
def test_rows_do_not_depend_on_the_block(condition, method):
    whole = _run(condition, method)
    blocks = [_run(condition, method, block=block, block_size=3) for block in range(4)]
    for name in ("runs", "trajectories"):
        joined = tables.concat([getattr(part, name) for part in blocks])
        assert tables.logical_hash(joined) == tables.logical_hash(getattr(whole, name))


def test_all_methods_start_from_the_same_points_and_targets():
    one, two = (_run("main-regression-10-band_limited", method) for method in ("newton", "bfgs"))
    assert one.runs["cosine_start"].equals(two.runs["cosine_start"])
    assert one.runs["target_coefficients"].equals(two.runs["target_coefficients"])
    at_start = [[row["loss"] for row in result.trajectories.to_pylist() if row["iteration"] == 0] for result in (one, two)]
    assert at_start[0] == at_start[1]


def test_starts_are_uniform_within_the_fan_in_bound():
    condition = CONDITIONS["main-regression-10x10-sine"]
    starts = newton_problem.starts(condition, range(400))
    blocks = {block.name: block for block in newton_problem.landscape(condition, np.empty((1, 0))).layout}
    for name, fan_in in (("hidden_1", 1), ("hidden_2", 10), ("output", 10)):
        part = starts[:, blocks[name].offset : blocks[name].offset + blocks[name].size] * np.sqrt(fan_in)
        assert np.abs(part).max() <= 1.0
        np.testing.assert_allclose([part.mean(), part.var()], [0.0, 1.0 / 3.0], atol=0.02)


def test_counts_make_up_the_spectrum_and_success_is_checked_on_the_finer_grid():
    frame = _run("main-regression-10-sine", "saddle_free_newton").runs.to_pandas()
    sizes = frame["n_negative"] + frame["n_null"] + frame["n_positive"]
    assert (sizes == frame["theta"].str.len()).all()
    assert (frame["eigenvalue_residual"] < 1e-12).all()
    fits = (frame["loss"] <= 0.01 * frame["trivial_loss"]) & (frame["loss_fine"] <= 0.0101 * frame["trivial_loss"])
    assert (frame["success"] <= fits).all()


def test_trivial_ends_have_no_output_and_their_basis_is_orthogonal():
    """J = 1/2 ||f||^2 - 1/2 ||u||^2 at points stationary in the output weights (references in docs/numerics.md)."""
    settings = NewtonSettings(starts=30, max_iterations=60)
    frame = newton.run(settings.conditions(0)["main-poisson-10-sine"], method="newton").runs.to_pandas()
    assert (frame[frame["trivial"]]["termination"] == "converged").all()
    drifted = (frame["termination"] == "at_infinity") & (frame["output_norm"] < 1e-3)
    trivial = frame[frame["trivial"] | drifted]
    assert len(trivial) >= 10
    np.testing.assert_allclose(trivial["loss"], trivial["trivial_loss"], rtol=1e-6)
    assert (trivial["cosine_end"] < 1e-3).mean() > 0.9


def test_best_constant_is_the_lowest_loss_over_constant_outputs():
    """By one-dimensional minimisation over the output bias of a network whose other weights are zero."""
    from scipy.optimize import minimize_scalar

    for name, bias in (("sweep-10-output-bias-true", True), ("main-poisson-10-sine", True)):
        condition = CONDITIONS[name].model_copy(update={"output_bias": bias})
        landscape = newton_problem.landscape(condition, np.empty((1, 0)))
        theta = np.zeros((1, landscape.n_parameters))

        def loss(constant, landscape=landscape, theta=theta):
            theta[0, -1] = constant
            return landscape.value(theta)[0]

        assert newton_problem.best_constant_loss(landscape)[0] == pytest.approx(minimize_scalar(loss).fun, rel=1e-9)


def test_layout_describes_theta():
    row = _run("sweep-10-depth-3").runs.to_pylist()[0]
    blocks = json.loads(row["layout"])
    assert [tuple(shape) for _, shape, _ in blocks] == [(10, 2), (10, 11), (10, 11), (1, 10)]
    assert len(row["theta"]) == 20 + 110 + 110 + 10


def test_a_sweep_condition_records_no_trajectory():
    assert _run("sweep-10-base").trajectories.num_rows == 0


def test_diverged_runs_are_rows_without_counts(monkeypatch):
    monkeypatch.setattr(
        "stationary.landscapes.least_squares.LeastSquaresNetwork.value_and_gradient",
        lambda _, theta: (np.full(len(theta), np.nan), np.full(theta.shape, np.nan)),
    )
    rows = _run("sweep-10-base").runs.to_pylist()
    assert {row["termination"] for row in rows} == {"diverged"}
    assert not any(row["success"] or row["trivial"] for row in rows)


def test_recorded_iterations_thin_out_but_keep_the_start():
    kept = [k for k in range(100_000) if recorded(k)]
    assert kept[:21] == list(range(21))
    assert 85 < len(kept) < 110


def test_the_same_job_twice_gives_the_same_rows():
    one, two = (_run("main-regression-10-band_limited", "saddle_free_newton") for _ in range(2))
    assert tables.logical_hash(one.runs) == tables.logical_hash(two.runs)


def test_short_runs_keep_every_iteration():
    frame = _run("main-regression-10-sine", "saddle_free_newton").trajectories.to_pandas()
    assert set(frame[frame["seed"] == 0]["iteration"]) == set(range(26))
