"""Final losses, ends and mechanism for physics-informed problems (Rowan 2025, claim N6; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.figure import Figure, SubFigure

from stationary.figures import bases, panels, paths, runs, style

_ROW = 0.115  # inches
QUANTITIES = {
    "output_norm": ("‖Lu‖ / ‖f‖", (1e-16, 1e3)),
    "max_basis_target_product": ("largest |⟨Lφₖ, f⟩|", (1e-14, 1e5)),
}


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Above: losses, ends and shares per problem, network, target and method; below: exact Newton's mechanism.

    Args:
        tables: ``runs`` and ``trajectories``.
    """
    frame = runs.frame(tables["runs"], lists=["theta", "target_coefficients"])
    frame = runs.main(frame, *(name for name in runs.PROBLEMS if name != "regression"))
    problems = [name for name in runs.PROBLEMS if name in set(frame["problem"])]
    if not problems:
        return style.blank("no run of a physics-informed problem")
    names = runs.methods(frame)
    labels = list(dict.fromkeys(label for label, _ in runs.cells(frame)))
    above = _ROW * len(labels) * (len(names) + 1.6) + 0.6
    figure = style.figure(above + 4.4)
    top, bottom = np.asarray(figure.subfigures(2, 1, height_ratios=[above, 3.95]))
    _ends(top, frame, problems, labels, names)
    _mechanism(bottom, frame[frame["method"] == runs.EXACT], problems, tables["trajectories"].to_pandas())
    panels.end_legend(figure, set(frame["end"]), columns=5, more=panels.share_handles())
    return figure


def _ends(figure: SubFigure, frame: pd.DataFrame, problems: list[str], labels: list[str], names: list[str]) -> None:
    grid = figure.subplots(1, 3 * len(problems), squeeze=False, width_ratios=[1.5, 1.1, 0.9] * len(problems))[0]
    for number, problem in enumerate(problems):
        cells = dict(runs.cells(frame[frame["problem"] == problem]))
        nothing = frame.iloc[:0]
        rows: list[panels.Row] = []
        for label in labels:  # a row without runs carries the name of the cell
            rows.append(panels.Row(label, style.INK, nothing, 0.4 if rows else 0.0))
            rows += panels.method_rows(cells.get(label, nothing), names, gaps=False)
        left, middle, right = grid[3 * number : 3 * number + 3]
        panels.losses(left, rows, labels=number == 0, margin=False)
        left.set_xticks([1e-8, 1e-4, 1.0])
        panels.bars(middle, rows, labels=False)
        panels.shares(right, rows)
        style.title(left, ascii_lowercase[number], runs.PROBLEMS[problem])
        left.set_xlabel("final loss /\nloss of zero")
        middle.set_xlabel("share of starts")
        right.set_xlabel("share,\n95 % interval")


def _mechanism(figure: SubFigure, newton: pd.DataFrame, problems: list[str], trajectories: pd.DataFrame) -> None:
    grid = figure.subplots(2, 2 * len(problems), squeeze=False)
    titles: list[str] = []
    for problem, pair in zip(problems, grid[0].reshape(-1, 2), strict=True):
        for axes, (quantity, (label, cut)) in zip(pair, QUANTITIES.items(), strict=True):
            drawn = bases.path_panel(axes, trajectories, newton[newton["problem"] == problem], quantity)
            paths.limits(axes, drawn, cut)
            paths.iteration_axis(axes, label=True)
            axes.set_ylabel(label)
            titles.append(runs.PROBLEMS[problem])
    for problem, (left, right) in zip(problems, grid[1].reshape(-1, 2), strict=True):
        here = newton[newton["problem"] == problem]
        bases.cosine_panel(left, list(runs.cells(here)))
        left.set_ylabel("largest |cos(Lφₖ, f)|")
        right.set_ylabel("Lφₖ and f, unit rms")
        titles += ["runs that ended\ntrivial", bases.basis_panel(right, bases.choose(here)[0], absent="no run ended trivial")]
    for axes, letter, text in zip(grid.flat, ascii_lowercase[len(problems) :], titles, strict=False):
        style.title(axes, letter, text)
    handles = [*bases.path_legend(), *bases.basis_legend("Lφₖ", "forcing f")]
    marks = {label: mark for axes in grid[1, ::2] for mark, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    handles += [marks[label] for label in dict.fromkeys(label for label, _ in runs.cells(newton)) if label in marks]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.2)
