from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
from tests.figure_words import words

from stationary import tables as files
from stationary.config.spin_glass import DescentSettings
from stationary.experiments import spin_glass_descents
from stationary.theory.auffinger import bulk

ROOT = Path(__file__).parents[2]
FIGURES = {
    "energies": (2, ["energy per spin at the end", "2 draws of 16 starts", "published", "within draws", "equal draws"]),
    "spectrum": (2, ["eigenvalue of the Hessian", "semicircle", "6 ends"]),
}


@pytest.fixture(scope="module")
def descents():
    settings = DescentSettings(starts=16, spectra=3)
    parts = [spin_glass_descents.run(settings, size=size, draws=range(2), seed=0) for size in (12, 25)]
    return files.concat(parts)


def draw(name, table):
    return import_module(f"stationary.figures.spin_glass_{name}").draw({"descents": table})


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_its_panels_and_words_and_can_be_laid_out(name, descents):
    figure = draw(name, descents)
    panels, expected = FIGURES[name]
    assert len(figure.get_axes()) == panels
    assert [word for word in expected if word not in words(figure)] == []
    figure.draw_without_rendering()


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("rows", [0, 1, 3, 16])
def test_any_subset_of_descents_draws(name, rows, descents):
    draw(name, descents.slice(0, rows)).draw_without_rendering()


def test_sizes_that_were_not_published_draw(descents):
    figure = draw("energies", descents.filter(pc.equal(descents["size"], 12)))
    assert "published" in words(figure)


def test_the_semicircle_has_its_moments():
    semicircle = import_module("stationary.figures.spin_glass_spectrum").semicircle
    centre, radius = bulk(3, np.array([-1.6]))
    x = np.linspace(-2.0, 12.0, 20_001)
    density = semicircle(x, centre, radius)[0]
    moments = [np.trapezoid(density * (x - centre[0]) ** k, x) for k in (0, 1, 2)]
    np.testing.assert_allclose(moments, [1.0, 0.0, radius**2 / 4], atol=1e-5)


@pytest.mark.parametrize("name", FIGURES)
def test_caption_names_source_and_claims(name):
    text = (ROOT / "workflow" / "report" / f"spin_glass_{name}.rst").read_text()
    assert "settings ours" in text
    assert "peaks to S" in text
