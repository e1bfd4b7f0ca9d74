"""Deep networks with vector outputs against JAX, differences, and the closed forms of the linear network."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import oracles
from stationary.landscapes import deep_curvature, deep_network
from stationary.landscapes.deep_network import DeepNetwork
from stationary.landscapes.output_losses import CrossEntropy, SquaredError, one_hot
from stationary.landscapes.protocol import Landscape

SETTINGS = {
    "entropy": {"hidden": (4, 3), "activation": "swish", "l2": 1e-2},
    "squares": {"hidden": (3, 4, 2), "activation": "tanh", "biases": False},
    "shallow": {"hidden": (5,), "activation": "softplus"},
}


@cache
def problem(name):
    """Landscape, theta [3, P], vector [3, P]."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(25, 5)), rng.integers(0, 4, size=25)
    loss = CrossEntropy(labels, 4) if name == "entropy" else SquaredError(rng.normal(size=(25, 3)))
    landscape = DeepNetwork(x, loss, **SETTINGS[name])
    return landscape, *rng.normal(size=(2, 3, landscape.n_parameters))


def outputs(net, theta):
    """[S, C], written once more from the layout."""
    h = jnp.asarray(net.x)
    for block in net.layout:
        kernel = theta[block.offset : block.offset + block.size].reshape(block.shape)
        z = h @ kernel[:, :-1].T + kernel[:, -1] if net.biases else h @ kernel.T
        h = oracles.ACTIVATIONS[net.activation](z)
    return z


def plain_loss(net):
    def value(theta, _=None):
        z = outputs(net, theta)
        if isinstance(net.loss, CrossEntropy):
            loss = -jnp.mean(jax.nn.log_softmax(z, axis=1)[jnp.arange(len(z)), net.loss.labels])
        else:
            loss = jnp.mean((z - net.loss.target) ** 2)
        return loss + 0.5 * net.l2 * jnp.sum(theta**2)

    return value


@pytest.fixture(params=SETTINGS)
def case(request):
    return problem(request.param)


def assert_close(ours, reference, tolerance=1e-12):
    assert np.abs(ours - reference).max() <= tolerance * np.abs(reference).max()


def test_value_gradient_hessian_and_product_are_those_of_jax(case):
    landscape, theta, vector = case
    value, gradient, hessian = oracles.differentiate(plain_loss(landscape), theta, np.zeros((3, 1)))
    assert isinstance(landscape, Landscape)
    assert_close(landscape.value(theta), value)
    assert_close(landscape.value_and_gradient(theta)[0], value)
    assert_close(landscape.gradient(theta), gradient)
    assert_close(landscape.hessian(theta), hessian)
    assert_close(landscape.hvp(theta, vector), np.matvec(hessian, vector))


def test_hessian_is_the_difference_of_gradients(case):
    landscape, theta, _ = case
    moves = 1e-5 * np.eye(theta.shape[1])
    difference = (landscape.gradient(theta[0] + moves) - landscape.gradient(theta[0] - moves)) / 2e-5
    assert_close(landscape.hessian(theta[:1])[0], difference, 1e-7)


def test_hessian_is_symmetric_to_the_last_bit(case):
    landscape, theta, _ = case
    hessian = landscape.hessian(theta)
    np.testing.assert_array_equal(hessian, hessian.swapaxes(1, 2))


def test_a_replica_does_not_depend_on_its_stack(case, monkeypatch):
    landscape, theta, vector = case
    alone = [landscape.gradient(theta[1:2]), landscape.hessian(theta[1:2]), landscape.hvp(theta[1:2], vector[1:2])]
    monkeypatch.setattr(deep_network, "CHUNK_BYTES", 2 * landscape._working_bytes())
    together = [landscape.gradient(theta), landscape.hessian(theta), landscape.hvp(theta, vector)]
    for one, all_ in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one[0], all_[1])


def test_samples_may_be_added_up_in_chunks(case, monkeypatch):
    landscape, theta, _ = case
    whole = landscape.hessian(theta)
    monkeypatch.setattr(deep_curvature, "CHUNK_BYTES", 10_000)
    assert_close(landscape.hessian(theta), whole, 1e-14)


def test_the_gradient_scale_is_that_of_jaxs_jacobian(case):
    landscape, theta, _ = case
    jacobian = jax.jit(jax.vmap(jax.jacfwd(lambda point: outputs(landscape, point))))(theta)
    entropy = isinstance(landscape.loss, CrossEntropy)
    at_zero = 0.25 - np.eye(4)[landscape.loss.labels] if entropy else 2 / 3 * landscape.loss.target
    of_loss = np.sqrt((at_zero**2).sum(axis=1).mean())
    expected = np.sqrt((np.asarray(jacobian) ** 2).sum(axis=(2, 3)).mean(axis=1)) * of_loss
    np.testing.assert_allclose(landscape.gradient_scale(theta), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["squares", "shallow"])
