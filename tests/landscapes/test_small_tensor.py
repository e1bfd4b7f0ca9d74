"""Contractions against the sum over index tuples, derivatives against JAX, scales against random-matrix theory."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.landscapes.small_tensor import couplings, glass, symmetrised, tangent_frame

LETTERS = "abcd"


def unit(generator, *shape):
    points = generator.standard_normal(shape)
    return points / np.linalg.norm(points, axis=-1, keepdims=True)


@pytest.mark.parametrize("p", [3, 4])
def test_energy_is_the_sum_over_ordered_tuples(p):
    size = 3
    x = couplings(5, p, size, [2])[0]
    w = unit(np.random.default_rng(0), size) * np.sqrt(size)
    total = sum(x[one] * np.prod(w[list(one)]) for one in itertools.product(range(size), repeat=p))
    expected = total * size ** (-(p - 1) / 2) / size
    assert glass(5, p, size, [2]).energy(w[None, None] / np.sqrt(size))[0, 0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("p", [3, 4])
def test_gradient_and_hessian_are_those_of_jax_on_the_sphere(p):
    size = 5
    tensors = glass(1, p, size, range(2))
    points = unit(np.random.default_rng(1), 2, 3, size)
    indices = ",".join([LETTERS[:p], *LETTERS[:p]])

    with jax.enable_x64(True):

        @jax.jit
        def derivatives(w, tensor):
            """Of L, extended from the sphere by normalising w: its derivatives along the sphere are Riemannian."""

            def loss(w):
                return size * jnp.einsum(indices, tensor, *[w / jnp.linalg.norm(w)] * p)

            return jax.grad(loss)(w), jax.hessian(loss)(w)

        for draw, row in itertools.product(range(2), range(3)):
            w = points[draw, row] * np.sqrt(size)
            gradient, hessian = map(np.asarray, derivatives(w, tensors.tensors[draw]))
            slope = np.linalg.norm(gradient) / np.sqrt(size)
            assert tensors.gradient_norm(points)[draw, row] == pytest.approx(slope, rel=1e-10)
            frame = tangent_frame(points[draw, row])
            np.testing.assert_allclose(tensors.hessian(points)[draw, row], frame @ hessian @ frame.T, atol=1e-10)


@pytest.mark.parametrize("p", [3, 4])
def test_complex_contraction_is_einsum(p):
    generator = np.random.default_rng(2)
    tensors = glass(0, p, 4, range(2))
    points = generator.standard_normal((2, 3, 4)) + 1j * generator.standard_normal((2, 3, 4))
    path = {3: "dijk,drk->drij", 4: "dijkl,drk,drl->drij"}[p]
    expected = np.einsum(path, tensors.tensors, *[points] * (p - 2))
    np.testing.assert_allclose(tensors.matrix(points), expected, atol=1e-13)


def test_symmetric_part_is_the_mean_over_permutations_to_the_last_bit():
    x = couplings(0, 4, 3, range(2))
    symmetric = symmetrised(x)
    mean = sum(np.transpose(x, (0, *(1 + np.array(axes)))) for axes in itertools.permutations(range(4))) / 24
    np.testing.assert_allclose(symmetric, mean, atol=1e-14)
    for axes in itertools.permutations(range(4)):
        assert (np.transpose(symmetric, (0, *(1 + np.array(axes)))) == symmetric).all()


def test_the_bulk_of_the_hessian_is_the_semicircle_of_the_reference():
    """Mean -p u and variance p (p - 1) of the eigenvalues, to 1 / N."""
    p, size = 3, 40
    tensors = glass(0, p, size, range(3))
    points = unit(np.random.default_rng(3), 3, 4, size)
    eigenvalues = np.linalg.eigvalsh(tensors.hessian(points)) + p * tensors.energy(points)[..., None]
    assert eigenvalues.mean() == pytest.approx(0.0, abs=0.1)
    assert eigenvalues.var() == pytest.approx(p * (p - 1), rel=0.05)
