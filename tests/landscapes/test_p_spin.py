"""The glass against its definition summed tuple by tuple, finite differences, JAX, and the known bulk."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

import oracles
from stationary.landscapes import p_spin


def on_sphere(size, *shape, seed=0):
    points = np.random.default_rng(seed).normal(size=(*shape, size))
    return points * np.sqrt(size) / np.linalg.norm(points, axis=-1, keepdims=True)


def loss(tensor):
    """L as a JAX function of any point of space."""

    def of(w):
        total = tensor
        for _ in range(tensor.ndim):
            total = total @ w
        return total

    return of


@pytest.mark.parametrize("p", [3, 4])
def test_energy_is_the_sum_over_all_ordered_tuples(p):
    tensors, points = p_spin.symmetric_tensors(1, p, 3, [0, 7]), on_sphere(3, 2, 2)
    energy = p_spin.contract(tensors, points).energy()
    for draw, point in itertools.product(range(2), range(2)):
        w = points[draw, point]
        total = sum(tensors[draw][i] * np.prod(w[list(i)]) for i in itertools.product(range(3), repeat=p))
        assert energy[draw, point] == pytest.approx(total / 3, abs=1e-14)


@pytest.mark.parametrize("p", [3, 4])
def test_tensor_is_symmetric(p):
    tensor = p_spin.symmetric_tensors(0, p, 4, [3])[0]
    for order in itertools.permutations(range(p)):
        assert (tensor == tensor.transpose(order)).all()


@pytest.mark.parametrize("p", [3, 4])
def test_couplings_have_the_law_of_symmetrised_iid_normals(p):
    """The covariance of L at two points is N (overlap)^p for iid couplings; over 20000 draws of N = 3."""
    size = 3
    pair = on_sphere(size, 2, seed=4)
    tensors = p_spin.symmetric_tensors(0, p, size, range(20_000))
    values = p_spin.contract(tensors, np.broadcast_to(pair, (len(tensors), 2, size))).value
    expected = size * ((pair @ pair.T) / size) ** p
    normals = values @ np.linalg.inv(np.linalg.cholesky(expected)).T
    np.testing.assert_allclose(np.cov(normals.T), np.eye(2), atol=0.05)  # five standard errors
    assert scipy.stats.kstest(normals[:, 1], "norm").pvalue > 1e-4


@pytest.mark.parametrize("p", [3, 4])
def test_derivatives_along_the_sphere_are_jaxs(p):
    """Gradient and Hessian of L(sqrt(N) (w + B y) / |w + B y|) at y = 0: this retraction is of second order."""
    size = 5
    tensors, points = p_spin.symmetric_tensors(2, p, size, [0, 1]), on_sphere(size, 2, 3)
    found = p_spin.contract(tensors, points)
    basis = p_spin.from_tangent(np.eye(size - 1), points[..., None, :]).swapaxes(-1, -2)
    np.testing.assert_allclose(basis.swapaxes(-1, -2) @ basis, np.broadcast_to(np.eye(4), (2, 3, 4, 4)), atol=1e-14)

    def along(y, tensor, point, frame):
        moved = point + frame @ y
        return loss(tensor)(np.sqrt(size) * moved / jnp.linalg.norm(moved))

    def both(tensor, point, frame):
        return jax.grad(along)(jnp.zeros(size - 1), tensor, point, frame), jax.hessian(along)(
            jnp.zeros(size - 1), tensor, point, frame
        )

    gradient, hessian = jax.jit(jax.vmap(jax.vmap(both, (None, 0, 0))))(tensors, points, basis)
    np.testing.assert_allclose(p_spin.to_tangent(found.gradient(), points), gradient, atol=1e-12)
    np.testing.assert_allclose((found.gradient() * points).sum(axis=-1), 0.0, atol=1e-12)
    np.testing.assert_allclose(found.hessian(), hessian, atol=1e-12)


@pytest.mark.parametrize("p", [3, 4])
def test_hessian_is_symmetric_to_the_last_bit(p):
    hessian = p_spin.contract(p_spin.symmetric_tensors(0, p, 8, [0]), on_sphere(8, 1, 50)).hessian()
    assert (hessian == hessian.swapaxes(-1, -2)).all()


@pytest.mark.parametrize("p", [3, 4])
def test_complex_contractions_are_the_polynomials_derivatives(p):
    tensors = p_spin.symmetric_tensors(0, p, 4, [2])
    points = on_sphere(4, 1, 3) + 1j * on_sphere(4, 1, 3, seed=1)
    found = p_spin.contract(tensors, points)

    def vector(w):
        return p_spin.contract(tensors, w[None]).vector[0]

    expected = oracles.central_differences(vector, points[0]) / (p - 1)
    np.testing.assert_allclose(found.matrix[0], expected, atol=1e-8)
    np.testing.assert_allclose(p * found.vector[0], p_spin_gradient(tensors[0], points[0]), atol=1e-12)


def p_spin_gradient(tensor, points):
    holomorphic = jax.grad(lambda w: loss(tensor)(w), holomorphic=True)
    return np.stack([holomorphic(jnp.asarray(w)) for w in points])


@pytest.mark.parametrize("p", [3, 4])
def test_the_bulk_at_an_energy_is_the_shifted_semicircle(p):
    """Moments of the spectrum at random points, whose energies are close to zero, about -p u."""
    size = {3: 100, 4: 30}[p]
    found = p_spin.contract(p_spin.symmetric_tensors(0, p, size, [0]), on_sphere(size, 1, 20))
    centre, radius = p_spin.bulk(p, found.energy()[0])
    shifted = np.linalg.eigvalsh(found.hessian()[0]) - centre[:, None]
    assert shifted.mean() == pytest.approx(0.0, abs=0.03 * radius)
    assert (shifted**2).mean() == pytest.approx(radius**2 / 4, rel=0.1)
    assert (shifted**4).mean() == pytest.approx(radius**4 / 8, rel=0.2)


@pytest.mark.parametrize(("p", "expected"), [(3, 1.632993), (4, 1.732051), (5, 1.788854)])
def test_the_bulk_touches_zero_at_the_published_energy(p, expected):
    assert p_spin.threshold_energy(p) == pytest.approx(expected, abs=5e-7)
    centre, radius = p_spin.bulk(p, -p_spin.threshold_energy(p))
    assert centre == pytest.approx(radius)


def test_no_hessian_changes_faster_than_the_bound():
    size, step = 6, 1e-6
    tensors = p_spin.symmetric_tensors(0, 3, size, range(20))
    points = on_sphere(size, 20, 30)
    moves = p_spin.from_tangent(np.random.default_rng(1).normal(size=(20, 30, size - 1)), points)
    moves *= step / np.linalg.norm(moves, axis=-1, keepdims=True)
    change = 6.0 * (p_spin.contract(tensors, points + moves).matrix - p_spin.contract(tensors, points).matrix)
    assert np.linalg.norm(change, axis=(-2, -1), ord=2).max() < step * p_spin.third_derivative_bound(3, size)
