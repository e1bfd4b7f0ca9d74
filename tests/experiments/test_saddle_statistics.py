import numpy as np
import scipy.stats

from stationary.experiments.saddle_statistics import entropy


def test_entropy_is_that_of_the_counts():
    codes = np.random.default_rng(0).integers(5, size=(7, 40))
    expected = [scipy.stats.entropy(np.unique(row, return_counts=True)[1]) for row in codes]
    np.testing.assert_allclose(entropy(codes), expected, atol=1e-12)
