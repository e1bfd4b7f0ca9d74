"""Tables of the exhaustive search: what they hold can be recomputed, and rows do not depend on the job."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from stationary.config.spin_glass import ExhaustiveSettings
from stationary.experiments import spin_glass_critical_points
from stationary.experiments.spin_glass_critical_points import run
from stationary.experiments.spin_glass_tables import CRITICAL_POINTS, SEARCH
from stationary.landscapes.p_spin import couplings_stream
from stationary.methods import complex_classes
from stationary.theory import auffinger

SETTINGS = ExhaustiveSettings(newton_draws=2)


@pytest.fixture(scope="module", params=[(3, 4), (3, 5), (4, 4)])
def found(request):
    p, size = request.param
    return p, size, run(SETTINGS, p=p, size=size, draws=range(5), seed=7)


def test_every_draw_is_complete_and_certified(found):
    _, size, tables = found
    search, points = tables.search.to_pandas(), tables.points.to_pandas()
    assert tables.search.schema.equals(SEARCH)
    assert tables.points.schema.equals(CRITICAL_POINTS)
    homotopy = search[search["method"] == "homotopy"]
    assert homotopy["complete"].all()
    assert points["certified"].all()
    assert (homotopy["euler_sum"] == (2 if size % 2 else 0)).all()
    assert (points.groupby("draw").size().to_numpy() == 2 * homotopy["real_pairs"]).all()
    newton = search[search["method"] == "newton"]
    assert newton["draw"].tolist() == [0, 1]
    assert newton["real_pairs"].tolist() == homotopy["newton_pairs"].tolist()[:2]
    assert (homotopy["newton_pairs"][2:] == -1).all()


def test_certified_points_are_never_more_than_there_can_be(found):
    """Twice the number of complex classes (Cartwright and Sturmfels 2013), for p = 3 2 (2^N - 1)."""
    p, size, tables = found
    points = tables.points.to_pandas()
    number = points[points["certified"]].groupby("draw").size()
    assert number.max() <= {(3, 4): 30, (3, 5): 62, (4, 4): 80}[p, size]
    assert number.min() >= 2


@pytest.mark.parametrize("p", [3, 4])
def test_a_draw_in_which_a_class_is_missing_is_incomplete(p, monkeypatch):
    """A class that is not real: no other check can see it."""
    find = complex_classes.find

    def lossy(glass, generators):
        classes = find(glass, generators)
        x = classes.ends[1, :, :-1]
        complex_one = np.abs((x * x).sum(axis=-1)).argmin()
        classes.ends[1, complex_one] = np.nan
        return replace(classes, found=classes.found - np.array([0, 1, 0]))

    monkeypatch.setattr(complex_classes, "find", lossy)
    search = run(ExhaustiveSettings(newton_draws=0), p=p, size=4, draws=range(3), seed=7).search.to_pandas()
    assert search["parity"].all()
    assert (search["euler_sum"] == 0).all()
    assert search["complete"].tolist() == [True, False, True]


@pytest.mark.parametrize("p", [3, 4])
def test_a_draw_in_which_a_real_point_is_missing_has_the_wrong_parity(p, monkeypatch):
    real_pairs = complex_classes.real_pairs

    def lossy(glass, classes):
        pairs = real_pairs(glass, classes)
        pairs.present[1, 0] = False
        return pairs

    monkeypatch.setattr(complex_classes, "real_pairs", lossy)
    search = run(ExhaustiveSettings(newton_draws=0), p=p, size=4, draws=range(3), seed=7).search.to_pandas()
    assert search["parity"].tolist() == [True, False, True]
    assert search["complete"].tolist() == [True, False, True]


def test_a_draw_with_an_uncertified_point_is_incomplete(monkeypatch):
    certify = spin_glass_critical_points.certify

    def doubtful(*arguments):
        certificates = certify(*arguments)
        certificates.alpha[2, 0] = 1.0
        return certificates

    monkeypatch.setattr(spin_glass_critical_points, "certify", doubtful)
    search = run(ExhaustiveSettings(newton_draws=0), p=3, size=4, draws=range(3), seed=7).search.to_pandas()
    assert search["complete"].tolist() == [True, True, False]


def test_points_are_critical_with_the_energy_of_the_definition(found):
    """L(w) / N and its slope along the sphere, one normal per sorted tuple, which stands for the sum over its m orders."""
    p, size, tables = found
    for row in tables.points.to_pandas().groupby("draw").first().reset_index().to_dict("records"):
        w = np.array(row["point"])
        assert w @ w == pytest.approx(size, rel=1e-12)
        tuples = list(itertools.combinations_with_replacement(range(size), p))
        orders = [len(set(itertools.permutations(one))) for one in tuples]
        x = np.sqrt(orders) * couplings_stream(7, p, size, row["draw"]).standard_normal(len(tuples))

        def loss(w, x=x, tuples=tuples):
            return x @ w[np.array(tuples)].prod(axis=1) * size ** (-(p - 1) / 2)

        assert loss(w) / size == pytest.approx(row["energy"], rel=1e-10)
        h = 1e-6
        slope = np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(size)])
        assert np.linalg.norm(slope - (slope @ w) * w / size) < 1e-7


def test_twins_are_antipodes_with_the_index_and_energy_of_their_parity(found):
    p, size, tables = found
    points = tables.points.to_pandas()
    own, twin = points[~points["twin"]], points[points["twin"]]
    assert len(own) == len(twin)
    pair = {(row["draw"], *np.round(np.negative(row["point"]), 9)): row for row in twin.to_dict("records")}
    for row in own.to_dict("records"):
        other = pair[(row["draw"], *np.round(row["point"], 9))]
        assert other["energy"] == (-row["energy"] if p == 3 else row["energy"])
        assert other["index"] == (size - 1 - row["index"] if p == 3 else row["index"])


def test_rows_do_not_depend_on_the_other_draws_of_the_job(found):
    p, size, tables = found
    alone = run(SETTINGS, p=p, size=size, draws=[3, 1], seed=7)
    for name in ("points", "search"):
        whole, part = (getattr(one, name).to_pandas() for one in (tables, alone))
        for draw in (1, 3):
            ours, theirs = (frame[frame["draw"] == draw].drop(columns="point", errors="ignore") for frame in (whole, part))
            assert ours.reset_index(drop=True).equals(theirs.reset_index(drop=True))


def test_counts_scatter_around_the_exact_means():
    draws = 120
    points = run(ExhaustiveSettings(newton_draws=0), p=3, size=4, draws=range(draws), seed=3).points.to_pandas()
    counts = points.groupby(["draw", "index"]).size().unstack(fill_value=0)
    z = (counts.mean() - auffinger.expected_counts(3, 4)) / (counts.std() / np.sqrt(draws))
    assert np.abs(z).max() < 4.0
