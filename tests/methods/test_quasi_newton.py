import numpy as np
import pytest

from stationary.landscapes.mlp_regression import mlp_regression
from stationary.methods.quasi_newton import minimize
from stationary.methods.result import Stopping

X = np.linspace(0, 1, 21)
TARGETS = np.sin(2 * np.pi * X) * np.array([[1.0], [2.0], [3.0]])


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG", "trust-krylov"])
def test_each_run_is_reported_whole_with_its_own_target(method):
    landscape = mlp_regression(X, TARGETS, hidden=(3,))
    starts = np.random.default_rng(0).uniform(-1, 1, size=(3, landscape.n_parameters))
    seen, every = [], []
    stopping = Stopping(max_iterations=12, budget=1e4)
    result = minimize(landscape, starts, stopping, method=method, observe=seen.append, wanted=lambda k: k % 3 == 0)
    minimize(landscape, starts, stopping, method=method, observe=every.append)
    assert [set(snapshot.replicas.tolist()) for snapshot in seen] == [{0}, {1}, {2}]
    for run, snapshot in enumerate(seen):
        np.testing.assert_array_equal(snapshot.iteration, np.arange(0, result.iterations[run] + 1, 3))
        np.testing.assert_array_equal(snapshot.theta, every[run].theta[::3])
        moved = np.linalg.norm(np.diff(every[run].theta, axis=0, prepend=starts[run : run + 1]), axis=1)
        np.testing.assert_allclose(snapshot.step_norm, moved[::3], rtol=1e-13)
        own = mlp_regression(X, TARGETS[run], hidden=(3,))
        np.testing.assert_allclose(snapshot.loss, own.value(snapshot.theta), rtol=1e-13)
        np.testing.assert_allclose(snapshot.gradient_norm, np.linalg.norm(own.gradient(snapshot.theta), axis=1), rtol=1e-12)
