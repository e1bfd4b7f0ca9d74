"""The exhaustive search's figures on small real tables."""

import pyarrow.compute as pc
import pytest
from tests.figure_words import words

from stationary import tables as files
from stationary.config.spin_glass import ExhaustiveSettings
from stationary.experiments import spin_glass_complexity as theory
from stationary.experiments import spin_glass_critical_points
from stationary.figures import spin_glass_complexity, spin_glass_counts


@pytest.fixture(scope="module")
def glass_tables():
    settings = ExhaustiveSettings(newton_draws=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theory, "RATIO_SIZES", (10,))
        complexity = theory.run(spins=[3, 4], sizes=[3, 4])
    parts = [
        spin_glass_critical_points.run(settings, p=p, size=size, draws=range(3), seed=0) for p in (3, 4) for size in (3, 4)
    ]
    return {
        "complexity": complexity,
        "critical_points": files.concat([part.points for part in parts]),
        "search": files.concat([part.search for part in parts]),
    }


def test_complexity_shows_both_p_with_their_layers(glass_tables):
    figure = spin_glass_complexity.draw(glass_tables)
    figure.draw_without_rendering()
    assert len(figure.get_axes()) == 4
    assert all(word in words(figure) for word in ("p = 3", "p = 4", "k = 3", "$-E_0$", r"$-E_\infty$"))


def test_counts_lie_where_the_tables_say(glass_tables):
    figure = spin_glass_counts.draw(glass_tables)
    figure.draw_without_rendering()
    assert all(word in words(figure) for word in ("N = 3 (3)", "N = 4 (3)", "energies by index, p = 4, N = 4"))
    exact, counted = figure.get_axes()[0].get_lines()[:2]
    assert exact.get_ydata() == pytest.approx([3.14, 4.28, 3.14], abs=6e-3)
    points = glass_tables["critical_points"].to_pandas()
    three = points[(points["p"] == 3) & (points["size"] == 3)]
    assert counted.get_ydata() == pytest.approx(three.groupby("index").size().to_numpy() / 3)


def test_incomplete_draws_are_not_drawn(glass_tables):
    search = glass_tables["search"]
    nothing = search.filter(pc.equal(search["method"], "newton"))
    figure = spin_glass_counts.draw({**glass_tables, "search": nothing})
    assert "no complete draw" in words(figure)
