"""The packed draw against the dense one, and its float32 route against float64."""

import numpy as np
import pytest

from stationary.landscapes import p_spin, three_spin
from stationary.landscapes.three_spin import ThreeSpinGlass


def on_sphere(size, replicas):
    points = np.random.default_rng(0).normal(size=(replicas, size))
    return points * np.sqrt(size) / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize("size", [3, 4, 9])
def test_the_packed_draw_is_the_dense_one(size):
    points = on_sphere(size, 6)
    packed = ThreeSpinGlass(5, size, 2).contract(points)
    dense = p_spin.contract(p_spin.symmetric_tensors(5, 3, size, [2]), points[None])
    for name in ("value", "vector", "matrix"):
        np.testing.assert_allclose(getattr(packed, name), getattr(dense, name)[0], rtol=1e-12, atol=1e-13)
    hessian = packed.hessian()
    assert (hessian == hessian.swapaxes(1, 2)).all()


@pytest.mark.parametrize("chunk", [1, 200, 1 << 18])
def test_the_single_precision_slope_is_the_contraction_whatever_the_chunks(chunk, monkeypatch):
    monkeypatch.setattr(three_spin, "_CHUNK", chunk)
    glass, points = ThreeSpinGlass(0, 20, 0), on_sphere(20, 7)
    slope = glass.slope(np.ascontiguousarray(points.T, dtype=np.float32))
    assert slope.dtype == np.float32
    np.testing.assert_allclose(slope.T, glass.contract(points).vector, atol=5e-6)


def test_draws_differ_and_repeat():
    point = on_sphere(5, 1)
    first, again, other = (ThreeSpinGlass(0, 5, draw).contract(point).value[0] for draw in (0, 0, 1))
    assert first == again != other
