import numpy as np
import pytest
import scipy.optimize
import scipy.signal

from stationary.config.convexity import ConvexitySettings
from stationary.experiments import convexity_blocks, convexity_curves, convexity_networks, convexity_series
from stationary.experiments.convexity_trials import inertia, trials

CASES = [
    case
    for cases in (
        convexity_blocks.blocks,
        convexity_blocks.products,
        convexity_blocks.likelihoods,
        convexity_blocks.radial_bases,
    )
    for case in cases()
]
SMALL = ConvexitySettings(trials=1000, points=200, series=20, starts=5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.claim} {case.name}")
def test_trials_find_what_the_mathematics_says(case):
    """A9, and A13 with free centres, are false: trials that do not refute them are broken."""
    for row in trials(case, 1000, 0):
        assert (row["violations"] > 0) == (row["expected"] == "some"), row


@pytest.mark.parametrize("block", convexity_blocks.curved_blocks(), ids=lambda block: block.name)
def test_closed_hessians_are_differences_of_the_blocks(block):
    functions = {case.name: case.function for case in convexity_blocks.blocks()}
    function = functions[block.name] if block.name != "Ax in (A, x)" else lambda x, _: (x[:, :3] * x[:, 3:]).sum(axis=1)
    point, step = np.random.default_rng(1).standard_normal(block.n_parameters), 1e-4
    moves = step * np.eye(block.n_parameters)

    def at(a, b):
        return np.array([[function((point + a * one + b * two)[None], None)[0] for two in moves] for one in moves])

    numeric = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step**2)
    np.testing.assert_allclose(block.hessian(point[None])[0], numeric, atol=2e-6)
    for row in inertia("A8", block.name, block, 500, 0, block.expected, block.terms):
        assert (row["violations"] > 0) == (row["expected"] == "some"), row


def test_convolution_is_numpys():
    stream = np.random.default_rng(0)
    kernel, signal = stream.standard_normal((2, 3)), stream.standard_normal((2, 6))
    expected = [np.convolve(k, x, mode="valid") for k, x in zip(kernel, signal, strict=True)]
    np.testing.assert_allclose(convexity_blocks._convolution(kernel, signal), expected, atol=1e-14)


@pytest.mark.parametrize("coefficients", [[0.4], [-1.3], [0.5, -0.2]])
def test_residuals_are_those_of_the_inverse_filter(coefficients):
    series = np.random.default_rng(2).standard_normal(30)
    residuals = scipy.signal.lfilter([1.0], [1.0, *coefficients], series)
    ours = convexity_series.sum_of_squares(series, np.array(coefficients))
    assert float(ours) == pytest.approx(float((residuals**2).sum()), rel=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_the_invertible_region_has_its_roots_outside_of_the_circle(order):
    points = convexity_series.invertible(np.random.default_rng(0), 300, order)
    assert min(np.abs(np.roots([*b[::-1], 1.0])).min() for b in points) > 1.0
    # As much of each half: the draw is uniform.
    assert abs((points[:, 0] > 0).mean() - 0.5) < 0.1


def test_moving_averages_break_convexity():
    settings = ConvexitySettings(trials=4000, series=100)
    found = {row["case"]: row for row in convexity_series.rows(settings, 1)}
    assert all(row["units"] == 100 for row in found.values())
    assert found["MA(1), R^q"]["violations"] > 0
    assert found["MA(2), R^q"]["violations"] > 0


def test_linear_networks_are_refuted_and_zero_is_a_saddle():
    """At zero the Hessian couples two layers of weights by C = -Y^T X / (S outputs), once per hidden unit."""
    for name, network in convexity_networks.linear_networks(SMALL, 1).items():
        (row,) = trials(convexity_networks.case("A3", name, network, {"jensen": "some"}), 1000, 1)
        assert row["violations"] > 0
    given = convexity_networks.data(SMALL.samples, 1)
    singular = np.linalg.svd(given.target.T @ given.x / given.target.size, compute_uv=False)
    gradient, low, high = convexity_networks.origin(SMALL, 1)["2 layers of weights"]
    assert gradient == 0
    assert (-low, high) == pytest.approx((singular[0], singular[0]), rel=1e-12)


def test_models_without_hidden_units_have_one_loss():
    ends = list(convexity_networks.descents(SMALL, 1))
    assert all(row["termination"] == "converged" for row in ends)
    for name, model in convexity_networks.linear_models(SMALL, 1).items():
        theirs = scipy.optimize.minimize(
            lambda theta, net=model: float(net.value(theta[None])[0]), np.zeros(model.n_parameters)
        )
        ours = [row["loss"] for row in ends if row["case"] == name]
        assert np.ptp(ours) < 1e-14
        assert ours[0] == pytest.approx(theirs.fun, abs=1e-9)
    assert all(row["distance"] < 1e-6 for row in ends if row["claim"] == "A7")


def test_extrema_of_one_variable():
    curves = {}
    for row in convexity_curves.rows(SMALL, 1):
        curves.setdefault(row["case"], []).append(row["reference"])
    assert [convexity_curves.extrema(np.array(curves[name])) for name in ("x^2", "-x^2", "sin x")] == [1, 1, 20]
