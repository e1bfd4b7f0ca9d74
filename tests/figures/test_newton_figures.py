import re
from importlib import import_module
from pathlib import Path

import pyarrow.compute as pc
import pytest
import yaml
from tests.figure_words import words

from stationary.config.newton import NewtonSettings
from stationary.experiments import newton_linear

ROOT = Path(__file__).parents[2]
# Panels of the small tables, and words that must stand somewhere in the figure.
FIGURES = {
    "final_losses": (2, ["final loss / loss of the zero function", "Newton (exact)", "fit", "lost"]),
    "end_points": (4, ["share of starts", "share, 95 % interval", "unconverged", "trivial, of converged runs"]),
    "trajectories": (6, ["gradient norm", "negative eigenvalues", "1 + iteration"]),
    "mechanism": (7, ["1 + iteration", "largest |cos(φₖ, f)|", "runs that ended trivial"]),
    "robustness": (7, ["base 1-10-1", "width 5", "search on J", "output bias", "P ε"]),
    "spectra": (6, ["null band, median", "rank from below / number of parameters"]),
    "pinn": (7, ["u'' = f", "Lφₖ", "share of starts"]),
}


def draw(name, tables):
    return import_module(f"stationary.figures.newton_{name}").draw(tables)


def only(tables, **values):
    """The rows whose columns have these values."""

    def kept(table):
        for column, value in values.items():
            table = table.filter(pc.equal(table[column], value))
        return table

    return {name: kept(table) for name, table in tables.items()}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_its_panels_and_words_and_can_be_laid_out(name, tables):
    figure = draw(name, tables)
    panels, expected = FIGURES[name]
    assert len(figure.get_axes()) == panels
    text = words(figure)
    assert [word for word in expected if word not in text] == []
    figure.draw_without_rendering()


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    "values",
    [
        {"family": "none"},
        {"family": "sweep"},
        {"family": "main", "method": "saddle_free_newton"},
        {"method": "newton", "target": "band_limited"},
    ],
    ids=lambda values: "-".join(values.values()),
)
def test_any_subset_of_runs_draws(name, values, tables):
    runs = only({"runs": tables["runs"]}, **values)["runs"]
    seen = pc.is_in(tables["trajectories"]["condition"], pc.unique(runs["condition"]))
    draw(name, {"runs": runs, "trajectories": tables["trajectories"].filter(seen)})


@pytest.mark.parametrize("name", ["final_losses", "end_points", "spectra"])
def test_a_run_that_is_not_finite_draws(name, tables):
    runs = tables["runs"]
    lost = runs.slice(0, 1).to_pylist()[0] | {
        "termination": "diverged",
        "kind": "unconverged",
        "trivial": False,
        "loss": float("inf"),
        "eigenvalues": [],
        "null_band": float("nan"),
        "n_negative": None,
    }
    changed = type(runs).from_pylist([lost], schema=runs.schema)
    draw(name, {**tables, "runs": type(runs).from_batches([*changed.to_batches(), *runs.slice(1).to_batches()])})


@pytest.mark.parametrize("name", [*FIGURES, "linear"])
def test_caption_names_known_claims_and_says_whose_settings(name):
    caption = " ".join((ROOT / f"workflow/report/newton_{name}.rst").read_text(encoding="utf-8").split())
    known = {claim["id"] for claim in yaml.safe_load((ROOT / "config/claims.yaml").read_text(encoding="utf-8"))["claims"]}
    named = set(re.findall(r"\bN\d+\b", caption))
    assert named
    assert named <= known
    assert "Rowan 2025; settings ours" in caption


def test_lost_runs_are_counted_in_the_margin(tables):
    runs = tables["runs"]
    here = only({"runs": runs}, method="newton", problem="regression", target="sine", family="main")["runs"]
    lost = here.set_column(here.column_names.index("loss"), here.schema.field("loss"), [[float("nan")] * here.num_rows])
    figure = draw("final_losses", {"runs": lost})
    assert [text.get_text() for text in figure.get_axes()[0].texts] == ["0", "10", "fit", "lost"]


@pytest.fixture(scope="module")
def linear():
    return newton_linear.run(NewtonSettings(nodes=21, linear_sizes=(3, 7)), seed=0)


def test_linear_errors_stand_between_rounding_and_the_claims_bounds(linear):
    """An error of exactly zero has no place on a logarithmic axis and stands at its foot."""
    column = linear.column_names.index("relative_error")
    exact = linear.set_column(column, linear.schema.field(column), [[0.0] * linear.num_rows])
    for table, low, high in ((linear, 1e-17, 1e-12), (exact, 1e-17, 1e-17)):
        figure = draw("linear", {"linear": table})
        axes = figure.get_axes()[0]
        drawn = {line.get_label(): line.get_ydata() for line in axes.get_lines() if not line.get_label().startswith("_")}
        assert {name: len(errors) for name, errors in drawn.items()} == dict.fromkeys(("fourier", "hat", "polynomial"), 2 * 3)
        assert all(low <= error <= high for errors in drawn.values() for error in errors)
        assert axes.get_ylim()[0] < low
        assert [word for word in ("supported below", "refuted above") if word not in words(figure)] == []


def test_no_linear_discretization_is_said(linear):
    assert "no linear discretization" in words(draw("linear", {"linear": linear.slice(0, 0)}))
