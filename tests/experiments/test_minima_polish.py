"""Polished points against JAX, and rows of networks that do not arrive."""

import json

import pytest

import minima_networks
from minima_networks import SEED, SPLITS, jax_eigenvalues, points
from stationary import tables
from stationary.experiments import minima_polish
from stationary.experiments.minima_tables import POLISHED


@pytest.fixture(scope="module")
def images():
    return minima_networks.images()


def test_polished_rows_say_what_jax_says(images):
    table = minima_polish.run(points(images, "tanh", 1e-2), images, seed=SEED, splits=SPLITS)
    assert table.schema.equals(POLISHED)
    for row in table.to_pylist():
        norm, eigenvalues = jax_eigenvalues(images, row | {"activation": "tanh"})
        assert row["arrived"]
        assert max(norm, row["gradient_norm"]) < 1e-10
        assert row["n_negative"] == (eigenvalues < -row["null_band"]).sum()
        assert row["n_negative"] + row["n_null"] + row["n_positive"] == eigenvalues.size == len(row["theta"])
        assert row["loss"] < row["loss_before"]
        assert row["distance"] > 0
        assert [name for name, _, _ in json.loads(row["layout"])] == ["hidden_1", "output"]


def test_a_network_is_the_same_in_any_table(images):
    made = points(images, "tanh", 1e-2)
    whole, last = (minima_polish.run(part, images, seed=SEED, splits=SPLITS) for part in (made, made.slice(2)))
    assert whole.slice(2).equals(last)


def test_networks_that_do_not_arrive_are_rows(images):
    table = minima_polish.run(points(images, "tanh", 1e-2, lost=True), images, seed=SEED, splits=SPLITS, max_iterations=3)
    assert table["termination"].to_pylist() == ["max_iterations", "max_iterations", "diverged"]
    assert table["arrived"].to_pylist() == [False] * 3
    assert table["n_negative"].null_count == 1


def test_no_points_give_an_empty_table(images):
    made = points(images, "tanh", 1e-2).slice(0, 0)
    assert minima_polish.run(made, images, seed=SEED, splits=SPLITS).equals(tables.empty(POLISHED))
