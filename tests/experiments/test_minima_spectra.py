"""Counts, ends and bands against JAX's Hessian, by both routes."""

import numpy as np
import pyarrow.compute as pc
import pytest

import minima_networks
from minima_networks import SEED, SPLITS, jax_eigenvalues, points
from stationary import tables
from stationary.experiments import minima_spectra
from stationary.experiments.minima_tables import POINTS, SPECTRA


@pytest.fixture(scope="module")
def images():
    return minima_networks.images()


@pytest.fixture(scope="module")
def rectifiers(images):
    return points(images, "relu", 0.0)


@pytest.mark.parametrize("dense", [2000, 0], ids=["eigenvalues", "inertia"])
def test_counts_and_ends_are_those_of_jaxs_hessian(images, rectifiers, dense, monkeypatch):
    monkeypatch.setattr(minima_spectra, "DENSE", dense)
    table = minima_spectra.run(rectifiers, images, seed=SEED, splits=SPLITS)
    assert table.schema.equals(SPECTRA)
    for found, row in zip(table.to_pylist(), rectifiers.to_pylist(), strict=True):
        norm, eigenvalues = jax_eigenvalues(images, row)
        band = 10 * eigenvalues.size * np.finfo(float).eps * np.abs(eigenvalues).max()
        counted = (found["n_negative"], found["n_positive"], found["n_below_1e-3"])
        assert counted == tuple(
            int(n) for n in ((eigenvalues < -band).sum(), (eigenvalues > band).sum(), (eigenvalues < -1e-3).sum())
        )
        assert found["n_null"] == eigenvalues.size - counted[0] - counted[1] >= found["n_structural"] > 0
        ends = [found["lowest_eigenvalue"], found["highest_eigenvalue"]]
        np.testing.assert_allclose([found["gradient_norm"], *ends], [norm, *eigenvalues[[0, -1]]], rtol=1e-8)
        assert found["index"] == 2 * found["index_authors"] == counted[2] / eigenvalues.size
        assert len(found["eigenvalues"]) == (eigenvalues.size if dense else 0)
        assert found["eigenvalue_residual"] < 1e-8
        assert found["kink_margin"] > 0


def test_a_network_that_is_not_finite_is_a_row_without_counts(images):
    spectra = minima_spectra.run(points(images, "relu", 0.0, lost=True), images, seed=SEED, splits=SPLITS)
    assert spectra["n_below_1e-3"].null_count == 1
    assert pc.sum(pc.is_nan(spectra["index"])).as_py() == 1


def test_a_loss_that_overflows_is_one_too(images):
    made = points(images, "relu", 0.0, number=1)
    far = made.to_pylist()[0] | {"theta": [3e38] * len(made["theta"][0])}
    far = tables.from_columns({name: [value] for name, value in far.items()}, POINTS)
    spectra = minima_spectra.run(far, images, seed=SEED, splits=SPLITS)
    assert spectra.schema.equals(SPECTRA)


def test_no_points_give_an_empty_table(images):
    made = points(images, "relu", 0.0).slice(0, 0)
    assert minima_spectra.run(made, images, seed=SEED, splits=SPLITS).equals(tables.empty(SPECTRA))
