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
