"""Figures do not see what thinning leaves out."""

from importlib import import_module
from io import BytesIO

import pytest

from stationary.report.thinning import THINNED


def picture(figure):
    file = BytesIO()
    figure.savefig(file, format="png", dpi=40, metadata={"Software": None})
    figure.clear()
    return file.getvalue()


@pytest.mark.parametrize("name", ["trajectories", "mechanism", "pinn", "spectra"])
def test_a_figure_from_thinned_tables_is_the_same_picture(tables, name):
    draw = import_module(f"stationary.figures.newton_{name}").draw
    thinned = {table: THINNED[f"newton/{table}"](rows) for table, rows in tables.items()}
    assert thinned["trajectories"].nbytes < 0.7 * tables["trajectories"].nbytes
    assert picture(draw(thinned)) == picture(draw(tables))
