import numpy as np
import pytest
import scipy.sparse.linalg

from stationary.methods.flatness import measure, minres
from toys import gradient_flat_quartic


@pytest.fixture(scope="module")
def systems():
    generator = np.random.default_rng(0)
    matrices = generator.normal(size=(5, 30, 30))
    return matrices + matrices.swapaxes(1, 2), generator.normal(size=(5, 30))


@pytest.mark.parametrize("iterations", [1, 2, 7, 15])
def test_minres_agrees_with_scipy(systems, iterations):
    hessian, gradient = systems
    step, taken = minres(hessian, gradient, stop=0.0, max_iterations=iterations)
    assert (taken == iterations).all()
    for matrix, side, mine in zip(hessian, gradient, step, strict=True):
        reference, _ = scipy.sparse.linalg.minres(matrix, -side, maxiter=iterations, rtol=1e-16)
        np.testing.assert_allclose(mine, reference, rtol=1e-8, atol=1e-10)


def test_each_run_stops_at_the_first_iterate_below_the_bound(systems):
    hessian, gradient = systems
    step, taken = minres(hessian, gradient, stop=0.05)
    for run in range(5):
        earlier, _ = minres(hessian[run : run + 1], gradient[run : run + 1], stop=0.0, max_iterations=int(taken[run]) - 1)
        size, side = np.linalg.norm(hessian[run]), np.linalg.norm(gradient[run])
        for p, below in ((step[run], True), (earlier[0], False)):
            left = hessian[run] @ p + gradient[run]
            r = np.linalg.norm(left) / (size * np.linalg.norm(p) + side)
            r_h = np.linalg.norm(hessian[run] @ left) / (size * np.linalg.norm(left))
            assert (min(r, r_h) <= 0.05 * (1 + 1e-9)) == below


def test_the_quartics_flat_point_is_flat_and_its_critical_point_is_not():
    toy = gradient_flat_quartic()
    theta = np.array([[np.sqrt(2.0), 0.0], [-3.0, 0.0], [-3.0 + 1e-4, 1e-4], [1.0, 1.0]])
    seen = measure(toy.hessian(theta), toy.gradient(theta), floor=1e-14)
    assert seen.flat.tolist() == [True, False, False, False]
    assert seen.flat_lifted.tolist() == [True, False, False, False]
    assert seen.residual[0] == pytest.approx(1.0)


def test_a_residual_of_rounding_is_not_called_flat():
    hessian = np.diag([1.0, 0.0])[None]
    gradient = np.array([[0.0, 1e-15]])
    assert measure(hessian, gradient).flat[0]
    assert not measure(hessian, gradient, floor=1e-14).flat[0]


def test_a_measurement_does_not_depend_on_the_stack(systems):
    hessian, gradient = systems
    whole, alone = minres(hessian, gradient), minres(hessian[2:3], gradient[2:3])
    np.testing.assert_array_equal(whole[0][2:3], alone[0])
