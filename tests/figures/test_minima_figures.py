"""The figures about width on made tables: what is drawn is what the tables say."""

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
import yaml
from tests.figure_words import check_panels, words

from stationary import tables as files
from stationary.experiments.minima_published import SHAPE
from stationary.experiments.minima_tables import RUNS
from stationary.experiments.spin_glass_tables import DESCENTS
from stationary.theory.published import ANNEALING, LOSSES

ROOT = Path(__file__).parents[2]
# Panels of the made tables, and words that must stand somewhere in the figure.
FIGURES = {
    "scaled_losses": (3, ["energy per spin at the end", "exp(c + α n₁", "α = ", "glass −", "networks −", "published"]),
    "test_loss": (
        1,
        [
            "test loss, nats",
            "as the authors' code",
            "as the paper",
            "published losses are those of MNIST at 10 x 10 and not drawn",
        ],
    ),
    "variance": (3, ["exponent −", "all divisions of the data together", "no shared order", "published, MNIST", "0.05"]),
    "correlation": (6, ["n₁ = 5\nr = 0.", "corrected for the finite test set", "table 1", "best 10 %"]),
    "annealing": (2, ["16 pairs per width", "SGD, published (MNIST)", "annealing against SGD, %", "−5 %"]),
    "bad": (2, ["above 1.25 × median (the claim's)", "none: upper end of the interval", "share of networks above"]),
}
TEXT = {"string": "digits", "double": 0.1, "int64": 0}


def made(declared, columns):
    """A table in which only what is said differs from nothing."""
    size = len(next(iter(columns.values())))
    base = {field.name: [TEXT.get(str(field.type), [])] * size for field in declared}
    return files.from_columns(base | columns, declared)


def losses(setting, width, count, *, method="sgd", mean=0.2, dataset="digits"):
    seed = np.arange(count)
    shared, own, halves = np.random.default_rng([width, count]).normal(size=(3, count))
    spread = 0.3 * mean / np.sqrt(width)
    test = mean + spread * (0.7 * shared + 0.7 * own)
    return made(
        RUNS,
        {
            "condition": [f"{dataset}-{setting}-{width}"] * count,
            "dataset": [dataset] * count,
            "setting": [setting] * count,
            "method": [method] * count,
            "width": [width] * count,
            "seed": seed,
            "order_group": seed // 4,
            "split": seed // 4 % 3,
            "train_loss": mean + spread * shared,
            "test_loss": test,
            "test_loss_even": test + 0.3 * spread * halves,
            "test_loss_odd": test - 0.3 * spread * halves,
            "termination": ["max_iterations"] * count,
            **{name: [value] * count for name, value in (SHAPE if dataset == "mnist" else {}).items()},
        },
    )


def networks(dataset="digits"):
    judged = [losses("authors_code", width, 48, mean=LOSSES[width].test_mean, dataset=dataset) for width in (5, 25, 50, 100)]
    return files.concat(
        [*judged, losses("paper", 25, 16, mean=0.12, dataset=dataset), losses("control", 25, 16, mean=0.13, dataset=dataset)]
    )


@pytest.fixture(scope="module")
def tables():
    pairs = [
        losses("annealing", width, 16, method=method, mean=mean)
        for width, row in list(ANNEALING.items())[:3]
        for method, mean in (("sgd", row.descent), ("annealing", row.annealing))
    ]
    size, draw, start = (axis.ravel() for axis in np.meshgrid([25, 50, 100], range(4), range(12), indexing="ij"))
    energy = -1.63 + 5.0 / size + np.random.default_rng(0).normal(size=size.size) / size
    descents = made(DESCENTS, {"p": np.full(size.size, 3), "size": size, "draw": draw, "start": start, "energy": energy})
    return {"runs": networks(), "annealing": files.concat(pairs), "descents": descents}


def draw(name, tables):
    return import_module(f"stationary.figures.minima_{name}").draw(tables)


def kept(tables, **values):
    """Every table that has these columns, with the rows that have these values."""

    def rows(table):
        for column, value in values.items():
            if column in table.column_names:
                table = table.filter(pc.equal(table[column], value))
        return table

    return {name: rows(table) for name, table in tables.items()}


def changed(table, columns):
    for name, values in columns.items():
        place = table.column_names.index(name)
        table = table.set_column(place, table.schema.field(place), [list(values)])
    return table


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_its_panels_and_words_and_can_be_laid_out(name, tables):
    check_panels(draw(name, tables), *FIGURES[name])


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("values", [{"width": -1, "size": -1}, {"width": 25, "size": 25}, {"width": 5}, {"setting": "paper"}])
def test_nothing_and_one_width_draw(name, values, tables):
    figure = draw(name, kept(tables, **values))
    figure.draw_without_rendering()
    assert words(figure).strip()


@pytest.mark.parametrize("name", FIGURES)
def test_runs_that_were_lost_or_do_not_vary_draw(name, tables):
    lost = {"test_loss": [float("nan")], "termination": ["diverged"]}
    broken = {}
    for key in ("runs", "annealing"):
        first = changed(tables[key].slice(0, 1), lost)
        same = changed(tables[key].slice(1, 47), dict.fromkeys(("train_loss", "test_loss"), np.full(47, 0.3)))
        broken[key] = files.concat([first, same, tables[key].slice(48)])
    figure = draw(name, {**tables, **broken})
    figure.draw_without_rendering()
    assert "runs diverged" in words(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_caption_names_known_claims_and_says_whose_settings(name):
    caption = " ".join((ROOT / f"workflow/report/minima_{name}.rst").read_text(encoding="utf-8").split())
    known = {claim["id"] for claim in yaml.safe_load((ROOT / "config/claims.yaml").read_text(encoding="utf-8"))["claims"]}
    named = set(re.findall(r"\b[WS]\d+\b", caption))
    assert named
    assert named <= known
    assert "Choromanska et al. 2015" in caption
    assert "settings ours" in caption


def test_published_losses_are_compared_on_their_own_dataset_only():
    runs = networks("mnist")
    larger = changed(runs, {"n_inputs": [784] * runs.num_rows})
    assert "not drawn" in words(draw("test_loss", {"runs": larger}))
    figure = draw("test_loss", {"runs": runs})
    assert len(figure.get_axes()) == 3
    stars = [line for line in figure.get_axes()[0].lines if line.get_marker() == "*"]
    assert [line.get_ydata()[0] for line in stars] == [LOSSES[width].test_mean for width in (5, 25, 50, 100)]
    assert "not drawn" not in words(figure)


def test_shares_of_none_are_drawn_at_the_upper_end_of_their_interval(tables):
    left = draw("bad", tables).get_axes()[0]
    (none,) = {float(y) for line in left.lines if line.get_marker() == "v" for y in line.get_ydata()}
    assert none == pytest.approx(1 - 0.025 ** (1 / 48))


def test_annealing_is_compared_over_pairs(tables):
    first = changed(tables["annealing"].slice(0, 1), {"test_loss": [float("inf")]})
    figure = draw("annealing", {"annealing": files.concat([first, tables["annealing"].slice(1)])})
    assert "15 to 16 pairs per width" in words(figure)
