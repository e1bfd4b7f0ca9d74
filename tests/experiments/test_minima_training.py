"""What one block of networks puts into the tables."""

import json

import jax
import numpy as np
import pytest

import classifier_oracles
import minima_networks
from stationary import tables
from stationary.config.minima import MinimaSettings
from stationary.datasets.splits import halves, pooled
from stationary.experiments.minima_tables import POINTS, RUNS
from stationary.experiments.minima_training import run
from stationary.landscapes.network import Block

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def images():
    return minima_networks.small_images()


def _condition(**changes):
    condition = MinimaSettings().conditions(3)["digits-authors_code-5"]
    changes = {"networks": 10, "group": 4, "splits": 2, "epochs": 3, "kept_points": 6, **changes}
    return condition.model_copy(update=changes)


def test_rows_are_complete_and_groups_take_the_splits_in_turn(images):
    found = run(_condition(), images)
    assert found.runs.schema.equals(RUNS)
    assert found.points.schema.equals(POINTS)
    frame = found.runs.to_pandas()
    assert frame["seed"].tolist() == list(range(10))
    assert frame["order_group"].tolist() == [0] * 4 + [1] * 4 + [2] * 2
    assert frame["split"].tolist() == [0] * 4 + [1] * 4 + [0] * 2
    assert set(frame["termination"]) == {"max_iterations"}
    assert frame["test_loss"].to_numpy() == pytest.approx((frame["test_loss_even"] * 33 + frame["test_loss_odd"] * 32) / 65)


def test_blocks_give_the_rows_of_the_whole(images):
    """Bitwise, and also where the last group is cut short by the number of networks."""
    condition = _condition()
    whole = run(condition, images)
    parts = [run(condition, images, block=block, groups_per_block=2) for block in range(2)]
    for name in ("runs", "points"):
        assert tables.concat([getattr(part, name) for part in parts]).equals(getattr(whole, name))


def test_kept_points_have_the_tabled_loss(images):
    """Recomputed in float64 from theta and the layout in the table alone."""
    found = run(_condition(splits=1), images)
    row = found.points.to_pylist()[2]
    run_row = next(run_row for run_row in found.runs.to_pylist() if run_row["seed"] == row["seed"])
    theta = np.array(row["theta"], dtype=np.float64)
    kernel, output = (theta[o : o + np.prod(s)].reshape(s) for _, s, o in json.loads(row["layout"]))
    x, y = pooled(images)
    test = halves(images, 3, 1)[0][1]
    units = np.maximum(x[test] @ kernel[:, :-1].T + kernel[:, -1], 0)
    logits = units @ output[:, :-1].T + output[:, -1]
    loss = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(test.size), y[test]]
    assert loss.mean() == pytest.approx(run_row["test_loss"], rel=1e-5)
    assert (logits.argmax(axis=1) != y[test]).mean() == run_row["test_error"]


def test_slopes_at_the_start_are_those_of_jax(images):
    """A network that does not move ends where it started; training changes its end alone."""
    still, moved = (run(_condition(splits=1, activation="tanh", l2=0.5, learning_rate=rate), images) for rate in (0.0, 0.3))
    x, y = pooled(images)
    train = halves(images, 3, 1)[0][0]
    frame, points = still.runs.to_pandas().set_index("seed"), still.points.to_pylist()
    layout = [Block(name, tuple(shape), offset) for name, shape, offset in json.loads(points[0]["layout"])]
    slope = jax.grad(classifier_oracles.loss(layout, x[train].astype(float), y[train], activation="tanh", l2=0.5))
    for row in points:
        norm = np.linalg.norm(slope(np.array(row["theta"], dtype=float)))
        assert frame.loc[row["seed"], "start_gradient_norm"] == pytest.approx(norm, rel=1e-5)
    assert moved.runs["start_gradient_norm"].equals(still.runs["start_gradient_norm"])
    assert not np.isclose(moved.runs["gradient_norm"], moved.runs["start_gradient_norm"], rtol=0.01).any()


def test_few_kept_points_are_of_many_groups(images):
    condition = _condition(kept_points=3)
    points = run(condition, images).points.to_pydict()
    assert len(set(points["order_group"])) == min(3, -(-condition.networks // condition.group))


def test_a_rate_that_explodes_is_a_termination(images):
    frame = run(_condition(learning_rate=1e30, activation="tanh", l2=0.1), images).runs.to_pandas()
    assert set(frame["termination"]) == {"diverged"}
