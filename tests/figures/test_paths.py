import numpy as np
import pandas as pd
import pyarrow.compute as pc

from stationary.figures import paths


def test_a_run_that_ended_keeps_its_last_value_and_conditions_stay_apart():
    rows = [("a", 0, 0, 4.0), ("a", 0, 1, 2.0), ("a", 1, 0, 8.0), ("b", 0, 0, 16.0), ("b", 0, 2, np.inf)]
    found = paths.of(pd.DataFrame(rows, columns=["condition", "seed", "iteration", "loss"]), "loss")
    np.testing.assert_array_equal(found.iteration, [0, 1, 2])
    np.testing.assert_array_equal(found.value, [[4, 2, 2], [8, 8, 8], [16, 16, 16]])


def test_every_run_of_the_table_is_one_path(tables):
    newton = tables["trajectories"].filter(pc.equal(tables["trajectories"]["method"], "newton"))
    found = paths.of(newton.to_pandas(), "relative_loss")
    assert found.value.shape[0] == 4 * 10  # problems x targets x starts
    assert np.isfinite(found.value[:, 0]).all()


def test_counts_that_were_not_taken_are_missing():
    rows = pd.DataFrame({"condition": ["a"], "seed": [0], "iteration": [0], "n_negative": [-1]})
    assert np.isnan(paths.of(rows, "n_negative").value).all()
