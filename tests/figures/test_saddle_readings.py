"""Formulas inside the figures about saddle counts against SciPy's."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from stationary.figures import saddles_index_loss, saddles_sampling


def test_fits_recover_curves_that_they_contain():
    loss = np.linspace(1.0, 4.0, 30)
    law = scipy.stats.semicircular(scale=2.0)
    fits = (
        (saddles_index_loss._fitted_semicircle, law.cdf(-(2.2 - 0.5 * loss))),
        (saddles_index_loss._fitted_power, 0.07 * (loss - 1.0) ** 1.5),
    )
    for fit, index in fits:
        np.testing.assert_allclose(fit(loss, index, loss), index, atol=1e-6)


def test_interval_of_the_entropy_reaches_above_an_undersampled_one():
    """Resamples repeat points: a percentile interval would lie below the sample's own entropy."""
    points = pd.DataFrame({"members": [str(k) for k in range(30)], "trajectory": range(30), "source": "random"})
    found = saddles_sampling.recovered(points, np.log(2516))
    assert found.value == pytest.approx(np.log(30))
    assert found.value < found.low < found.high <= np.log(2516)
