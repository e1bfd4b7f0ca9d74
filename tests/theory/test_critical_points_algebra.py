from collections import Counter

import numpy as np
import pytest
import scipy.optimize

from stationary.landscapes.polynomials import BOUNDED, FRYE_QUARTIC, MONKEY_SADDLE, PLAIN_SADDLE, polynomial_of
from stationary.theory.critical_points_algebra import critical_points

KINDS = {
    "himmelblau": {"minimum": 4, "saddle": 4, "maximum": 1},
    "six_hump_camel": {"minimum": 6, "saddle": 7, "maximum": 2},
    "tilted_double_well": {"minimum": 2, "saddle": 1},
    "plateau": {"minimum": 1, "degenerate": 1},
    "cliffs": {"minimum": 2, "saddle": 1},
}


def places(function):
    return np.array([(point.x, point.y) for point in critical_points(function)])


@pytest.mark.parametrize("name", BOUNDED)
def test_kinds_are_the_known_ones_and_fit_the_index_theorem(name):
    """Minima and maxima less saddles make 1 on a function that grows to infinity in all directions; a shelf adds nothing."""
    kinds = Counter(point.kind for point in critical_points(BOUNDED[name]))
    assert kinds == KINDS[name]
    assert kinds["minimum"] + kinds["maximum"] - kinds["saddle"] == 1


@pytest.mark.parametrize("name", BOUNDED)
def test_a_root_finder_from_many_starts_meets_them_all_and_no_other(name):
    function, known = BOUNDED[name], places(BOUNDED[name])
    starts = known.repeat(8, axis=0) + np.random.default_rng(0).normal(scale=0.4, size=(8 * len(known), 2))
    met = set()
    for start in starts:
        end = scipy.optimize.root(lambda p: function.gradient(p[None])[0], start, jac=lambda p: function.hessian(p[None])[0])
        if np.linalg.norm(end.fun) < 1e-8:
            distance = np.linalg.norm(known - end.x, axis=1)
            assert distance.min() < 0.02  # on the plateau a gradient of 1e-8 is that far off
            met.add(int(distance.argmin()))
    assert met == set(range(len(known)))


def test_published_places():
    minima = np.array([(p.x, p.y) for p in critical_points(BOUNDED["himmelblau"]) if p.kind == "minimum"])
    np.testing.assert_allclose(
        minima, [(-3.779310, -3.283186), (-2.805118, 3.131312), (3.0, 2.0), (3.584428, -1.848127)], atol=1e-6
    )
    assert BOUNDED["six_hump_camel"].value(places(BOUNDED["six_hump_camel"])).min() == pytest.approx(-1.0316284535, abs=1e-9)


@pytest.mark.parametrize(
    ("function", "kind", "place"),
    [(PLAIN_SADDLE, "saddle", (0, 0)), (MONKEY_SADDLE, "degenerate", (0, 0)), (FRYE_QUARTIC, "minimum", (-3, 0))],
)
def test_functions_with_one_point(function, kind, place):
    (point,) = critical_points(function)
    assert (point.kind, point.x, point.y, point.rational) == (kind, *place, True)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({(2, 0): 1.0}, "not isolated"),
        ({(2, 2): 1.0, (4, 0): 0.0}, "not isolated"),
        ({(2, 0): np.pi, (0, 2): 1.0}, "denominator"),
        # (x^2 - 2)^3 has degenerate points at the square roots of two.
        ({(6, 0): 1.0, (4, 0): -6.0, (2, 0): 12.0, (0, 0): -8.0, (0, 2): 1.0}, "neither proved nor excluded"),
    ],
)
def test_what_cannot_be_decided_is_refused(terms, message):
    with pytest.raises(ValueError, match=message):
        critical_points(polynomial_of(terms))
