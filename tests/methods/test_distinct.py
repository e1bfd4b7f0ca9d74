import numpy as np

from stationary.methods.distinct import labels, projective_keys, signed


def test_keys_ignore_scale_and_tell_points_apart():
    generator = np.random.default_rng(0)
    points = generator.standard_normal((1, 50, 3)) + 1j * generator.standard_normal((1, 50, 3))
    scaled = points * np.exp(1j * generator.uniform(size=(1, 50, 1)))
    keys = np.concatenate([projective_keys(points), projective_keys(scaled)], axis=1)
    found = labels(keys, 1e-9)
    assert (found[0, :50] == found[0, 50:]).all()
    assert sorted(set(found[0].tolist())) == list(range(50))


def test_a_point_and_its_antipode_get_one_sign():
    points = np.random.default_rng(1).standard_normal((20, 4))
    assert (signed(points) == signed(-points)).all()


def test_a_key_of_equal_real_part_does_not_part_two_equal_ones():
    keys = np.array([[1.0 + 1.0j, 1.0 + 1e-13 - 2.0j, 1.0 + 2e-13 + 1.0j, 5.0j, np.nan]])
    found = labels(keys, 1e-9)[0].tolist()
    assert found[0] == found[2] != found[1]
    assert sorted(found) == [-1, 0, 1, 1, 2] or sorted(found) == [-1, 0, 1, 2, 2]


def test_labels_are_those_of_all_pairs_compared():
    generator = np.random.default_rng(2)
    grid = generator.integers(0, 4, (3, 40)) + 1j * generator.integers(0, 4, (3, 40))
    found = labels(grid + 1e-12 * generator.uniform(size=(3, 40)), 1e-9)
    assert ((found[:, :, None] == found[:, None]) == (grid[:, :, None] == grid[:, None])).all()
    assert (found.max(axis=1) + 1 == [len(set(row.tolist())) for row in grid]).all()
