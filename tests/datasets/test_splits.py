import numpy as np
import pytest

from stationary.datasets.images import Images
from stationary.datasets.splits import halves, pooled


def made(name, n_train=31, n_test=10):
    rows = np.arange(n_train + n_test, dtype=np.float32)[:, None]
    labels = np.arange(n_train + n_test) % 10
    return Images(rows[:n_train], labels[:n_train], rows[n_train:], labels[n_train:], name)


@pytest.mark.parametrize(("name", "splits"), [("digits", 1), ("digits", 5), ("mnist", 1), ("mnist", 3)])
def test_parts_are_disjoint_and_exhaustive(name, splits):
    pairs = halves(made(name), 0, splits)
    assert len(pairs) == splits
    for train, test in pairs:
        np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(41))


def test_a_division_is_in_halves_and_depends_on_its_number_alone():
    five, two = halves(made("digits"), 7, 5), halves(made("digits"), 7, 2)
    assert {(train.size, test.size) for train, test in five} == {(20, 21)}
    for one, other in zip(five, two, strict=False):
        np.testing.assert_array_equal(np.concatenate(one), np.concatenate(other))
    assert not np.array_equal(five[0][0], five[1][0])
    assert not np.array_equal(five[0][0], halves(made("digits"), 8, 1)[0][0])


def test_mnists_own_test_set_is_kept_and_shuffled():
    train, test = halves(made("mnist"), 0, 1)[0]
    assert train.max() == 30
    assert sorted(test) == list(range(31, 41))
    assert test.tolist() != sorted(test)


def test_indices_count_the_pooled_rows():
    x, y = pooled(made("digits"))
    np.testing.assert_array_equal(x[:, 0], np.arange(41))
    np.testing.assert_array_equal(y, np.arange(41) % 10)
