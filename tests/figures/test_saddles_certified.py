"""The figure on small real tables: what is drawn is what the tables say."""

import numpy as np
import pyarrow.compute as pc
import pytest
from tests.figure_words import words

from stationary import tables as files
from stationary.config.spin_glass import ExhaustiveSettings
from stationary.experiments import spin_glass_complexity, spin_glass_critical_points, spin_glass_ratio
from stationary.figures import saddles_certified


@pytest.fixture(scope="module")
def full():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spin_glass_complexity, "RATIO_SIZES", (10, 12, 14))
        complexity = spin_glass_complexity.run(spins=[3, 4], sizes=[3, 4])
    settings = ExhaustiveSettings(newton_draws=1)
    parts = [
        spin_glass_critical_points.run(settings, p=p, size=size, draws=range(3), seed=0) for p, size in ((3, 3), (3, 4), (4, 3))
    ]
    return {
        "complexity": complexity,
        "critical_points": files.concat([part.points for part in parts]),
        "search": files.concat([part.search for part in parts]),
    }


def test_both_panels_say_what_they_show(full):
    figure = saddles_certified.draw(full)
    figure.draw_without_rendering()
    text = words(figure)
    expected = ("N = 3\n(3)", "N = 4\n(3)", "exact mean", "power law", "exponential", "AIC")
    assert [word for word in expected if word not in text] == []


def test_counts_are_those_of_certified_points(full):
    points = full["critical_points"].to_pandas()
    three = points[(points["p"] == 3) & (points["size"] == 3)]
    exact, counted = saddles_certified.draw(full).get_axes()[0].get_lines()[:2]
    assert exact.get_ydata() == pytest.approx([3.14, 4.28, 3.14], abs=6e-3)
    assert counted.get_ydata() == pytest.approx(three.groupby("index").size().to_numpy() / 3)
    certified = np.ones(len(points), dtype=bool)
    certified[three.index[three["index"] == 1]] = False
    place = full["critical_points"].schema.get_field_index("certified")
    fewer = full["critical_points"].set_column(place, full["critical_points"].schema.field(place), [certified])
    counted = saddles_certified.draw(full | {"critical_points": fewer}).get_axes()[0].get_lines()[1]
    assert counted.get_ydata()[1] == 0.0


def test_the_exact_ratios_lie_on_the_right(full):
    *_, points = saddles_certified.draw(full).get_axes()[1].get_lines()
    ratio = spin_glass_ratio.ratios(full["complexity"])
    assert points.get_xdata().tolist() == [10, 12, 14]
    assert points.get_ydata() == pytest.approx(ratio["ratio"].to_numpy())


@pytest.mark.parametrize(("name", "said"), [("search", "no complete draw"), ("complexity", "fewer than three sizes")])
def test_an_empty_table_is_said_to_be_empty(full, name, said):
    empty = full[name].filter(pc.equal(full[name]["p"], 99))
    figure = saddles_certified.draw(full | {name: empty})
    figure.draw_without_rendering()
    assert said in words(figure)
