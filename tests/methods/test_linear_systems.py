import numpy as np
import pytest

from stationary.methods.linear_systems import solve_or_nan


@pytest.mark.parametrize("kind", [float, complex])
def test_a_singular_system_is_nan_and_does_not_change_the_others(kind):
    generator = np.random.default_rng(0)
    matrices, sides = generator.normal(size=(3, 4, 4)).astype(kind), generator.normal(size=(3, 4, 2))
    expected = np.linalg.solve(matrices, sides)
    matrices[1] = 0.0
    solved = solve_or_nan(matrices, sides)
    assert np.isnan(solved[1]).all()
    assert (solved[[0, 2]] == expected[[0, 2]]).all()
