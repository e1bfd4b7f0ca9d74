from pathlib import Path

import numpy as np
import pytest
from tests.figure_words import words

from stationary.config.saddles import OptimiserSettings, SaddleSettings
from stationary.experiments import saddle_optimisers, saddle_toys
from stationary.figures import saddles_optimisers
from stationary.tables import concat

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables():
    settings = SaddleSettings(samples=60, optimisers=OptimiserSettings(hidden=(2, 3), starts=(3,), epochs=6))
    parts = [saddle_optimisers.run(problem, epochs=6) for problem in settings.optimiser_problems(0).values()]
    return {"optimisers": concat(parts), "toys": saddle_toys.run()}


def test_panels_and_words_are_there(tables):
    figure = saddles_optimisers.draw(tables)
    figure.draw_without_rendering()
    assert len(figure.get_axes()) == 2 * 2 + 3
    expected = ("2 hidden units, 3 starts", "training error", "lowest eigenvalue", "saddle-free Newton", "gradient-flat point")
    assert [word for word in expected if word not in words(figure)] == []


def test_a_line_is_the_median_over_starts(tables):
    """SGD's, the first that is drawn, in the panel of the training error of the narrowest network."""
    axes = saddles_optimisers.draw(tables).get_axes()[0]
    frame = tables["optimisers"].to_pandas()
    mine = frame[(frame["hidden"] == 2) & (frame["method"] == "sgd")]
    line = axes.lines[0]
    np.testing.assert_allclose(line.get_ydata(), mine.groupby("epoch")["train_error"].median())
    np.testing.assert_array_equal(line.get_xdata(), 1 + np.unique(mine["epoch"]))


@pytest.mark.parametrize(("empty", "said"), [("optimisers", "no run"), ("toys", "no path")])
def test_an_empty_table_is_said_to_be_empty(tables, empty, said):
    figure = saddles_optimisers.draw(tables | {empty: tables[empty].slice(0, 0)})
    figure.draw_without_rendering()
    assert said in words(figure)


def test_caption_names_source_and_claim():
    text = (ROOT / "workflow" / "report" / "saddles_optimisers.rst").read_text()
    assert "settings ours" in text
    assert "Speaks to D6" in text
