"""The figures about saddle counts on made tables: what is drawn is what the tables say."""

import json
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from tests.figure_words import check_panels, words

from stationary import tables as files
from stationary.experiments.saddle_tables import ANALYTIC, RUNS, TRAJECTORIES
from stationary.theory import baldi_hornik
from stationary.theory.published import END_SHARES, INDEX_BY_CUT

ROOT = Path(__file__).parents[2]
# Panels of the made tables, and words that must stand somewhere in the figure.
FIGURES = {
    "index_loss": (6, ["all end points", "critical only", "classifier\n3-2-2, tanh", "16 points, 8 distinct", "semicircle"]),
    "linear_autoencoder": (3, ["linear autoencoder 4-2-4", "2 at the origin", "closed form: 27 of 28"]),
    "index_cut": (3, ["3-2-3, swish (8)", "band", "published medians"]),
    "eigenvalues": (3, ["share of eigenvalues", "highest third", "(8)"]),
    "gradients": (18, ["‖g‖\nNewton-MR", "r\ndamped Newton", "gradient-flat iterate"]),
    "kinds": (4, ["Newton-MR (16)", "published", "flat at some iterate", "all finders together"]),
    "sampling": (3, ["log 10", "along SGD (10 points)", "as many uniform draws"]),
}
FINDERS = ("newton_mr", "damped_newton", "gradient_norm")
LAYOUT = {
    "linear_autoencoder": [["hidden_1", [2, 4], 0], ["output", [4, 2], 8]],
    "classifier-3x1-2": [["hidden_1", [2, 4], 0], ["output", [2, 3], 8]],
    "deep_autoencoder": [["hidden_1", [2, 4], 0], ["output", [3, 3], 8]],
}
KIND = {"linear_autoencoder": "linear_autoencoder", "classifier-3x1-2": "classifier", "deep_autoencoder": "autoencoder"}


def made(declared, rows):
    """A table in which only what is said differs from nothing."""
    default = {"double": 0.5, "int64": 0, "string": "", "bool": False}
    base = {field.name: default.get(str(field.type), []) for field in declared}
    return files.from_columns({name: [{**base, **row}[name] for row in rows] for name in declared.names}, declared)


def theory():
    s = np.diag(np.arange(1.0, 5.0))
    return baldi_hornik.critical_points(s, s, s, hidden=2, weight=0.25)


def names(sets):
    return [",".join(str(number + 1) for number in np.flatnonzero(row)) for row in sets]


def analytic():
    points, sets = theory(), theory().sets()
    columns = (names(sets), sets.sum(axis=1), points.loss(sets), points.n_negative(sets), points.n_null(sets))
    return made(
        ANALYTIC,
        [
            {"members": text, "rank": m, "loss": loss, "n_negative": negative, "n_null": null, "index": negative / 16}
            for text, m, loss, negative, null in zip(*columns, strict=True)
        ],
    )


def row(problem, finder, start, *, critical, **values):
    """One run; of two starts the same point, so that half of the critical points are distinct."""
    kind = KIND[problem]
    number = start // 2
    lowest = -0.1 * (1 + number) if critical else -1.0
    return {
        "problem": problem, "finder": finder, "start": start, "kind": kind, "layout": json.dumps(LAYOUT[problem]),
        "activation": {"autoencoder": "swish", "classifier": "tanh"}.get(kind, "identity"), "hidden": [2],
        "source": ("random", "sgd", "saddle_free")[start % 3], "trajectory": start, "n_parameters": 16,
        "found_loss": 1.0 + 0.5 * start, "found_index": 0.4, "loss": 1.0 + number, "index": 0.05 * number if critical else 0.9,
        "filtered": critical, "end": "critical" if critical else "flat" if start % 2 else "unconverged",
        "flat_iterates": int(not critical and start < 8), "distinct": number if critical else None,
        "eigenvalues": [lowest, -1e-4, 0.0, 1.0], "lowest_tenth": lowest,
    } | values  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    runs = []
    points, sets = theory(), theory().sets()
    for finder in FINDERS[:2]:
        for start in range(16):
            member = sets[[start % len(sets)]]
            negative, null = int(points.n_negative(member)[0]), int(points.n_null(member)[0])
            loss = float(points.loss(member)[0])
            wrong = int(finder == "newton_mr" and start == 3)
            closed = {
                "members": names(member)[0], "origin": start % len(sets) == 0 and start == 0, "loss": loss,
                "expected_loss": loss, "n_negative": negative + wrong, "expected_negative": negative, "n_null": null,
                "expected_null": null, "index": negative / 16, "distinct": start % len(sets),
            }  # fmt: skip
            if start != 11:  # the empty set a second time would be the origin again
                runs.append(row("linear_autoencoder", finder, start, critical=True, **closed))
    for problem in ("classifier-3x1-2", "deep_autoencoder"):
        runs += [row(problem, finder, start, critical=finder == "newton_mr") for finder in FINDERS for start in range(16)]
    runs += [row("linear_autoencoder", "gradient_norm", start, critical=False) for start in range(4)]
    paths = [
        {"problem": run["problem"], "start": run["start"], "finder": run["finder"], "iteration": iteration,
         "gradient_norm": 10.0**-iteration, "residual": 0.95 if flat else 1e-3, "flat": flat}
        for run in runs
        for iteration, flat in ((0, False), (1, run["flat_iterates"] > 0), (10, False))
    ]  # fmt: skip
    return {"runs": made(RUNS, runs), "trajectories": made(TRAJECTORIES, paths), "analytic": analytic()}


def draw(name, tables):
    return import_module(f"stationary.figures.saddles_{name}").draw(tables)


