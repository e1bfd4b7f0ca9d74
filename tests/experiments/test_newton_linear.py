import numpy as np

from stationary.config.newton import NewtonSettings
from stationary.experiments import newton_linear
from stationary.experiments.newton_tables import LINEAR


def test_one_step_is_exact_where_the_basis_is_well_conditioned():
    table = newton_linear.run(NewtonSettings(linear_sizes=(3, 7)), seed=0)
    assert table.schema.equals(LINEAR)
    frame = table.to_pandas()
    good = frame[frame["condition_number"] < 1e6]
    assert len(good) >= 6
    assert (good["relative_error"] < 1e-9).all()
    assert np.isfinite(frame["relative_error"]).all()
