"""Certificates hold at critical points, fail away from them, and bound what they claim to bound."""

import numpy as np
import pytest

from stationary import seeds
from stationary.landscapes.p_spin import DenseGlass
from stationary.methods import complex_classes, sphere_newton
from stationary.methods.certificates import ALPHA, certify


@pytest.fixture(scope="module", params=[(3, 5), (4, 4)])
def found(request):
    p, size = request.param
    tensors = DenseGlass.of_draws(4, p, size, range(4))
    classes = complex_classes.find(tensors, [seeds.generator(0, "test/certificates", "", draw) for draw in range(4)])
    return tensors, complex_classes.real_pairs(tensors, classes)


def test_every_critical_point_is_certified_with_the_index_of_its_hessian(found):
    tensors, pairs = found
    certificates = certify(tensors, pairs.points, pairs.present)
    assert certificates.certified[pairs.present].all()
    index = (np.linalg.eigvalsh(tensors.contract(pairs.points).hessian()) < 0).sum(axis=-1)
    assert (certificates.index == index)[pairs.present].all()


def test_a_perturbed_point_is_within_two_beta_of_the_zero_while_alpha_is_small(found):
    tensors, pairs = found
    generator = np.random.default_rng(0)
    for size in (1e-3, 1e-5, 1e-8):
        moved = pairs.points + size * generator.standard_normal(pairs.points.shape)
        moved /= np.linalg.norm(moved, axis=-1, keepdims=True)
        certificates = certify(tensors, moved, pairs.present)
        proved = pairs.present & (certificates.alpha < ALPHA)
        distance = np.linalg.norm(moved - pairs.points, axis=-1)
        assert (distance <= 2 * certificates.beta)[proved].all()
        assert proved.any()
    assert proved.sum() > 0.9 * pairs.present.sum()


def test_a_point_that_is_not_critical_is_not_certified(found):
    tensors, pairs = found
    points = np.random.default_rng(1).standard_normal(pairs.points.shape)
    points /= np.linalg.norm(points, axis=-1, keepdims=True)
    assert not certify(tensors, points, pairs.present).certified.any()


def test_a_point_listed_twice_is_not_distinct_nor_is_its_antipode(found):
    tensors, pairs = found
    points, present = pairs.points.copy(), pairs.present.copy()
    points[0, 1], points[1, 1] = points[0, 0], -points[1, 0]
    certificates = certify(tensors, points, present)
    assert not certificates.distinct[:2, :2].any()
    assert certificates.distinct[2:][present[2:]].all()


def test_gamma_bounds_newtons_contraction(found):
    """From an approximate zero Newton's steps at least halve the exponent of 1/2: the next distance is at most half."""
    tensors, pairs = found
    moved = pairs.points + 1e-4
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True)
    proved = pairs.present & (certify(tensors, moved, pairs.present).alpha < ALPHA)
    before = np.linalg.norm(moved - pairs.points, axis=-1)
    after = np.linalg.norm(sphere_newton.step(tensors, tensors.contract(moved)).points - pairs.points, axis=-1)
    assert (after <= 0.5 * before + 1e-15)[proved].all()


def borders(tensor, energy, points):
    """F, DF, D^2 F / 2 and D^3 F / 6 of one point in (s, u), written out; derivatives by differences, exact for a cubic."""
    p, size = tensor.ndim, tensor.shape[0]

    def function(x):
        image = tensor
        for _ in range(p - 1):
            image = image @ x[:size]
        return np.append(image - x[size] * x[:size], 0.5 * (1.0 - x[:size] @ x[:size]))

    def differences(f, order):
        if order == 0:
            return f
        lower = differences(f, order - 1)
        return lambda x: np.stack([0.5 * (lower(x + e) - lower(x - e)) for e in np.eye(size + 1)], axis=-1)

    x = np.append(points, energy)
    third = differences(function, 3)(x)
    # A central difference at distance one of a cubic is off by a sixth of its own third derivative.
    diagonal = np.stack(
        [function(x + 2 * e) - 2 * function(x + e) + 2 * function(x - e) - function(x - 2 * e) for e in np.eye(size + 1)],
        axis=-1,
    )
    first = differences(function, 1)(x) - diagonal / 12.0
    return function(x), first, differences(function, 2)(x) / 2.0, third / 6.0


def test_alpha_is_beta_times_gamma_of_the_system_written_out(found):
    tensors, pairs = found
    moved = pairs.points[:, 0] + 1e-3
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True)
    certificates = certify(tensors, moved[:, None], np.ones((4, 1), dtype=bool))
    energy = tensors.contract(moved[:, None]).energy()[:, 0]
    for draw in range(4):
        value, first, second, third = borders(tensors.tensors[draw], energy[draw], moved[draw])
        n, inverse = len(value), np.linalg.inv(first)
        beta = np.linalg.norm(inverse @ value)
        gamma = np.linalg.norm(inverse @ second.reshape(n, -1), 2)
        gamma = max(gamma, np.sqrt(np.linalg.norm(inverse @ third.reshape(n, -1), 2)))
        assert certificates.beta[draw, 0] == pytest.approx(beta, rel=1e-6)
        assert certificates.alpha[draw, 0] == pytest.approx(beta * gamma, rel=1e-6)


def test_an_index_is_certain_only_where_no_eigenvalue_changes_sign_within_reach(found):
    tensors, pairs = found
    generator = np.random.default_rng(3)
    moved = pairs.points + 0.02 * generator.standard_normal(pairs.points.shape)
    moved /= np.linalg.norm(moved, axis=-1, keepdims=True)
    certificates = certify(tensors, moved, pairs.present)
    index = (np.linalg.eigvalsh(tensors.contract(pairs.points).hessian()) < 0).sum(axis=-1)
    certain = pairs.present & certificates.index_certain
    assert 0 < certain.sum() < pairs.present.sum()
    assert (certificates.index == index)[certain].all()
