import json

import jax
import jax.numpy as jnp
import numpy as np
import pyarrow.compute as pc
import pytest
from tests.saddle_problems import PROBLEMS, SMALL

from stationary.experiments import saddle_problem, saddle_runs, saddle_search, saddle_starts
from stationary.row_hash import logical_hash

FINDERS = ("newton_mr", "damped_newton", "gradient_norm")


@pytest.fixture(scope="module")
def searched():
    """Runs and trajectories of every problem and finder."""
    runs, trajectories = [], []
    for problem in PROBLEMS.values():
        starts = saddle_starts.run(problem)
        for finder in FINDERS:
            result = saddle_search.run(problem, SMALL.search(finder, problem.kind), starts)
            runs.append(result.runs)
            trajectories.append(result.trajectories.to_pandas())
    return saddle_runs.join(runs).to_pandas(), trajectories


def test_filtered_points_of_the_linear_autoencoder_are_analytic(searched):
    runs = searched[0]
    found = runs[(runs["kind"] == "linear_autoencoder") & runs["filtered"] & ~runs["origin"]]
    assert len(found) > 10
    assert (found["loss"] - found["expected_loss"]).abs().max() < 1e-8
    assert (found["n_negative"] == found["expected_negative"]).all()
    assert (found["n_null"] == found["expected_null"]).all()
    assert found["distinct"].nunique() == found["members"].nunique()


def test_stored_points_can_be_recomputed_with_jax(searched):
    """Loss, gradient norm and inertia outside the null band from theta, layout and l2 alone."""
    runs = searched[0]
    found = runs[runs["filtered"] & (runs["kind"] == "classifier") & ~runs["undetermined"]]
    assert len(found) > 3
    whole = saddle_problem.loss(PROBLEMS["classifier-2x2-2"]).whole
    x, labels = jnp.asarray(whole.x), jnp.asarray(whole.loss.labels)
    for _, row in found.head(4).iterrows():
        shapes = [(shape, offset) for _, shape, offset in json.loads(row["layout"])]

        def loss(theta, shapes=shapes, l2=row["l2"]):
            values = x
            for depth, ((units, inputs), offset) in enumerate(shapes):
                weights = theta[offset : offset + units * inputs].reshape(units, inputs)
                values = values @ weights[:, :-1].T + weights[:, -1]
                values = jnp.tanh(values) if depth + 1 < len(shapes) else values
            right = jnp.take_along_axis(jax.nn.log_softmax(values), labels[:, None], axis=1)
            return -right.mean() + 0.5 * l2 * theta @ theta

        with jax.enable_x64(True):
            theta = jnp.asarray(row["theta"])
            eigenvalues = np.linalg.eigvalsh(np.asarray(jax.hessian(loss)(theta)))
            assert float(loss(theta)) == pytest.approx(row["loss"], rel=1e-12)
            assert float(jnp.linalg.norm(jax.grad(loss)(theta))) < 1e-12
        assert (eigenvalues < -row["null_band"]).sum() == row["n_negative"]
        assert (eigenvalues > row["null_band"]).sum() == row["n_positive"]


def test_ends_and_measurements_fit_together(searched):
    runs, trajectories = searched
    assert (runs["filtered"] == (runs["found_gradient_norm"] ** 2 < 1e-10)).all()
    assert set(runs["end"]) <= {"critical", "flat", "unconverged"}
    assert (runs["filtered"] == (runs["end"] == "critical")).all()
    assert (runs["flat_iterates"] <= runs["measured"]).all()
    rows = sum(len(table) for table in trajectories)
    assert rows == runs["measured"].sum()
    assert (runs["n_negative"] + runs["n_null"] + runs["n_positive"] == runs["n_parameters"]).all()


def test_a_row_depends_on_its_start_alone():
    problem = PROBLEMS["deep_autoencoder"]
    starts, search = saddle_starts.run(problem), SMALL.search("newton_mr", "autoencoder")
    whole = saddle_search.run(problem, search, starts)
    part = saddle_search.run(problem, search, starts.slice(3, 2))
    assert logical_hash(part.runs) == logical_hash(whole.runs.slice(3, 2))
    tail = whole.trajectories.filter(pc.greater_equal(whole.trajectories["start"], 3))
    assert logical_hash(part.trajectories) == logical_hash(tail)
