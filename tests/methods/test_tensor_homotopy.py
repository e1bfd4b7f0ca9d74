"""Paths against the roots of a polynomial, which N = 2 comes down to, and against the number of classes."""

import numpy as np
import pytest

from stationary import seeds
from stationary.landscapes.small_tensor import glass
from stationary.methods import complex_classes, sphere_newton
from stationary.methods.tensor_homotopy import Tracking, expected_classes, random_start, rescaled, start_points, track


def streams(number, first=0):
    return [seeds.generator(0, "test/homotopy", "", draw) for draw in range(first, first + number)]


@pytest.mark.parametrize("p", [3, 4])
def test_two_spins_have_the_roots_of_the_polynomial(p):
    """A(x, .., x, .) parallel to x at x = (1, r): A(.., e_2) - r A(.., e_1) = 0, a polynomial of degree p in r."""
    tensors = glass(3, p, 2, range(4))
    found = complex_classes.find(tensors, streams(4))
    assert (found.found == p).all()
    pairs = complex_classes.real_pairs(tensors, found)
    for draw in range(4):
        flat = tensors.tensors[draw].reshape(-1, 2)
        ones = [bin(row).count("1") for row in range(2 ** (p - 1))]
        polynomial = np.zeros(p + 1)
        for row, degree in enumerate(ones):
            polynomial[degree] += flat[row, 1]
            polynomial[degree + 1] -= flat[row, 0]
        roots = np.polynomial.polynomial.polyroots(polynomial)
        ratios = found.ends[draw, :, 1] / found.ends[draw, :, 0]
        assert np.abs(ratios[:, None] - roots).min(axis=1).max() < 1e-9
        assert np.abs(ratios[:, None] - roots).min(axis=0).max() < 1e-9
        assert pairs.present[draw].sum() == (np.abs(roots.imag) < 1e-9).sum()


@pytest.mark.parametrize(("p", "size"), [(3, 3), (3, 6), (4, 4)])
def test_all_classes_are_found_and_solve_the_system(p, size):
    tensors = glass(1, p, size, range(5))
    classes = complex_classes.find(tensors, streams(5))
    assert (classes.found == expected_classes(p, size)).all()
    x, mu = classes.ends[..., :-1], classes.ends[..., -1:]
    assert np.abs(np.matvec(tensors.matrix(x), x) - mu * x).max() < 1e-12
    np.testing.assert_allclose(np.linalg.norm(x, axis=-1), 1.0, atol=1e-9)


@pytest.mark.parametrize(("p", "size"), [(3, 5), (4, 4)])
def test_newton_from_many_random_starts_finds_the_same_real_pairs(p, size):
    tensors = glass(2, p, size, range(4))
    pairs = complex_classes.real_pairs(tensors, complex_classes.find(tensors, streams(4)))
    hits = sphere_newton.search(tensors, streams(4, first=9), 600)
    assert hits.pairs.tolist() == pairs.present.sum(axis=1).tolist()
    assert (hits.chao1 >= hits.pairs).all()
    assert (tensors.gradient_norm(pairs.points)[pairs.present] < 1e-12).all()


def test_a_draw_does_not_depend_on_its_neighbours():
    """Every product is made per path, so the numbers are bitwise the same."""
    whole = complex_classes.find(glass(1, 3, 5, range(6)), streams(6))
    alone = complex_classes.find(glass(1, 3, 5, [4]), streams(1, first=4))
    assert (whole.ends[4] == alone.ends[0]).all()


@pytest.mark.parametrize("p", [3, 4])
def test_start_points_solve_the_diagonal_system(p):
    start = random_start(p, 4, streams(2))
    points = start_points(p, start)
    x, mu = points[..., :-1], points[..., -1:]
    assert points.shape[1] == expected_classes(p, 4)
    assert np.abs(start.diagonal[:, None] * x ** (p - 1) - mu * x).max() < 1e-13


@pytest.mark.parametrize("p", [3, 4])
def test_a_new_patch_is_the_same_class_and_direction(p):
    """The derivative of the moved point along a line equals the moved derivative."""
    generator = np.random.default_rng(0)
    z, slope, patch = (generator.standard_normal((1, n)) + 1j * generator.standard_normal((1, n)) for n in (4, 4, 3))
    h = 1e-6
    (ahead, _), (behind, _) = (rescaled(p, z + sign * h * slope, slope, patch) for sign in (1, -1))
    moved, rate = rescaled(p, z, slope, patch)
    np.testing.assert_allclose(rate, (ahead - behind) / (2 * h), rtol=1e-7)
    assert (patch @ moved[0, :3]).item() == pytest.approx(1.0)


def test_a_path_that_fails_is_nan_and_does_not_hurt_the_others():
    tensors, start = glass(1, 3, 4, range(2)), random_start(3, 4, streams(2))
    wanted = np.zeros((2, 15), dtype=bool)
    wanted[1, 3] = True
    ends = track(tensors, start, Tracking(), wanted)
    assert np.isfinite(ends[1, 3]).all()
    assert np.isnan(ends[~wanted]).all()
    assert np.isnan(track(tensors, start, Tracking(max_steps=3))).all()
