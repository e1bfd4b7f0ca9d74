from pathlib import Path

import numpy as np
import pytest
from tests.figure_words import words

from stationary import tables as files
from stationary.config.conditioning import ConditioningSettings
from stationary.datasets import images
from stationary.experiments import conditioning, traps, traps_cliff, traps_noise
from stationary.experiments.claim_rows import SUMMARY, row
from stationary.experiments.minima_tables import TEACHER
from stationary.figures import conditioning_ends, conditioning_gradients, traps_headings, traps_minima
from stationary.intervals import Estimate

REPORT = Path(__file__).parents[2] / "workflow" / "report"
MODULES = {
    "conditioning_gradients": conditioning_gradients,
    "conditioning_ends": conditioning_ends,
    "traps_minima": traps_minima,
    "traps_headings": traps_headings,
}


@pytest.fixture(scope="module")
def tables():
    data, settings = images.load("digits", side=4), ConditioningSettings(runs=2, epochs=1, measured=20, hidden=3)
    minima = traps.minima(20, 0)
    student = {"width": 4, "teacher_width": 2, "seed": 0, "problem": 0, "termination": "converged", "iterations": 1}
    student |= {"loss": 1e-9, "trivial_loss": 1.0, "relative_loss": 1e-9, "gradient_norm": 0.0}
    ends = "share of first-order runs whose gradient norm ends above 0.001 of its start"
    rows = [
        row("B7", ends, Estimate(0.8, 0.7, 0.9, 30)),
        row("B7", ends, Estimate(0.75, 0.6, 0.85, 20), case="newton", method="adam", judged=False),
        row("B7", ends, Estimate(0.9, 0.6, 1.0, 10), case="minima", method="sgd", judged=False),
        row("B7", "share of first-order runs whose gradient norm does not shrink at all", Estimate(0.1, 0.0, 0.2, 30)),
    ]
    return {
        "summary": files.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY),
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
        ("conditioning_ends", 1, ("networks by width: SGD", "the Newton experiment: Adam", "all runs", "30")),
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


def test_ends_show_one_row_per_experiment_and_method_and_all_of_them_last(tables):
    axes = conditioning_ends.draw(tables).get_axes()[0]
    marks = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.get_lines() if line.get_marker() == "|"]
    assert marks == [(0.9, 0), (0.75, 1), (0.8, 2)]


@pytest.mark.parametrize(
    ("name", "claim"),
    [("conditioning_gradients", "B1 and B2"), ("conditioning_ends", "B7"), ("traps_minima", "B6"), ("traps_headings", "W10")],
)
def test_captions_name_source_and_claim(name, claim):
    text = (REPORT / f"{name}.rst").read_text()
    assert "settings ours" in text
    assert claim in text.split("Speaks to")[1]
