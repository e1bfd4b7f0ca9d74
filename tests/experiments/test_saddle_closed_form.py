import numpy as np
from tests.saddle_problems import PROBLEMS

from stationary.experiments import saddle_closed_form, saddle_problem


def test_the_table_holds_every_set_and_its_points_are_critical():
    table = saddle_closed_form.run(PROBLEMS["linear_autoencoder"]).to_pandas()
    assert len(table) == 1 + 4 + 6
    assert table["members"].is_unique
    assert table["gradient_norm"].max() < 1e-12
    assert table.loc[table["loss"].idxmin(), "members"] == "1,2"
    assert table["n_negative"].min() == 0


def test_the_origin_is_counted_apart_and_other_ends_have_no_expectation():
    problem = PROBLEMS["linear_autoencoder"]
    landscape = saddle_problem.loss(problem).whole
    theta = np.zeros((2, landscape.n_parameters))
    theta[1] += 1.0
    columns = saddle_closed_form.columns(problem, landscape, theta, np.array([True, False]))
    assert columns["origin"].tolist() == [True, False]
    assert columns["expected_negative"] == [8, None]
    assert np.isnan(columns["expected_loss"][1])
