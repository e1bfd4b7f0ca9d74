import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import matplotlib as mpl
import seaborn as sns
from matplotlib.colors import same_color

from stationary.config.newton import Method, Target
from stationary.figures import runs, style

WRITE = """
import sys
from matplotlib.lines import Line2D
from stationary.figures import style

@style.themed
def draw():
    figure = style.figure(1.0, style.SINGLE)
    axes = figure.subplots()
    axes.plot([1, 2], [0, 1], rasterized=True)
    axes.barh(0, 1, hatch="//")
    style.title(axes, "a", "‖φₖ‖ ≤ ε")
    return figure

style.save(draw(), sys.argv[1] + ".pdf", sys.argv[1] + ".png")
"""


def test_every_method_and_target_has_a_look_of_its_own():
    assert set(get_args(Method)) == set(style.METHODS)
    assert set(get_args(Target)) == set(runs.TARGETS)
    looks = [(look.color, look.marker) for look in style.METHODS.values()]
    assert len(set(looks)) == len(looks)
    assert all(same_color(look.color, look.color) for look in style.METHODS.values())


def test_files_are_the_same_bytes_in_every_process(tmp_path):
    both = [
        subprocess.Popen([sys.executable, "-c", WRITE, tmp_path / seed], env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert [process.wait() for process in both] == [0, 0]
    for kind in ("pdf", "png"):
        first, second = ((tmp_path / f"{seed}.{kind}").read_bytes() for seed in ("1", "2"))
        assert first == second
        assert b"CreationDate" not in first


def test_figures_start_without_tensorflow():
    """Every module of the package, whatever the import-linter can see."""
    folder = Path(style.__file__).parent
    modules = ", ".join(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))
    check = "print([name for name in sys.modules if name.startswith(('tensorflow', 'keras'))])"
    code = f"import sys\nfrom stationary.figures import {modules}\n{check}"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_theme_does_not_leak():
    before = dict(mpl.rcParams)
    style.themed(lambda: style.figure(1.0))()
    assert dict(mpl.rcParams) == before


def test_theme_is_seaborns_where_the_figures_say_nothing_else():
    """seaborn's own numbers as the oracle; its default colour map alone is left out, which no figure uses."""
    seaborns = {**sns.axes_style("ticks"), **sns.plotting_context("paper")}
    del seaborns["image.cmap"]
    assert set(seaborns) <= set(style._settings())
    rounded = {name: round(value, 9) if isinstance(value, float) else value for name, value in seaborns.items()}
    assert {name: rounded[name] for name in style._THEME} == style._THEME


def test_most_figures_start_without_seaborn():
    code = "import sys\nfrom stationary.figures import minima_variance\nprint('seaborn' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "False"
