from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from stationary import tables as files
from stationary.config.optimizers import OptimizerSettings
from stationary.experiments import optimizers_landscapes as plane
from stationary.experiments import optimizers_widths
from stationary.experiments.claim_rows import SUMMARY, row
from stationary.experiments.optimizers_tables import BASINS, DIGITS, RUNS
from stationary.intervals import Estimate

ROOT = Path(__file__).parents[2]
FIGURES = ("basins", "traps", "surfaces", "widths")


@pytest.fixture(scope="module")
def tables():
    """What the figures read, without a run of an optimiser: starts that stay where they are."""
    number = 4
    start = plane.starts("cliffs", "start", range(number), 0)
    zero = dict.fromkeys(RUNS.names, np.zeros(number))
    runs = zero | {
        "landscape": ["cliffs"] * number,
        "method": ["adam"] * number,
        "x": start[:, 0],
        "y": start[:, 1],
        "termination": ["max_iterations"] * number,
        "cost_to_target": [3.0, 5.0, np.nan, 0.0],
        "trapped": [False] * number,
        "at_other_point": [False] * number,
        "start": range(number),
    }
    counts = {"start", "iterations", "critical_point"}
    runs = {name: np.zeros(number, dtype=int) if name in counts else value for name, value in runs.items()}
    grid = plane.grid("himmelblau", 6)
    basins = {
        "landscape": ["himmelblau"] * 36,
        "method": ["adam"] * 36,
        "learning_rate": np.full(36, 0.1),
        "x_start": grid[:, 0],
        "y_start": grid[:, 1],
        "critical_point": np.arange(36) % 9 - 1,
    }
    found = Estimate(0.4, 0.3, 0.5, 20)
    rows = [
        row("C1", "success share on the main condition", found, method="bfgs"),
        row("C2", "trap rate", found, method="adam"),
        row("C2", "trap rate on one landscape", found, case="cliffs", method="adam"),
        row("C2", "trap rate on one landscape", found, case="digits", method="rmsprop"),
        *(row("C6", f"mean test minus train loss at width {width}", found, case="digits") for width in (5, 25)),
    ]
    digits = {field.name: [0] * 3 for field in DIGITS} | {
        "method": ["rmsprop"] * 3,
        "termination": ["max_iterations"] * 3,
        "layout": [""] * 3,
        "theta": [[]] * 3,
        "trapped": [False] * 3,
        "at_small_gradient": [False] * 3,
        "cost": [600.0] * 3,
        "cost_to_target": [50.0, 70.0, np.nan],
        "excess": [0.0, 0.02, 0.03],
        "start_gradient_norm": [1.0] * 3,
        "gradient_norm": [1e-4, 0.1, 0.2],
    }
    settings = OptimizerSettings(widths=(2, 4), width_starts=2, width_iterations=3, random_targets=1)
    return {
        "runs": files.from_columns(runs, RUNS),
        "digits": files.from_columns(digits, DIGITS),
        "basins": files.from_columns(basins, BASINS),
        "critical_points": plane.table(),
        "widths": optimizers_widths.run(settings, nodes=21, band_limit=3, seed=0),
        "summary": files.from_columns({name: [one[name] for one in rows] for name in SUMMARY.names}, SUMMARY),
    }


def drawn(figure, tables):
    made = import_module(f"stationary.figures.optimizers_{figure}").draw(tables)
    made.draw_without_rendering()
    return made, " ".join(text.get_text() for text in made.findobj(Text))


WORDS = {
    "basins": ("Adam, rate 0.1", "himmelblau", "ends elsewhere"),
    "traps": ("Adam", "BFGS", "cliffs", "gradient-equivalents", "RMSProp", "digits: where runs end"),
    "surfaces": ("4 minima", "7 saddles", "monkey saddle: 1 degenerate", "m$_{6}$"),
    "widths": ("steep tanh", "digits", "hidden units", "band limited 0"),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_words_are_there(tables, figure):
    _, words = drawn(figure, tables)
    assert [word for word in WORDS[figure] if word not in words] == []


@pytest.mark.parametrize("figure", FIGURES)
def test_empty_tables_are_said_to_be_empty(tables, figure):
    _, words = drawn(figure, {name: table.slice(0, 0) for name, table in tables.items()})
    assert any(word in words for word in ("no map", "no run", "no point"))


def test_a_map_shows_where_each_start_leads(tables):
    """White for no critical point, grey for no minimum, one colour per minimum."""
    figure, _ = drawn("basins", tables)
    (mesh,) = [one for one in figure.get_axes()[0].collections if hasattr(one, "get_coordinates")]
    points = tables["basins"].to_pandas()
    kinds = tables["critical_points"].to_pandas().query("landscape == 'himmelblau'").set_index("number")["kind"]
    codes = np.asarray(mesh.get_array()).reshape(6, 6).T.ravel()  # meshes run along x first
    for code, point in zip(codes, points["critical_point"], strict=True):
        assert code == (0 if point < 0 else 1) or (point >= 0 and kinds[point] == "minimum" and code >= 2)


def test_digits_show_every_end_and_which_have_a_small_gradient(tables):
    """The best known run stands at the edge, not at infinity to the left."""
    figure, _ = drawn("traps", tables)
    ends = {line.get_marker(): line.get_xdata() for line in figure.get_axes()[5].get_lines() if line.get_marker() in "ox"}
    assert ends["o"].tolist() == [0.02, 0.03]
    assert 0 < ends["x"].item() < 1e-4
    (median,) = [line.get_xdata() for line in figure.get_axes()[4].get_lines() if line.get_marker() == "o"]
    assert median == 60.0


@pytest.mark.parametrize("figure", FIGURES)
def test_captions_name_their_claims(figure):
    text = (ROOT / "workflow" / "report" / f"optimizers_{figure}.rst").read_text()
    assert "settings ours" in text
    assert "Speaks to" in text
