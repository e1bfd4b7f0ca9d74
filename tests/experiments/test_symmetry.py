import numpy as np
import pytest

from stationary.config.symmetry import SymmetrySettings
from stationary.experiments import symmetry, symmetry_barriers, symmetry_minima, symmetry_orbits
from stationary.experiments.claim_rows import SUMMARY
from stationary.landscapes import symmetries

SMALL = SymmetrySettings(units=3, teacher_units=4, samples=40, starts=6, orbits=5, teachers=2, max_iterations=400)


@pytest.fixture(scope="module")
def found():
    return symmetry.run(SMALL, 1)


@pytest.fixture(scope="module")
def rows(found):
    assert found.summary.schema.equals(SUMMARY)
    return found.summary.to_pandas()


def value(rows, claim, words, case=""):
    mine = rows[(rows["claim"] == claim) & rows["statistic"].str.contains(words) & rows["case"].str.contains(case)]
    assert len(mine) > 0
    return mine["estimate"].to_numpy()


def test_arrived_points_are_minima_of_the_landscape(found):
    mine = found.minima.to_pandas()
    arrived = mine[mine["arrived"] & mine["network"].str.startswith("tanh")]
    theta = np.stack(arrived["theta"].to_list())
    net = symmetry_minima.network("tanh", SMALL, 1)
    assert (np.linalg.norm(net.gradient(theta), axis=1) < 1e-10).all()
    assert (np.linalg.eigvalsh(net.hessian(theta))[:, 0] > 0).all()
    np.testing.assert_allclose(arrived["loss"], net.value(theta), rtol=1e-14)


def test_symmetries_leave_the_loss(rows):
    assert value(rows, "A4", "largest loss difference").max() < 1e-12
    assert value(rows, "B5", "largest spread").max() < 1e-12
    assert value(rows, "B4", "without weight decay").max() < 1e-12
    assert value(rows, "B4", "largest change.*with weight decay").min() > 1e-6
    assert (value(rows, "B3", "distinct points") == 1.0).all()


def test_scale_tangents_are_null_at_loss_zero_and_eigenvectors_with_weight_decay(found):
    """H t = 2 l2 t at a critical point with weight decay, whatever the data."""
    mine = found.tangents.to_pandas()
    zero, decayed = (mine[mine["point"] == point] for point in ("zero_loss", "l2_minimum"))
    assert (zero["null"] == zero["units"]).all()
    critical = decayed[decayed["gradient_norm"] < 1e-9]
    assert len(critical) > 0
    assert (critical["null"] == 0).all()
    norms = critical["null_band"] / (10 * np.finfo(float).eps * np.where(critical["units"] == 3, 16, 28))
    np.testing.assert_allclose(critical["largest"] * norms, 2 * SMALL.l2, rtol=1e-4)


@pytest.mark.parametrize("odd", [True, False])
def test_matching_undoes_a_permutation(odd):
    net = symmetry_minima.network("tanh", SMALL, 1)
    theta = np.random.default_rng(0).standard_normal((1, net.n_parameters))
    twin = symmetries.permuted(net.layout, theta, [np.array([2, 0, 1])])
    if odd:
        twin = symmetries.scaled(net.layout, twin, [np.array([-1.0, 1.0, -1.0])])
    np.testing.assert_array_equal(symmetry_barriers.match(net, theta[0], twin[0], odd=odd), theta)


def test_a_barrier_is_the_top_of_the_line_above_its_ends(found):
    net = symmetry_minima.network("tanh", SMALL, 1)
    for one in found.barriers.to_pylist():
        assert one["barrier"] == pytest.approx(max(one["curve"]) - max(one["curve"][0], one["curve"][-1]), abs=1e-15)
        if one["pair"] == "twin" and one["matched"]:
            assert one["barrier"] < 1e-12
    theta = np.random.default_rng(1).standard_normal((2, net.n_parameters))
    middle = symmetry_barriers.line(net, theta[:1], theta[1:])[0, symmetry_barriers.PLACES // 2]
    assert middle == pytest.approx(net.value(theta.mean(axis=0)[None])[0] / symmetry_minima.trivial_loss(net), rel=1e-12)


def test_values_closer_than_a_hundred_reaches_are_one():
    assert symmetry_minima.distinct_values(np.array([1.0, 1.0 + 99e-12, 2.0]), np.full(3, 1e-12)) == 2
    assert symmetry_minima.distinct_values(np.array([1.0, 1.0 + 101e-12, 2.0]), np.full(3, 1e-12)) == 3
    assert symmetry_minima.distinct_values(np.empty(0), np.empty(0)) == 0


def test_few_pairs_are_not_judged(rows):
    shares = rows[(rows["claim"] == "A4") & rows["statistic"].str.startswith("share")]
    assert not shares["judged"].any()


def test_a_start_does_not_depend_on_how_many_there_are():
    net = symmetry_minima.network("relu", SMALL, 1)
    few, many = (symmetry_minima.random_theta(net, "symmetry/start", "relu", number, 1) for number in (2, 5))
    assert (few == many[:2]).all()


def test_margin_is_the_nearest_kink():
    net = symmetry_minima.network("relu", SMALL, 1)
    theta = np.random.default_rng(4).standard_normal(net.n_parameters)
    first = theta[: net.layout[0].size].reshape(net.layout[0].shape)
    expected = np.abs(net.x @ first[:, :-1].T + first[:, -1]).min()
    assert symmetry_orbits._margin(net, theta) == pytest.approx(expected, rel=1e-12)
