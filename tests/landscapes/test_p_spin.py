"""The glass against its definition summed tuple by tuple, finite differences, JAX, and the known bulk."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

import oracles
from stationary.landscapes.p_spin import DenseGlass, couplings_stream, from_tangent, third_derivative_bound, to_tangent
from stationary.theory import auffinger

EVERY_P = pytest.mark.parametrize("p", [3, 4])


def unit(size, *shape, seed=0):
    points = np.random.default_rng(seed).normal(size=(*shape, size))
    return points / np.linalg.norm(points, axis=-1, keepdims=True)


def loss(tensor):
    """A(x, ..., x) as a JAX function of any point of space."""

    def of(x):
        total = tensor
        for _ in range(tensor.ndim):
            total = total @ x
        return total

    return of


@EVERY_P
def test_energy_is_the_sum_over_the_couplings(p):
    """Over all ordered tuples, each of m orders carrying 1 / sqrt(m) of the normal of its sorted tuple."""
    size, draws = 3, [0, 7]
    points = unit(size, 2, 2)
    energy = DenseGlass.of_draws(1, p, size, draws).contract(points).energy()
    sorted_tuples = list(itertools.combinations_with_replacement(range(size), p))
    orders = {one: set(itertools.permutations(one)) for one in sorted_tuples}
    for draw, place in itertools.product(range(2), range(2)):
        stream, w = couplings_stream(1, p, size, draws[draw]), points[draw, place] * np.sqrt(size)
        total = 0.0
        for one in sorted_tuples:
            coupling = stream.standard_normal() / np.sqrt(len(orders[one]))
            total += sum(coupling * w[list(order)].prod() for order in orders[one])
        assert energy[draw, place] == pytest.approx(total * size ** (-(p - 1) / 2) / size, rel=1e-12)


@EVERY_P
def test_tensor_is_symmetric_to_the_last_bit(p):
    tensor = DenseGlass.of_draws(0, p, 4, [3]).tensors[0]
    for order in itertools.permutations(range(p)):
        assert (tensor == tensor.transpose(order)).all()


@EVERY_P
def test_couplings_have_the_law_of_symmetrised_iid_normals(p):
    """The covariance of L / sqrt(N) at two points is (overlap)^p for iid couplings; over 20000 draws of N = 3."""
    size = 3
    pair = unit(size, 2, seed=4)
    glass = DenseGlass.of_draws(0, p, size, range(20_000))
    values = np.sqrt(size) * glass.contract(np.tile(pair, (20_000, 1, 1))).energy()
    normals = values @ np.linalg.inv(np.linalg.cholesky((pair @ pair.T) ** p)).T
    np.testing.assert_allclose(np.cov(normals.T), np.eye(2), atol=0.05)  # five standard errors
    assert scipy.stats.kstest(normals[:, 1], "norm").pvalue > 1e-4


@EVERY_P
def test_derivatives_along_the_sphere_are_jaxs(p):
    """Of L at w, extended from the sphere by normalising w: its derivatives along the sphere are Riemannian."""
    size = 5
    glass, points = DenseGlass.of_draws(2, p, size, [0, 1]), unit(size, 2, 3)
    found = glass.contract(points)
    basis = from_tangent(np.eye(size - 1), points[..., None, :])  # its vectors are rows
    np.testing.assert_allclose(basis @ basis.swapaxes(-1, -2), np.broadcast_to(np.eye(4), (2, 3, 4, 4)), atol=1e-14)

    def both(tensor, w):
        def extended(w):
            return size * loss(tensor)(w / jnp.linalg.norm(w))

        return jax.grad(extended)(w), jax.hessian(extended)(w)

    gradient, hessian = jax.jit(jax.vmap(jax.vmap(both, (None, 0))))(glass.tensors, np.sqrt(size) * points)
    np.testing.assert_allclose(found.gradient() * np.sqrt(size), gradient, atol=1e-12)
    np.testing.assert_allclose(found.gradient_norm(), np.linalg.norm(gradient, axis=-1) / np.sqrt(size), rtol=1e-12)
    np.testing.assert_allclose(to_tangent(found.gradient(), points), np.matvec(basis, found.gradient()), atol=1e-12)
    np.testing.assert_allclose(found.hessian(), basis @ hessian @ basis.swapaxes(-1, -2), atol=1e-12)


@EVERY_P
def test_hessian_is_symmetric_to_the_last_bit(p):
    hessian = DenseGlass.of_draws(0, p, 8, [0]).contract(unit(8, 1, 50)).hessian()
    assert (hessian == hessian.swapaxes(-1, -2)).all()


@EVERY_P
def test_complex_contractions_are_the_polynomials_derivatives(p):
    glass, points = DenseGlass.of_draws(0, p, 4, [2]), unit(4, 3) + 1j * unit(4, 3, seed=1)

    def vector(x):
        return np.matvec(glass.matrix(x[None]), x)[0]

    expected = oracles.central_differences(vector, points) / (p - 1)
    np.testing.assert_allclose(glass.matrix(points[None])[0], expected, atol=1e-8)
    gradient = jax.grad(loss(glass.tensors[0]), holomorphic=True)
    np.testing.assert_allclose(p * vector(points), [gradient(jnp.asarray(x)) for x in points], atol=1e-12)


@EVERY_P
def test_the_bulk_at_an_energy_is_the_shifted_semicircle(p):
    """Moments of the spectrum at random points, whose energies are close to zero, about -p u."""
    size = {3: 100, 4: 30}[p]
    found = DenseGlass.of_draws(0, p, size, [0]).contract(unit(size, 1, 20))
    centre, radius = auffinger.bulk(p, found.energy()[0])
    shifted = np.linalg.eigvalsh(found.hessian()[0]) - centre[:, None]
    assert shifted.mean() == pytest.approx(0.0, abs=0.03 * radius)
    assert (shifted**2).mean() == pytest.approx(radius**2 / 4, rel=0.1)
    assert (shifted**4).mean() == pytest.approx(radius**4 / 8, rel=0.2)


def test_no_hessian_changes_faster_than_the_bound():
    """Per distance in w; a step of a unit vector is longer there by sqrt(N)."""
    size, step = 6, 1e-6
    glass, points = DenseGlass.of_draws(0, 3, size, range(20)), unit(size, 20, 30)
    moves = from_tangent(unit(size - 1, 20, 30, seed=1), points)
    change = 6.0 * (glass.matrix(points + step * moves) - glass.matrix(points))
    assert np.linalg.norm(change, axis=(-2, -1), ord=2).max() < step * np.sqrt(size) * third_derivative_bound(3, size)
