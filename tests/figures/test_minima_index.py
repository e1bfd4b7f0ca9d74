"""The figure on made tables: what is drawn is what the tables say."""

import numpy as np
import pytest
from tests.figure_words import words

from stationary import tables
from stationary.experiments.minima_tables import POLISHED, SPECTRA
from stationary.figures import minima_index


def made(declared, rows):
    """A table in which only what is said differs from nothing."""
    default = {"double": 0.5, "int64": 0, "string": "digits", "bool": True}
    base = {field.name: default.get(str(field.type), []) for field in declared}
    return tables.from_columns({name: [{**base, **row}[name] for row in rows] for name in declared.names}, declared)


@pytest.fixture
def full():
    spectra = [
        {"width": width, "seed": seed, "index": 0.001 * seed, "index_authors": 0.0005 * seed}
        for width in (10, 25)
        for seed in range(21)
    ]
    spectra.append({"width": 10, "seed": 21, "index": float("nan"), "index_authors": None})
    counts = {"n_negative_before": 10, "n_negative": 0, "n_null": 0, "n_positive": 100}
    polished = [{"width": 5, "seed": seed, **counts} for seed in range(4)]
    polished.append({"width": 5, "seed": 4, **counts, "n_negative": 3, "n_positive": 97, "arrived": False})
    polished.append({"width": 5, "seed": 5, "arrived": False, **dict.fromkeys(counts)})
    return {"spectra": made(SPECTRA, spectra), "polished": made(POLISHED, polished)}


def test_both_panels_and_their_counts_are_there(full):
    figure = minima_index.draw(full)
    figure.draw_without_rendering()
    text = words(figure)
    assert len(figure.get_axes()) == 2
    assert [word for word in ("10\n(21)", "25\n(21)", "4 of 6 arrived", "published", "2 P", "digits") if word not in text] == []


def test_bars_stand_at_the_95th_percentile_of_each_denominator(full):
    axes = minima_index.draw(full).get_axes()[0]
    heights = [segments.get_segments()[0][0, 1] for segments in axes.collections]
    np.testing.assert_allclose(heights, [0.019, 0.0095, 0.019, 0.0095])


def test_lines_join_a_network_before_and_after(full):
    axes = minima_index.draw(full).get_axes()[1]
    pairs = sorted(tuple(line.get_ydata()) for line in axes.lines if len(line.get_ydata()) == 2 and line.get_linestyle() == "-")
    np.testing.assert_allclose(pairs, [(0.1, 0.0)] * 4 + [(0.1, 0.03)])


@pytest.mark.parametrize("empty", ["spectra", "polished"])
def test_an_empty_table_is_said_to_be_empty(full, empty):
    figure = minima_index.draw(full | {empty: full[empty].slice(0, 0)})
    figure.draw_without_rendering()
    assert ("no spectrum" if empty == "spectra" else "no polished network") in words(figure)