def marks(axes, marker):
    """Coordinates of all points drawn with this marker, [n, 2]."""
    return np.concatenate([line.get_xydata() for line in axes.lines if line.get_marker() == marker] or [np.empty((0, 2))])


def kept(tables, keep):
    """The tables with only the rows of some problems."""
    chosen = {
        name: table.filter(pc.is_in(table["problem"], pa.array(keep, pa.string())))
        for name, table in tables.items()
        if name != "analytic"
    }
    return chosen | {"analytic": tables["analytic"]}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_its_panels_and_words_and_can_be_laid_out(name, tables):
    check_panels(draw(name, tables), *FIGURES[name])


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("problem", ["linear_autoencoder", "deep_autoencoder", None])
def test_nothing_and_one_problem_draw(name, problem, tables):
    figure = draw(name, kept(tables, [problem] if problem else []))
    figure.draw_without_rendering()
    assert words(figure).strip()
    assert problem or len(figure.get_axes()) == 1


@pytest.mark.parametrize("name", FIGURES)
def test_runs_without_a_critical_point_or_a_number_draw(name, tables):
    lost = {"index": float("nan"), "loss": float("inf"), "found_loss": float("nan"), "eigenvalues": []}
    rows = [row(problem, finder, start, critical=False, **lost) for problem in KIND for finder in FINDERS for start in range(3)]
    figure = draw(name, tables | {"runs": made(RUNS, rows), "analytic": tables["analytic"].slice(0, 0)})
    figure.draw_without_rendering()
    assert words(figure).strip()


@pytest.mark.parametrize("name", FIGURES)
def test_caption_names_known_claims_and_says_whose_settings(name):
    caption = " ".join((ROOT / f"workflow/report/saddles_{name}.rst").read_text(encoding="utf-8").split())
    known = {claim["id"] for claim in yaml.safe_load((ROOT / "config/claims.yaml").read_text(encoding="utf-8"))["claims"]}
    named = set(re.findall(r"\bD\d+\b", caption))
    assert named
    assert named <= known
    assert "settings ours" in caption
    assert re.search(r"(Frye|Dauphin) et al\. 20", caption)


def test_all_end_points_are_above_and_the_filtered_ones_below(tables):
    upper, lower = draw("index_loss", kept(tables, ["classifier-3x1-2"])).get_axes()
    assert sum(len(marks(upper, marker)) for marker in "o^x") == 48
    np.testing.assert_allclose(np.unique(marks(lower, "o"), axis=0), [[1 + k, 0.05 * k] for k in range(8)])


def test_runs_off_the_axis_are_counted(tables):
    rows = [row("classifier-3x1-2", "newton_mr", start, critical=start < 59) for start in range(60)]
    rows[59]["found_loss"], rows[58]["found_loss"] = 1e9, float("nan")
    text = words(draw("index_loss", tables | {"runs": made(RUNS, rows)}))
    assert "60 runs, 2 off the axis" in text


def test_eigenvalues_are_counted_below_each_cut_and_published_medians_stand_at_theirs(tables):
    (axes,) = draw("index_cut", kept(tables, ["deep_autoencoder"])).get_axes()
    (median,) = [line for line in axes.lines if len(line.get_xdata()) == 9]
    np.testing.assert_allclose(median.get_ydata(), [0.25, 0.25, 0.25, 0.375, *[0.5] * 5], atol=0.13)
    np.testing.assert_allclose(marks(axes, "*"), np.column_stack([[2, 4, 8], list(INDEX_BY_CUT.values())]))


def test_shares_of_ends_and_of_flat_iterates(tables):
    panels = draw("kinds", kept(tables, ["deep_autoencoder"])).get_axes()
    critical, flat, sometime = (marks(axes, marker)[:, 0] for axes, marker in zip(panels[1:], "o^^", strict=True))
    np.testing.assert_allclose(critical, [1, 0, 0])
    np.testing.assert_allclose(flat, [0, 0.5, 0.5])
    np.testing.assert_allclose(sometime, [0, 0.5, 0.5])
    lines = [path.vertices for group in panels[3].collections for path in group.get_paths()]
    np.testing.assert_allclose([line[0, 0] for line in lines if np.ptp(line[:, 1])], [1 / 3])
    assert marks(panels[3], "*")[0, 0] == END_SHARES["autoencoder"].flat_sometime


def test_published_success_stands_beside_the_published_network_only(tables):
    assert "standard error" not in words(draw("linear_autoencoder", tables))
    runs = kept(tables, ["linear_autoencoder"])["runs"]
    place = runs.column_names.index("layout")
    layout = json.dumps([["hidden_1", [4, 16], 0], ["output", [16, 4], 64]])
    same = runs.set_column(place, runs.schema.field(place), [[layout] * len(runs)])
    figure = draw("linear_autoencoder", tables | {"runs": same})
    assert sorted(marks(figure.get_axes()[1], "*")[:, 1]) == [0.35, 0.8]


def test_flat_iterates_are_marked_at_their_gradient_norm_and_residual(tables):
    panels = draw("gradients", kept(tables, ["deep_autoencoder"])).get_axes()
    np.testing.assert_allclose(marks(panels[1], "^"), [[2.0, 0.1]] * 8)
    np.testing.assert_allclose(marks(panels[4], "^"), [[2.0, 0.95]] * 8)
    assert marks(panels[0], "^").size == 0


def test_sets_found_are_compared_with_all_sets(tables):
    left, middle, right = draw("sampling", tables).get_axes()
    members = marks(right, "o")  # of random starts; every set keeps at most two of four
    assert len(members) == 4
    assert marks(middle, "o")[:, 1].sum() == pytest.approx(1.0)
    assert marks(left, "o")[0, 1] <= np.log(10)
