from pathlib import Path

import pytest
from tests.figure_words import words

from stationary.config.convexity import ConvexitySettings
from stationary.config.symmetry import SymmetrySettings
from stationary.experiments import convexity, symmetry
from stationary.figures import convexity_curves, convexity_violations, symmetry_minima

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trials():
    found = convexity.run(ConvexitySettings(trials=200, points=100, series=10, starts=2), 1)
    return {"trials": found.trials, "curves": found.curves}


@pytest.fixture(scope="module")
def symmetries():
    found = symmetry.run(SymmetrySettings(units=2, samples=30, starts=4, orbits=3, teachers=1, max_iterations=300), 1)
    return {name: getattr(found, name) for name in ("minima", "barriers", "orbits", "tangents")}


def test_every_case_has_its_row(trials):
    said = words(convexity_violations.draw(trials))
    assert [case for case in trials["trials"]["case"].to_pylist() if case not in said] == []


def test_a_share_is_where_the_table_says(trials):
    axes = convexity_violations.draw(trials).get_axes()[1]
    names = [label.get_text() for label in axes.get_yticklabels()]
    y = axes.get_yticks()[names.index("Ax, 2 x 3")]
    drawn = {round(float(line.get_xdata()[0]), 6) for line in axes.lines if line.get_ydata()[0] == y}
    mine = trials["trials"].to_pandas().query("claim == 'A9' and case == 'Ax, 2 x 3'")
    assert drawn == set(mine["share"].round(6))


def test_curves_and_extrema_are_there(trials):
    said = words(convexity_curves.draw(trials))
    assert [text for text in ("chord", "larger end", "20 extrema", "1 extremum", "A9") if text not in said] == []


def test_symmetry_panels_are_there(symmetries):
    said = words(symmetry_minima.draw(symmetries))
    expected = ("units matched", "minima modulo symmetry", "rescaling, l2", "loss zero")
    assert [text for text in expected if text not in said] == []


def test_empty_tables_are_said_to_be_empty(trials, symmetries):
    assert "no trials" in words(convexity_violations.draw({"trials": trials["trials"].slice(0, 0)}))
    assert "no curves" in words(convexity_curves.draw({"curves": trials["curves"].slice(0, 0)}))
    empty = {name: table.slice(0, 0) for name, table in symmetries.items()}
    said = words(symmetry_minima.draw(empty))
    assert [text for text in ("no pair", "no start arrived", "no orbit", "no teacher") if text not in said] == []


@pytest.mark.parametrize(
    ("figure", "claim"), [("convexity_violations", "A1"), ("convexity_curves", "A3"), ("symmetry_minima", "A4")]
)
def test_captions_name_their_claims(figure, claim):
    text = (ROOT / "workflow" / "report" / f"{figure}.rst").read_text()
    assert "settings ours" in text
    assert f"Speaks to {claim}" in text
