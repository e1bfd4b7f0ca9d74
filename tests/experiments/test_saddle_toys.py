import numpy as np
import pytest

from stationary.experiments import saddle_toys
from stationary.experiments.saddle_tables import TOYS
from stationary.landscapes.polynomials import FUNCTIONS


@pytest.fixture(scope="module")
def frame():
    table = saddle_toys.run()
    assert table.schema.equals(TOYS)
    return table.to_pandas()


@pytest.fixture(scope="module")
def ends(frame):
    return frame.groupby(["function", "method", "start"]).tail(1).set_index(["function", "method", "start"])


def test_gradient_descent_is_the_closed_form_on_the_plain_saddle(frame):
    """x shrinks by 1 - 10 a and y grows by 1 + 2 a in each step."""
    path = frame[(frame["function"] == "5x^2 - y^2") & (frame["method"] == "gradient_descent") & (frame["start"] == 1)]
    step, number = saddle_toys.RATES["gradient_descent"], path["iteration"]
    np.testing.assert_allclose(path["x"], (1 - 10 * step) ** number, rtol=1e-10)
    np.testing.assert_allclose(path["y"], 0.01 * (1 + 2 * step) ** number, rtol=1e-10)
    assert set(path["termination"]) == {"at_infinity"}


def test_nothing_leaves_the_stable_manifold(frame):
    on_axis = frame[frame["function"].isin(saddle_toys.SADDLES) & (frame["start"] == 0)]
    assert (on_axis["y"] == 0).all()


@pytest.mark.parametrize("function", saddle_toys.SADDLES)
def test_newton_goes_to_the_saddle_and_saddle_free_newton_away_from_it(ends, function):
    for start in (0, 1, 2):
        assert ends.loc[(function, "newton", start), "termination"] == "converged"
        assert np.hypot(*ends.loc[(function, "newton", start), ["x", "y"]]) < 1e-5
    for start in (1, 2):
        free = ends.loc[(function, "saddle_free_newton", start)]
        assert free["termination"] == "at_infinity"
        assert np.hypot(free["x"], free["y"]) > saddle_toys.REACH


def test_finders_end_at_the_critical_point_or_at_the_flat_one(ends):
    found = ends.loc["frye_quartic"]
    reached = found[found["termination"] == "converged"]
    np.testing.assert_allclose(reached["x"], -3.0, atol=1e-6)
    flat = found[found["termination"] == "gradient_flat"]
    np.testing.assert_allclose(flat[["x", "y"]], np.broadcast_to([np.sqrt(2.0), 0.0], (len(flat), 2)), atol=1e-3)
    assert len(reached) > 0
    assert len(flat) > 0


def test_value_and_gradient_are_those_of_the_point(frame):
    for name, function in FUNCTIONS.items():
        mine = frame[frame["function"] == name]
        points = mine[["x", "y"]].to_numpy()
        np.testing.assert_allclose(mine["value"], function.value(points))
        np.testing.assert_allclose(mine["gradient_norm"], np.linalg.norm(function.gradient(points), axis=1))
        assert (mine.groupby(["method", "start"])["iteration"].diff().dropna() == 1).all()
