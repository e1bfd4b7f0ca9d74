import pyarrow.compute as pc
import pytest
from tests.saddle_problems import PROBLEMS, SMALL

from stationary.experiments import saddle_runs, saddle_search, saddle_starts
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
