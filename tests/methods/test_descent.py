"""Every method that means to descend, crossed with landscapes of known minima."""

import numpy as np
import pytest
import scipy.optimize

from stationary.landscapes.mlp_regression import mlp_regression
from stationary.methods.first_order import first_order
from stationary.methods.gauss_newton import gauss_newton, levenberg_marquardt
from stationary.methods.newton import newton
from stationary.methods.quasi_newton import minimize
from stationary.methods.result import Stopping
from stationary.methods.shifted_newton import damped_newton, saddle_free_newton
from stationary.methods.truncated_newton import truncated_newton
from stationary.termination import Termination
from toys import quadratic, rosenbrock

STOPPING = Stopping(max_iterations=300, budget=3000.0)
SECOND_ORDER = {"damped": damped_newton, "saddle_free": saddle_free_newton, "truncated": truncated_newton}
LEAST_SQUARES = {"gauss_newton": gauss_newton, "levenberg_marquardt": levenberg_marquardt}
SCIPY = ["BFGS", "L-BFGS-B", "CG", "trust-krylov"]


def _scipy(method):
    return lambda landscape, theta, stopping: minimize(landscape, theta, stopping, method=method)


GENERAL = {**SECOND_ORDER, **{name: _scipy(name) for name in SCIPY}}


def _fit(width=4):
    x = np.linspace(0, 1, 31)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x), hidden=(width,))
    return landscape, np.random.default_rng(5).uniform(-1, 1, size=(6, landscape.n_parameters))


@pytest.mark.parametrize("name", GENERAL)
def test_convex_quadratic(name):
    toy, centre = quadratic([0.5, 1.0, 3.0])
    result = GENERAL[name](toy, np.ones((3, 3)), STOPPING)
    np.testing.assert_allclose(result.theta, np.broadcast_to(centre, (3, 3)), atol=1e-5)


@pytest.mark.parametrize("name", GENERAL)
def test_rosenbrock(name):
    result = GENERAL[name](rosenbrock(), np.array([[-1.2, 1.0], [0.0, 2.0]]), STOPPING)
    np.testing.assert_allclose(result.theta, 1.0, atol=1e-4)


@pytest.mark.parametrize("name", [*SECOND_ORDER, *SCIPY])
def test_a_saddle_is_left_downhill(name):
    """From near a saddle every one of them ends lower, where exact Newton would end at it."""
    toy, centre = quadratic([-1.0, 2.0])
    start = centre[None] + 1e-3
    result = GENERAL[name](toy, start, Stopping(max_iterations=3, budget=100.0))
    assert toy.value(result.theta)[0] < toy.value(start)[0]
    assert np.linalg.norm(newton(toy, start, STOPPING).theta - centre) < 1e-12


@pytest.mark.parametrize("name", LEAST_SQUARES)
def test_least_squares_methods_agree_with_minpack(name):
    """Same start, same minimum as SciPy's Levenberg-Marquardt where that minimum is well conditioned."""
    x = np.linspace(0, 1, 31)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x) + 0.5, hidden=(1,), output_bias=True)
    start = np.array([[1.0, -0.5, -1.0, 0.3]])
    result = LEAST_SQUARES[name](landscape, start, STOPPING)
    peer = scipy.optimize.least_squares(
        lambda point: landscape.residual_and_jacobian(point[None])[0][0], start[0], method="lm", xtol=1e-15, ftol=1e-15
    )
    assert landscape.value(result.theta)[0] == pytest.approx(peer.cost, rel=1e-8)


@pytest.mark.parametrize("name", [*GENERAL, *LEAST_SQUARES])
def test_a_fit_lowers_the_loss_and_keeps_to_its_budget(name):
    landscape, starts = _fit()
    stopping = Stopping(max_iterations=40, budget=400.0)
    result = {**GENERAL, **LEAST_SQUARES}[name](landscape, starts, stopping)
    # Undamped Gauss-Newton steps are long and mostly refused: it descends, slowly.
    share = 1.0 if name == "gauss_newton" else 0.5
    assert (landscape.value(result.theta) < share * landscape.value(starts)).all()
    assert (result.cost <= stopping.budget + 2 * landscape.n_parameters * 2).all()
    assert set(result.termination) <= set(Termination)


@pytest.mark.parametrize("name", [*GENERAL, *LEAST_SQUARES])
def test_a_run_is_bitwise_the_same_in_any_stack(name):
    landscape, starts = _fit()
    method = {**GENERAL, **LEAST_SQUARES}[name]
    stopping = Stopping(max_iterations=15, budget=1e4)
    whole = method(landscape, starts, stopping)
    parts = [method(landscape, starts[rows], stopping) for rows in (slice(0, 2), slice(2, 6))]
    np.testing.assert_array_equal(whole.theta, np.concatenate([part.theta for part in parts]))


@pytest.mark.tensorflow
@pytest.mark.parametrize("method", ["adam", "gradient_descent"])
def test_keras_optimizers(method):
    """Adam and descent by their textbook formulas, step by step, and independent of the stack."""
    landscape, starts = _fit()
    steps = 50
    result = first_order(landscape, starts, Stopping(max_iterations=steps, budget=1e6), method=method)
    theta, first, second = starts.copy(), np.zeros_like(starts), np.zeros_like(starts)
    for step in range(1, steps + 1):
        gradient = landscape.gradient(theta)
        if method == "gradient_descent":
            theta = theta - 0.1 * gradient
            continue
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        corrected = 0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        theta = theta - corrected * first / (np.sqrt(second) + 1e-7)
    np.testing.assert_allclose(result.theta, theta, atol=2e-5)  # Keras keeps its constants in single precision
    alone = first_order(landscape, starts[2:4], Stopping(max_iterations=steps, budget=1e6), method=method)
    np.testing.assert_array_equal(result.theta[2:4], alone.theta)
