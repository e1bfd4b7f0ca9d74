import numpy as np
import pytest

from stationary import spectra
from stationary.config.spin_glass import DescentSettings
from stationary.experiments import spin_glass_descents
from stationary.experiments.spin_glass_tables import DESCENTS
from stationary.landscapes.p_spin import retract
from stationary.landscapes.three_spin import ThreeSpinGlass
from stationary.methods.sphere_descent import descend

SETTINGS = DescentSettings(starts=40, spectra=2)


@pytest.fixture(scope="module")
def table():
    return spin_glass_descents.run(SETTINGS, size=20, draws=[0, 3], seed=5)


def test_rows_are_draw_by_draw_and_start_by_start(table):
    assert table.schema.equals(DESCENTS)
    frame = table.to_pandas()
    assert frame["draw"].tolist() == [0] * 40 + [3] * 40
    assert frame["start"].tolist() == 2 * list(range(40))
    assert frame["eigenvalues"].map(len).tolist() == 2 * ([19] * 2 + [0] * 38)


def test_rows_do_not_depend_on_the_other_draws_of_the_job(table):
    alone = spin_glass_descents.run(SETTINGS, size=20, draws=[3], seed=5)
    assert alone.equals(table.slice(40))


def test_rows_do_not_depend_on_how_many_starts_are_asked_for(table):
    few = spin_glass_descents.run(DescentSettings(starts=7, spectra=2), size=20, draws=[0], seed=5)
    assert few.equals(table.slice(0, 7))
    many = spin_glass_descents.run(DescentSettings(starts=150, spectra=2), size=20, draws=[0], seed=5)
    assert many.slice(0, 40).equals(table.slice(0, 40))


def test_ends_are_minima_beyond_the_band(table):
    frame = table.to_pandas()
    ended = frame[frame["termination"] == "converged"]
    assert len(ended) > 70
    assert (ended["n_negative"] == 0).all()
    assert (ended["n_null"] == 0).all()
    assert (ended["lowest_eigenvalue"] > 1e3 * ended["null_band"]).all()
    assert (ended["null_band"] < 1e-9).all()


def test_a_run_cut_short_is_counted_with_the_rounding_band():
    cut = spin_glass_descents.run(
        DescentSettings(starts=8, max_iterations=1, spectra=8), size=20, draws=[0], seed=5
    ).to_pandas()
    assert set(cut["termination"]) == {"max_iterations"}
    eigenvalues = np.stack(cut["eigenvalues"])
    np.testing.assert_allclose(cut["null_band"], spectra.rounding_band(eigenvalues))
    assert (cut["n_negative"] == (eigenvalues < 0.0).sum(axis=1)).all()


def test_starts_are_on_the_sphere_and_have_the_energies_of_the_table(table):
    points = spin_glass_descents.starts(5, 20, 3, range(40))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), np.sqrt(20))
    energy = ThreeSpinGlass(5, 20, 3).contract(points).energy()
    np.testing.assert_allclose(table.slice(40).to_pandas()["start_energy"], energy, atol=2e-6)


def test_the_band_covers_the_way_to_the_critical_point():
    """Weyl: no eigenvalue moves further than the Hessian, which the band measures by the next Newton step."""
    glass = ThreeSpinGlass(5, 20, 0)
    found = descend(glass, spin_glass_descents.starts(5, 20, 0, range(8)), max_iterations=2000, gradient_tolerance=1e-9)
    ends = found.theta[found.termination == "converged"]
    moved = retract(ends + 1e-4 * np.random.default_rng(0).standard_normal(ends.shape), 20)
    arrived = np.ones(len(ends), dtype=bool)
    eigenvalues, band = spin_glass_descents._spectra(glass, moved, arrived)
    exact, _ = spin_glass_descents._spectra(glass, ends, arrived)
    change = np.abs(eigenvalues - exact).max(axis=1)
    assert (change > 1e-6).all()
    assert (change < 1.01 * band).all()
    assert (band < 1e-2).all()
    _, of_rounding = spin_glass_descents._spectra(glass, moved, ~arrived)
    np.testing.assert_array_equal(of_rounding, spectra.rounding_band(eigenvalues))
