"""The stacked training against a plain loop over one network, and what it promises about stacks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from stationary.methods.ensemble_measure import measure
from stationary.methods.ensemble_network import Shape, split_blocks, starts
from stationary.methods.ensemble_sgd import Descent, stack_size, train
from stationary.methods.ensemble_steps import pack, unpack

pytestmark = pytest.mark.tensorflow


def _problem(shape, groups, networks, samples=43, seed=0):
    generator = np.random.default_rng(seed)
    x = generator.random((80, shape.inputs), dtype=np.float32)
    y = (x[:, :3].argmax(axis=1) + 3 * (x[:, 3] > 0.5)).astype(np.int64)
    rows = np.stack([generator.permutation(80)[:samples] for _ in range(groups)])
    theta = [[starts(shape, "uniform_fan_in", np.random.default_rng([g, i])) for i in range(networks)] for g in range(groups)]
    return x, y, rows, np.array(theta)


def _orders(groups):
    return [np.random.default_rng(100 + group) for group in groups]


def _loss(shape, theta, x, y, l2=0.0):
    """Mean cross-entropy of one network, written for JAX."""
    size = shape.width * (shape.inputs + 1)
    kernel, output = theta[:size].reshape(shape.width, -1), theta[size:].reshape(10, -1)
    units = kernel[:, :-1] @ x.T + kernel[:, -1:]
    units = jnp.maximum(units, 0) if shape.activation == "relu" else jnp.tanh(units)
    logits = output[:, :-1] @ units + output[:, -1:]
    return -jnp.mean(jax.nn.log_softmax(logits, axis=0)[y, jnp.arange(y.size)]) + 0.5 * l2 * theta @ theta


@pytest.mark.parametrize(
    ("activation", "batch", "l2"), [("relu", 10, 0.0), ("tanh", 10, 1e-2), ("relu", 1, 0.0), ("tanh", 40, 1e-2)]
)
def test_each_network_takes_the_steps_of_a_plain_loop(activation, batch, l2):
    """float64, one network and one minibatch at a time; what is left over after full batches sits the epoch out."""
    shape = Shape(6, 5, activation)
    x, y, rows, theta = _problem(shape, 3, 2)
    epochs, rate, decay = 3, 0.3, 2.0
    end = train(x, y, rows, theta, shape, Descent(batch, epochs, rate, decay, l2), _orders(range(3)))
    with jax.enable_x64(True):
        slope = jax.jit(jax.grad(lambda point, a, b: _loss(shape, point, a, b, l2)))
        for group, stream in enumerate(_orders(range(3))):
            points = theta[group].astype(np.float64)
            steps = rows.shape[1] // batch
            for epoch in range(epochs):
                order = rows[group][stream.permutation(rows.shape[1])]
                for step in range(steps):
                    chosen = order[step * batch : (step + 1) * batch]
                    eta = rate / (1 + (epoch + step / steps) / decay)
                    points = np.stack([p - eta * np.asarray(slope(p, x[chosen], y[chosen])) for p in points])
            np.testing.assert_allclose(end[group], points, atol=2e-5)


@pytest.mark.parametrize(("width", "batch"), [(4, 10), (70, 10), (4, 40), (70, 40)])
def test_a_network_does_not_depend_on_the_block(width, batch):
    """Stacks are filled up to one shape, compiled by XLA or not, so that every block gives the same bits."""
    shape = Shape(6, width)
    x, y, rows, theta = _problem(shape, 5, 16)
    descent = Descent(batch, 4, 0.2, 5.0)
    whole = train(x, y, rows, theta, shape, descent, _orders(range(5)))
    for groups in ([0], [3, 4]):
        part = train(x, y, rows[groups], theta[groups], shape, descent, _orders(groups), of_groups=5)
        np.testing.assert_array_equal(part, whole[groups])


def test_another_stack_size_differs_by_rounding_only():
    shape = Shape(6, 8)
    x, y, rows, theta = _problem(shape, 4, 16)
    descent = Descent(10, 2, 0.2, 5.0)
    one, other = (train(x, y, rows, theta, shape, descent, _orders(range(4)), mem_mb=mb) for mb in (1500, 0.001))
    np.testing.assert_allclose(one, other, atol=2e-5)


def test_networks_of_a_group_share_their_minibatches():
    """Two equal starts end alike inside a group, and not in two groups."""
    shape = Shape(6, 4)
    x, y, rows, theta = _problem(shape, 2, 3)
    theta[:] = theta[0, 0]
    rows[1] = rows[0]
    end = train(x, y, rows, theta, shape, Descent(10, 2, 0.2, 5.0), _orders(range(2)))
    np.testing.assert_array_equal(end[:, 0], end[:, 2])
    assert np.abs(end[0, 0] - end[1, 0]).max() > 1e-4


def test_a_diverging_network_leaves_its_neighbours_alone():
    shape = Shape(6, 4)
    x, y, rows, theta = _problem(shape, 1, 3)
    calm = train(x, y, rows, theta, shape, Descent(10, 2, 0.2, 5.0), _orders(range(1)))
    theta[0, 1] = np.inf
    end = train(x, y, rows, theta, shape, Descent(10, 2, 0.2, 5.0), _orders(range(1)))
    assert not np.isfinite(end[0, 1]).all()
    np.testing.assert_array_equal(end[0, [0, 2]], calm[0, [0, 2]])


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_measures_are_those_of_jax(activation, monkeypatch):
    """Chunks of 20 of 43 samples, so that the last one is filled up."""
    monkeypatch.setattr("stationary.methods.ensemble_measure.CHUNK_UNITS", 20 * 2 * 5)
    shape = Shape(6, 5, activation)
    x, y, rows, theta = _problem(shape, 2, 2)
    found = measure(x, y, rows, theta, shape, gradient=True)
    with jax.enable_x64(True):
        for group in range(2):
            for network, point in enumerate(theta[group].astype(np.float64)):
                loss, slope = jax.value_and_grad(lambda p, g=group: _loss(shape, p, x[rows[g]], y[rows[g]]))(point)
                np.testing.assert_allclose(found.loss[group, network].mean(), loss, rtol=1e-5)
                np.testing.assert_allclose(found.gradient[group, network], slope, atol=1e-6)


def test_measured_errors_are_counted():
    """A network blind to its input says the class of its largest output bias."""
    shape = Shape(6, 5)
    x, y, rows, theta = _problem(shape, 1, 1)
    theta[:] = 0.0
    theta[..., -10 * 6 + 2 * 6 + 5] = 1.0
    np.testing.assert_array_equal(measure(x, y, rows, theta, shape).wrong[0, 0], y[rows[0]] != 2)


@pytest.mark.parametrize("batch", [10, 100])
def test_packing_is_undone_by_unpacking(batch):
    shape = Shape(6, 5)
    theta = np.random.default_rng(0).normal(size=(3, 4, shape.n_parameters)).astype(np.float32)
    np.testing.assert_array_equal(unpack(shape, pack(shape, theta, batch), batch), theta)


def test_starts_have_the_named_spans():
    shape = Shape(100, 25)
    fan_in, cube = (starts(shape, name, np.random.default_rng(0)) for name in ("uniform_fan_in", "unit_cube"))
    hidden, output = split_blocks(shape, fan_in)
    assert 0.099 < np.abs(hidden).max() <= 0.1
    assert 0.19 < np.abs(output).max() <= 0.2
    assert 0.99 < np.abs(cube).max() <= 1.0


def test_stacks_are_whole_groups_within_memory():
    assert stack_size(10, 64, 16, 1500) == 64
    assert stack_size(10, 64, 16, 1.0) == 16
    assert stack_size(25, 64, 1, 1500) == 64
    assert stack_size(10_000, 784, 16, 1500) == 16


@pytest.mark.parametrize(("width", "same"), [(4, "always"), (70, "never")])
def test_xla_compiles_below_its_width_and_changes_rounding_alone(width, same):
    shape = Shape(6, width)
    x, y, rows, theta = _problem(shape, 2, 2)
    ends = {
        xla: train(x, y, rows, theta, shape, Descent(10, 2, 0.2, 5.0), _orders(range(2)), xla=xla)
        for xla in ("never", "auto", "always")
    }
    np.testing.assert_array_equal(ends["auto"], ends[same])
    np.testing.assert_allclose(ends["never"], ends["always"], atol=2e-5)
    assert (ends["never"] != ends["always"]).any()
