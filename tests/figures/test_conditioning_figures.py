from pathlib import Path

import numpy as np
import pytest
from tests.figure_words import words

from stationary import tables as files
from stationary.config.conditioning import ConditioningSettings
from stationary.datasets import images
from stationary.experiments import conditioning, traps, traps_cliff, traps_noise
from stationary.experiments.minima_tables import TEACHER
from stationary.figures import conditioning_gradients, traps_headings, traps_minima

REPORT = Path(__file__).parents[2] / "workflow" / "report"
MODULES = {"conditioning_gradients": conditioning_gradients, "traps_minima": traps_minima, "traps_headings": traps_headings}


@pytest.fixture(scope="module")
def tables():
    data, settings = images.load("digits", side=4), ConditioningSettings(runs=2, epochs=1, measured=20, hidden=3)
    minima = traps.minima(20, 0)
    student = {"width": 4, "teacher_width": 2, "seed": 0, "problem": 0, "termination": "converged", "iterations": 1}
    student |= {"loss": 1e-9, "trivial_loss": 1.0, "relative_loss": 1e-9, "gradient_norm": 0.0}
    return {
        "training": conditioning.run(conditioning.perceptron(16, 3), data, settings, 0),
        "minima": minima,
        "basins": traps.basins(minima, 7, 200),
        "cliff": traps_cliff.run((5, 10)),
        "noise": traps_noise.run(data, 1, 20, 0),
        "teacher": files.from_columns({name: [student[name]] for name in TEACHER.names}, TEACHER),
    }


@pytest.mark.parametrize(
    ("name", "panels", "said"),
    [
        ("conditioning_gradients", 4, ("tanh perceptron, 2 runs", "gradient norm", "|g'Hg|", "predicted")),
        ("traps_minima", 3, ("0.486", "0.085", "saddle", "20 sets")),
        ("traps_headings", 6, ("plateau and cliff", "noise, eigenvalue > 0", "teacher of 2", "angle in degrees")),
    ],
)
def test_panels_and_words_are_there(tables, name, panels, said):
    figure = MODULES[name].draw(tables)
    text = words(figure)
    assert len(figure.get_axes()) == panels
    assert [word for word in said if word not in text] == []


@pytest.mark.parametrize("name", MODULES)
def test_empty_tables_are_drawn(tables, name):
    assert words(MODULES[name].draw({table: part.slice(0, 0) for table, part in tables.items()}))


def test_the_line_of_the_error_is_the_median_over_runs(tables):
    axes = conditioning_gradients.draw(tables).get_axes()[2]
    frame = tables["training"].to_pandas()
    np.testing.assert_allclose(axes.lines[-1].get_ydata(), frame.groupby("step")["validation_error"].median())


@pytest.mark.parametrize(
    ("name", "claim"), [("conditioning_gradients", "B1 and B2"), ("traps_minima", "B6"), ("traps_headings", "W10")]
)
def test_captions_name_source_and_claim(name, claim):
    text = (REPORT / f"{name}.rst").read_text()
    assert "settings ours" in text
    assert claim in text.split("Speaks to")[1]
