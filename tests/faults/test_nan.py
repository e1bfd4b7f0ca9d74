"""A landscape that breaks off into NaN: the run ends with a code, and the runs beside it are bitwise what they were."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from stationary.landscapes.mlp_regression import mlp_regression
from stationary.methods import critical_point
from stationary.methods.first_order import first_order
from stationary.methods.gauss_newton import gauss_newton, levenberg_marquardt
from stationary.methods.newton import newton
from stationary.methods.polish import polish
from stationary.methods.quasi_newton import minimize
from stationary.methods.refine import refine
from stationary.methods.result import Stopping
from stationary.methods.shifted_newton import damped_newton, saddle_free_newton
from stationary.methods.steepest_descent import steepest_descent
from stationary.methods.truncated_newton import truncated_newton
from stationary.termination import Termination

STOPPING = Stopping(max_iterations=15, budget=1e4)
BROKEN = 1
"""The run of the stack whose landscape breaks off; the others' does not."""


@dataclass(frozen=True)
class Cracked:
    """A landscape some of whose answers are NaN for some replicas farther than ``reach`` from their starts."""

    whole: object
    starts: np.ndarray
    reach: np.ndarray
    missing: tuple[str, ...]

    def __getattr__(self, name):
        answer = getattr(self.whole, name)
        if name not in ("value", "gradient", "value_and_gradient", "hessian", "hvp", "residual_and_jacobian"):
            return answer

        def cracked(theta, *more):
            away = np.linalg.norm(np.asarray(theta) - self.starts, axis=1) > self.reach
            found = answer(theta, *more)
            both = {"value_and_gradient": ("value", "gradient"), "residual_and_jacobian": ("value", "hessian")}.get(name)
            if both is None:
                return self._holed(found, away, name)
            return tuple(self._holed(part, away, kind) for part, kind in zip(found, both, strict=True))

        return cracked

    def take(self, replicas):
        kept = {name: getattr(self, name)[replicas] for name in ("starts", "reach")}
        return replace(self, whole=self.whole.take(replicas), **kept)

    def _holed(self, values, away, kind):
        kind = "hessian" if kind == "hvp" else kind
        hole = away.reshape(-1, *[1] * (values.ndim - 1)) & (kind in self.missing)
        return np.where(hole, np.nan, values)


def landscapes(missing, reach):
    x = np.linspace(0, 1, 21)
    targets = np.sin(2 * np.pi * x) * np.array([[1.0], [2.0], [3.0]])
    whole = mlp_regression(x, targets, hidden=(3,))
    starts = np.random.default_rng(2).uniform(-1, 1, size=(3, whole.n_parameters))
    far = np.full(3, np.inf)
    here = Cracked(whole, starts, far, missing)
    return here, replace(here, reach=np.where(np.arange(3) == BROKEN, reach, far)), starts


METHODS = {
    **{f"newton {rule}": (newton, {"step_rule": rule}) for rule in ("unit", "damped", "gradient_search", "loss_search")},
    "newton flipped": (newton, {"step_rule": "loss_search_flipped"}),
    "damped newton": (damped_newton, {}),
    "saddle-free newton": (saddle_free_newton, {}),
    "truncated newton": (truncated_newton, {}),
    "gauss-newton": (gauss_newton, {}),
    "levenberg-marquardt": (levenberg_marquardt, {}),
    "steepest descent": (steepest_descent, {}),
    **{name: (minimize, {"method": name}) for name in ("BFGS", "L-BFGS-B", "CG", "trust-krylov")},
    "gradient-norm minimisation": (critical_point.gradient_norm_minimisation, {}),
    "finder damped newton": (critical_point.damped_newton, {}),
    "newton-mr": (critical_point.newton_mr, {}),
    "newton-mr, truncated": (critical_point.newton_mr, {"products": 5}),
}
HOLES = [("value",), ("gradient",), ("hessian",), ("value", "gradient", "hessian")]


@pytest.mark.parametrize("reach", [-1.0, 0.0, 0.3], ids=["from the start", "from the first step", "on the way"])
@pytest.mark.parametrize("missing", HOLES, ids=" ".join)
@pytest.mark.parametrize("name", METHODS)
def test_a_run_into_nan_ends_with_a_code_and_leaves_the_others_alone(name, missing, reach):
    method, options = METHODS[name]
    whole, cracked, starts = landscapes(missing, reach)
    expected, result = (method(landscape, starts, STOPPING, **options) for landscape in (whole, cracked))
    others = np.arange(3) != BROKEN
    np.testing.assert_array_equal(result.theta[others], expected.theta[others])
    np.testing.assert_array_equal(result.iterations[others], expected.iterations[others])
    assert list(result.termination[others]) == list(expected.termination[others])
    assert isinstance(result.termination[BROKEN], Termination)
    end = cracked.take(np.array([BROKEN])).gradient(result.theta[BROKEN : BROKEN + 1])
    if result.termination[BROKEN] == Termination.CONVERGED:
        assert np.isfinite(end).all()
    if reach < 0 and missing != ("hessian",):
        assert result.termination[BROKEN] != Termination.CONVERGED


def test_exact_newton_that_steps_into_nan_has_diverged():
    _, cracked, starts = landscapes(HOLES[-1], 0.0)
    result = newton(cracked, starts, STOPPING)
    assert (result.termination[BROKEN], result.iterations[BROKEN]) == (Termination.DIVERGED, 1)


@pytest.mark.parametrize("missing", HOLES, ids=" ".join)
@pytest.mark.parametrize("reach", [-1.0, 0.0, 0.3])
def test_polishing_and_refining_survive_it(missing, reach):
    whole, cracked, starts = landscapes(missing, reach)
    others = np.arange(3) != BROKEN
    expected, result = (polish(landscape, starts, max_iterations=60) for landscape in (whole, cracked))
    np.testing.assert_array_equal(result.theta[others], expected.theta[others])
    assert isinstance(result.termination[BROKEN], Termination)
    np.testing.assert_array_equal(refine(cracked, starts)[others], refine(whole, starts)[others])


@pytest.mark.tensorflow
@pytest.mark.parametrize("method", ["gradient_descent", "adam"])
def test_keras_runs_beside_one_that_is_nan_go_on(method):
    whole, _, starts = landscapes((), np.inf)
    expected = first_order(whole.whole, starts, STOPPING, method=method)
    holed = starts.copy()
    holed[BROKEN, 0] = np.nan
    result = first_order(whole.whole, holed, STOPPING, method=method)
    others = np.arange(3) != BROKEN
    np.testing.assert_array_equal(result.theta[others], expected.theta[others])
    assert result.termination[BROKEN] == Termination.DIVERGED
