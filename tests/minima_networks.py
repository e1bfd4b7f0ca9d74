"""Made networks on made images: tables of points, and what JAX says of them."""

from functools import cache

import jax
import numpy as np

import classifier_oracles
from stationary import tables
from stationary.datasets.images import Images
from stationary.datasets.splits import halves, pooled
from stationary.experiments.minima_tables import POINTS
from stationary.landscapes.mlp_classifier import MLPClassifier

WIDTH, SEED, SPLITS = 3, 4, 2


def images():
    """Eighty points in ten dimensions, ten classes, that overlap."""
    x, labels = classifier_oracles.blobs(samples=80, inputs=10, classes=10, spread=1.0)
    x = x.astype(np.float32)
    return Images(x[:60], labels[:60], x[60:], labels[60:], "digits")


def small_images():
    """A hundred and thirty random images of nine pixels, ten classes that can be learned."""
    generator = np.random.default_rng(0)
    x = generator.random((130, 9), dtype=np.float32)
    y = (x[:, :5].argmax(axis=1) + 5 * (x[:, 5] > 0.5)).astype(np.int64)
    return Images(x[:100], y[:100], x[100:], y[100:], "digits")


def points(data, activation, l2, number=3, lost=False):
    """Random networks on both splits; the last one is not finite if ``lost``."""
    theta = np.random.default_rng(0).normal(size=(number, landscape(data, 0, activation, l2).n_parameters))
    if lost:
        theta[-1, 0] = np.nan
    constant = {"condition": "c", "dataset": "digits", "setting": "tanh_l2", "method": "sgd", "width": WIDTH}
    constant |= {"activation": activation, "l2": l2, "layout": "[]"}
    columns = {name: [value] * number for name, value in constant.items()}
    columns |= {"seed": list(range(number)), "order_group": [0] * number, "split": [i % SPLITS for i in range(number)]}
    return tables.from_columns(columns | {"theta": theta.astype(np.float32)}, POINTS)


def landscape(data, split, activation, l2):
    x, y = pooled(data)
    train = halves(data, SEED, SPLITS)[split][0]
    return MLPClassifier(x[train], y[train], WIDTH, activation, l2)


def jax_eigenvalues(data, row):
    """Norm of the gradient, and the spectrum, at a row's theta on its own split."""
    gradient, hessian = _derivatives(row["activation"], row["l2"])
    own = landscape(data, row["split"], row["activation"], row["l2"])
    theta = np.array(row["theta"], dtype=np.float64)
    samples = (theta, np.asarray(own.x, dtype=np.float64), own.labels)
    return float(np.linalg.norm(gradient(*samples))), np.linalg.eigvalsh(np.asarray(hessian(*samples)))


@cache
def _derivatives(activation, l2):
    """Compiled once: the samples are arguments."""
    layout = landscape(images(), 0, activation, l2).layout

    def value(theta, x, labels):
        return classifier_oracles.loss(layout, x, labels, activation=activation, l2=l2)(theta)

    return jax.jit(jax.grad(value)), jax.jit(jax.hessian(value))
