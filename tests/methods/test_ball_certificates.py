"""Certificates hold at critical points, fail away from them, and bound what they claim to bound."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx

from stationary import seeds
from stationary.landscapes.p_spin import DenseGlass
from stationary.methods import ball_certificates, complex_classes, sphere_newton
from stationary.methods.ball_certificates import ALPHA, _up, certify


@pytest.fixture(scope="module", params=[(3, 5), (4, 4)])
def found(request):
    p, size = request.param
    tensors = DenseGlass.of_draws(4, p, size, range(4))
    classes = complex_classes.find(tensors, [seeds.generator(0, "test/certificates", "", draw) for draw in range(4)])
    pairs = complex_classes.real_pairs(tensors, classes)
    return tensors, pairs.points * np.sqrt(size), pairs.present


def odeco(size, p):
    """A = sum_i e_i x ... x e_i. Up to sign its critical points are the vectors of zeros and ones, of length one, for p = 3,
    and of zeros and +-1 for p = 4; on m of the axes the Hessian has m - 1 positive eigenvalues and N - m negative ones.
    """
    tensor = np.zeros((1,) + (size,) * p)
    for axis in range(size):
        tensor[(0,) + (axis,) * p] = 1.0
    entries = (0, 1) if p == 3 else (-1, 0, 1)
    signs = np.array([row for row in itertools.product(entries, repeat=size) if next((x for x in row if x), 0) == 1])
    number = (signs != 0).sum(axis=1)
    return DenseGlass(tensor), signs * np.sqrt(size / number)[:, None], size - number


@pytest.mark.parametrize("p", [3, 4])
def test_all_critical_points_of_an_orthogonal_tensor_are_certified_with_their_indices(p):
    glass, points, index = odeco(4, p)
    certificates = certify(glass, points[None], np.ones((1, len(points)), dtype=bool))
    assert len(points) == (15 if p == 3 else 40)  # ((p - 1)^N - 1) / (p - 2): all of them
    assert certificates.certified.all()
    assert certificates.index[0].tolist() == index.tolist()
    assert certificates.beta.max() < 1e-14


def test_every_critical_point_is_certified_with_the_index_of_its_hessian(found):
    tensors, points, present = found
    certificates = certify(tensors, points, present)
    assert certificates.certified[present].all()
    assert not certificates.certified[~present].any()
    index = (np.linalg.eigvalsh(tensors.contract(points / np.sqrt(tensors.size)).hessian()) < 0).sum(axis=-1)
    assert (certificates.index == index)[present].all()


def refined(tensor, point, steps=8):
    """The zero near a point by Newton with 600 bits: w as balls, by LU and not by eigenvectors."""
    p, size = tensor.ndim, tensor.shape[0]
    s = [arb(x) / arb(size).sqrt() for x in point.tolist()]
    u = None
    for _ in range(steps):
        matrix = [[arb(0)] * size for _ in range(size)]
        for place in itertools.product(range(size), repeat=p):
            matrix[place[0]][place[1]] += arb(float(tensor[place])) * math.prod((s[i] for i in place[2:]), start=arb(1))
        image = [sum((a * b for a, b in zip(row, s, strict=True)), start=arb(0)) for row in matrix]
        u = u or sum((a * b for a, b in zip(image, s, strict=True)), start=arb(0))
        value = [a - u * b for a, b in zip(image, s, strict=True)] + [(1 - sum((x * x for x in s), start=arb(0))) / 2]
        jacobian = [[(p - 1) * matrix[i][j] - (u if i == j else 0) for j in range(size)] + [-s[i]] for i in range(size)]
        step = arb_mat([*jacobian, [*(-x for x in s), arb(0)]]).solve(arb_mat(size + 1, 1, value)).entries()
        s, u = [(a - b).mid() for a, b in zip(s, step[:-1], strict=True)], (u - step[-1]).mid()
    assert max(float(abs(one).upper()) for one in step) < 1e-150
    return [x * arb(size).sqrt() for x in s]


def test_the_zero_computed_with_600_bits_lies_within_two_beta(found):
    """Of the points found, where beta is rounding, and of points moved until alpha is almost too large."""
    tensors, points, present = found
    generator = np.random.default_rng(0)
    with ctx.workprec(600):
        zeros = [refined(tensors.tensors[0], points[0, place]) for place in range(3)]
    for moved_by in (0.0, 1e-9, 1e-3):
        moved = points[:1, :3] + moved_by * generator.standard_normal((1, 3, tensors.size))
        certificates = certify(tensors.take(np.array([0])), moved, present[:1, :3])
        for place, zero in enumerate(zeros):
            with ctx.workprec(600):
                square = sum(((arb(x) - z) ** 2 for x, z in zip(moved[0, place].tolist(), zero, strict=True)), start=arb(0))
                near = bool(square.sqrt() <= 2 * arb(float(certificates.beta[0, place])))
            assert near
            assert moved_by > 1e-4 or certificates.alpha[0, place] < ALPHA


def test_a_perturbed_point_is_refused_once_newtons_convergence_is_not_certain(found):
    tensors, points, present = found
    moved = points + 0.1 * np.random.default_rng(1).standard_normal(points.shape)
    certificates = certify(tensors, moved, present)
    assert not (certificates.alpha < ALPHA)[present].any()
    assert not certificates.certified.any()


def test_what_is_no_number_is_refused(found):
    tensors, points, present = found
    broken = points.copy()
    broken[0, 0, 0], broken[1, 0, 1] = np.nan, np.inf
    certificates = certify(tensors, broken, present)
    assert not certificates.certified[[0, 1], 0].any()
    assert certificates.beta[0, 0] == np.inf
    assert certificates.certified[2:][present[2:]].all()


def test_a_point_listed_twice_is_not_distinct_nor_is_its_antipode(found):
    tensors, points, present = found
    points, present = points.copy(), present.copy()
    points[0, 1], points[1, 1] = points[0, 0], -points[1, 0]
    points[2, 1] = points[2, 0] * (1.0 + 4e-16)
    certificates = certify(tensors, points, present)
    assert not certificates.distinct[:3, :2].any()
    assert not certificates.certified[:3, :2].any()
    assert certificates.distinct[3:][present[3:]].all()


def test_a_degenerate_critical_point_is_refused():
    """2 x^3 + 3 x y^2 at x = (1, 0): the energy is 2, and 2 A(x, ., .) has the eigenvalue 2 along y too."""
    tensor = np.zeros((1, 2, 2, 2))
    tensor[0, 0, 0, 0] = 2.0
    for place in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        tensor[(0, *place)] = 1.0
    certificates = certify(DenseGlass(tensor), np.sqrt(2.0) * np.array([[[1.0, 0.0]]]), np.ones((1, 1), dtype=bool))
    assert not certificates.certified.any()
    assert not certificates.index_certain.any()


def test_newtons_next_distance_is_at_most_half_where_alpha_is_small(found):
    tensors, points, present = found
    size = tensors.size
    moved = points + 1e-4
    proved = present & (certify(tensors, moved, present).alpha < ALPHA)
    after = sphere_newton.step(tensors, tensors.contract(moved / np.linalg.norm(moved, axis=-1, keepdims=True))).points
    before = np.linalg.norm(moved - points, axis=-1)
    assert (np.linalg.norm(np.sqrt(size) * after - points, axis=-1) <= 0.5 * before + 1e-14)[proved].all()
    assert proved.any()


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


def test_alpha_and_beta_bound_those_of_the_system_written_out_and_not_by_far(found):
    """At points off their sphere, so that its equation counts too."""
    tensors, points, present = found
    size = tensors.size
    moved = points + 1e-3
    certificates = certify(tensors, moved, present)
    energy = tensors.contract(moved / np.sqrt(size)).energy()
    for draw, place in zip(*np.nonzero(present), strict=True):
        value, first, second, third = borders(tensors.tensors[draw], energy[draw, place], moved[draw, place] / np.sqrt(size))
        n, inverse = len(value), np.linalg.inv(first)
        beta = np.linalg.norm(inverse @ value)
        gamma = np.linalg.norm(inverse @ second.reshape(n, -1), 2)
        gamma = max(gamma, np.sqrt(np.linalg.norm(inverse @ third.reshape(n, -1), 2)))
        bound = certificates.beta[draw, place] / np.sqrt(size)
        # The norm of a bilinear map may be less than that of its unfolding, by at most the root of n.
        assert beta <= bound <= 1e3 * beta
        assert gamma / np.sqrt(n) <= certificates.alpha[draw, place] / bound <= 10.0 * gamma


@pytest.mark.parametrize(("distance", "apart"), [(3.9e-3, False), (4.1e-3, True)])
def test_zeros_are_distinct_beyond_twice_the_sum_of_their_betas(distance, apart):
    units = arb_mat(2, 3, [0.5, -0.5 - distance, 0.9, 0.0, 0.0, 0.0])
    distinct = ball_certificates._apart(units, [arb(1e-3), arb(1e-3), arb(1e-9)], np.array([2.0, 0.0]))
    assert distinct.tolist() == [apart, apart, True]


def test_an_index_is_certain_only_where_no_eigenvalue_changes_sign_within_reach(found):
    tensors, points, present = found
    moved = points + 3e-3 * np.random.default_rng(3).standard_normal(points.shape)
    certificates = certify(tensors, moved, present)
    index = (np.linalg.eigvalsh(tensors.contract(points / np.sqrt(tensors.size)).hessian()) < 0).sum(axis=-1)
    certain = present & certificates.index_certain
    assert 0 < certain.sum() < present.sum()
    assert (certificates.index == index)[certain].all()


def test_the_eigenvectors_in_float64_are_a_hint_alone(found, monkeypatch):
    """Rough ones prove the same; wrong ones prove less, never anything else."""
    tensors, points, present = found
    whole, hints = certify(*found), ball_certificates._eigenvectors(tensors, points)
    noise = np.random.default_rng(5).standard_normal(hints.shape)
    for amplitude in (1e-4, 1e-2, 0.1, 1.0):
        monkeypatch.setattr(ball_certificates, "_eigenvectors", lambda *_, amplitude=amplitude: hints + amplitude * noise)
        rough = certify(*found)
        assert (rough.index == whole.index)[rough.index_certain].all()
        assert rough.certified[present].all() or amplitude > 1e-4
    assert not rough.certified.any()


def test_precision_changes_no_verdict(found):
    low, high = (certify(*found, precision=bits) for bits in (64, 256))
    assert (low.certified == high.certified).all()
    assert (low.beta >= high.beta)[found[2]].all()


def test_a_row_does_not_depend_on_the_stack(found):
    tensors, points, present = found
    whole, alone = certify(*found), certify(tensors.take(np.array([2])), points[2:3], present[2:3])
    for name in ("alpha", "beta", "index", "index_certain", "distinct"):
        assert (getattr(whole, name)[2] == getattr(alone, name)[0]).all()


def test_doubles_are_rounded_up():
    for numerator in (1, 2, 5, 7, 10**9 + 7):
        with ctx.workprec(200):
            above = _up(arb(numerator) / 3)
        assert Fraction(numerator, 3) < Fraction(above) <= Fraction(numerator, 3) * (1 + Fraction(1, 2**51))
    assert _up(arb("nan")) == _up(arb.pos_inf()) == math.inf