def test_residuals_and_jacobian_make_loss_and_gradient(name):
    landscape, theta, _ = problem(name)
    residual, jacobian = landscape.residual_and_jacobian(theta)
    value, gradient = landscape.value_and_gradient(theta)
    np.testing.assert_allclose(0.5 * (residual**2).sum(axis=1), value, rtol=1e-13)
    np.testing.assert_allclose(np.matvec(jacobian, residual), gradient, atol=1e-13)
    scale = np.sqrt((jacobian**2).sum(axis=(1, 2)) * landscape.target_square())
    np.testing.assert_allclose(landscape.gradient_scale(theta), scale, rtol=1e-13)


def test_cross_entropy_has_no_residuals():
    landscape, theta, _ = problem("entropy")
    with pytest.raises(TypeError, match="SquaredError"):
        landscape.residual_and_jacobian(theta)


@pytest.mark.parametrize("name", ["entropy", "squares"])
def test_other_array_namespaces_give_the_value(name):
    landscape, theta, _ = problem(name)
    value = jax.jit(lambda stack: landscape.value(stack, jnp))(theta)
    assert_close(np.asarray(value), landscape.value(theta), 1e-14)


def linear(samples=50, inputs=5, middle=2):
    """A linear network of one hidden layer without biases, its A, B and second moments."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(samples, inputs))
    y = x @ rng.normal(size=(inputs, 3)) + rng.normal(size=(samples, 3))
    landscape = DeepNetwork(x, SquaredError(y), (middle,), activation="identity", biases=False)
    return landscape, x.T @ x / samples, y.T @ x / samples


def test_linear_network_has_the_quadratic_form_of_the_closed_form():
    """d2 E|y - BAx|^2 / 3 along (dA, dB), with M = BA: 2 tr(dM Sxx dM') - 4 tr((Syx - M Sxx)' dB dA), a third of it."""
    landscape, sxx, syx = linear()
    theta, moves = np.random.default_rng(2).normal(size=(2, 20, landscape.n_parameters))
    hessian = landscape.hessian(theta)
    for point, move, ours in zip(theta, moves, np.einsum("ri,rij,rj->r", moves, hessian, moves), strict=True):
        (a, da), (b, db) = ([v[:10].reshape(2, 5) for v in (point, move)], [v[10:].reshape(3, 2) for v in (point, move)])
        dm = db @ a + b @ da
        expected = (2 * np.trace(dm @ sxx @ dm.T) - 4 * np.trace((syx - b @ a @ sxx).T @ db @ da)) / 3
        assert ours == pytest.approx(expected, rel=1e-10)


def test_linear_network_has_the_index_and_nullity_of_baldi_and_hornik():
    """Onto the second of three eigenvectors: 1 + (p - m)(d_y - m) negative, m^2 + (p - m)(d_x - d_y + 2 m) zero eigenvalues."""
    landscape, sxx, syx = linear()
    eigenvalues, vectors = np.linalg.eigh(syx @ np.linalg.solve(sxx, syx.T))
    chosen = vectors[:, 1:2]
    a = np.concatenate([chosen.T @ syx @ np.linalg.inv(sxx), np.zeros((1, 5))])
    theta = np.concatenate([a.ravel(), np.concatenate([chosen, np.zeros((3, 1))], axis=1).ravel()])[None]
    value, gradient = landscape.value_and_gradient(theta)
    assert np.abs(gradient).max() < 1e-13
    assert value[0] == pytest.approx(((landscape.loss.target**2).sum(axis=1).mean() - eigenvalues[1]) / 3)
    spectrum = np.linalg.eigvalsh(landscape.hessian(theta)[0])
    assert [(spectrum < -1e-10).sum(), (np.abs(spectrum) < 1e-10).sum()] == [3, 5]


def test_structural_directions_are_null_to_rounding():
    """A constant input, and the softmax shift of three units and the bias."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(30, 4))
    x[:, 1] = 0.5
    landscape = DeepNetwork(x, CrossEntropy(rng.integers(0, 3, size=30), 3), (5, 3), activation="swish")
    theta = rng.normal(size=(2, landscape.n_parameters))
    basis = landscape.structural_basis(theta[0])
    assert landscape.n_structural(theta).tolist() == [5 + 4] * 2 == [basis.shape[1]] * 2
    np.testing.assert_allclose(basis.T @ basis, np.eye(9), atol=1e-14)
    assert np.abs(landscape.hessian(theta) @ basis).max() < 1e-14
    assert np.abs(landscape.gradient(theta) @ basis).max() < 1e-14


def test_the_error_counts_misclassified_samples():
    labels = np.array([0, 1, 1, 2])
    loss = CrossEntropy(labels, 3)
    assert loss.error(one_hot(labels, 3).T[None]).tolist() == [0.0]
    assert loss.error(np.eye(3)[[0, 0, 0, 0]].T[None]).tolist() == [0.75]
    assert np.isnan(SquaredError(np.zeros((4, 3))).error(np.zeros((1, 3, 4)))).all()
