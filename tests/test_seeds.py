import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationary import seeds


def draw(stream):
    return stream.uniform(-1.0, 1.0, size=4)


@given(cut=st.integers(1, 19))
def test_a_replica_does_not_depend_on_its_shard(cut):
    whole = seeds.stack(3, "newton/start", "10-tanh", range(20), draw)
    parts = [seeds.stack(3, "newton/start", "10-tanh", part, draw) for part in (range(cut), range(cut, 20))]
    np.testing.assert_array_equal(whole, np.concatenate(parts))


def test_a_replica_does_not_depend_on_the_order():
    forth = seeds.stack(3, "newton/start", "10-tanh", range(5), draw)
    back = seeds.stack(3, "newton/start", "10-tanh", range(4, -1, -1), draw)
    np.testing.assert_array_equal(forth, back[::-1])


@pytest.mark.parametrize(
    "other",
    [(1, "a", "bc", 0), (0, "ab", "c", 0), (0, "a", "bc", 1), (0, "", "abc", 0), (0, "a,bc", "", 0), (0, "abc", "", 0)],
)
def test_another_name_is_another_stream(other):
    assert seeds.generator(0, "a", "bc", 0).random() != seeds.generator(*other).random()


def test_streams_are_the_same_in_every_release():
    """A change here would silently change every stored table."""
    assert seeds.generator(0, "newton/start", "10-tanh", 7).integers(2**63) == 6_475_243_287_990_244_297


def test_replicas_are_uncorrelated_and_uniform():
    draws = seeds.stack(0, "newton/start", "10-tanh", range(2000), lambda stream: stream.random(2))
    first, second = draws[:, 0], draws[:, 1]
    assert abs(first.mean() - 0.5) < 4 / np.sqrt(12 * 2000)
    for left, right in [(first[:-1], first[1:]), (first, second)]:
        assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(2000)


@pytest.mark.parametrize(("root", "replica"), [(-1, 0), (0, -1)])
def test_negative_numbers_are_refused(root, replica):
    with pytest.raises(ValueError, match="count from 0"):
        seeds.generator(root, "a", "b", replica)
