import numpy as np
from tests.toys import gradient_flat_quartic

from stationary import spectra
from stationary.experiments import saddle_ends


class _Shallow:
    """x^4 - y^2: near the origin the gradient passes the filter long before Newton's steps come to an end."""

    n_parameters = 2

    def take(self, replicas):  # noqa: ARG002
        return self

    def value(self, theta):
        return theta[:, 0] ** 4 - theta[:, 1] ** 2

    def gradient(self, theta):
        return np.stack([4 * theta[:, 0] ** 3, -2 * theta[:, 1]], axis=1)

    def value_and_gradient(self, theta):
        return self.value(theta), self.gradient(theta)

    def hessian(self, theta):
        result = np.zeros((len(theta), 2, 2))
        result[:, 0, 0], result[:, 1, 1] = 12 * theta[:, 0] ** 2, -2.0
        return result

    def gradient_scale(self, theta):
        return np.ones(len(theta))


def test_a_critical_point_carries_the_band_of_how_far_it_may_lie_from_the_true_one():
    """The next step moves x by x / 3, and so the eigenvalue 12 x^2 by 12 x^2 (1 - 4 / 9)."""
    theta = np.array([[1e-3, 0.0]])
    band = [saddle_ends.refined(_Shallow(), theta, np.array([judged])).spectrum.null_band[0] for judged in (True, False)]
    np.testing.assert_allclose(band[0], 12e-6 * 5 / 9, rtol=1e-6)
    np.testing.assert_allclose(band[1], spectra.rounding_band(np.array([[-2.0, 12e-6]]))[0], rtol=1e-12)


def test_a_band_wider_than_the_median_eigenvalue_leaves_the_index_undetermined():
    plain = saddle_ends.found(_Shallow(), np.array([[1e-3, 0.0]]))
    assert plain.columns()["undetermined"] == [False]
    plain.spectrum.null_band[:] = 1.5
    columns = plain.columns()
    assert columns["undetermined"] == [True]
    assert (columns["n_negative"], columns["n_null"]) == ([1], [1])


def test_ends_that_are_not_finite_have_no_counts():
    ends = saddle_ends.found(gradient_flat_quartic(), np.array([[np.nan, 0.0], [-3.0, 0.0]]))
    columns = ends.columns()
    assert columns["n_negative"] == [None, 0]
    assert np.isnan(columns["index"][0])
    assert columns["eigenvalues"][0] == []
    assert ends.of_flatness("flat").tolist() == [False, False]
