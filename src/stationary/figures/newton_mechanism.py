"""The mechanism: the basis leaves the target, the output vanishes (Rowan 2025, claim N3; settings ours)."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from stationary.figures import bases, paths, runs, style

QUANTITIES = {
    "output_norm": ("output ‖u‖ / ‖f‖", (1e-16, 1e3)),
    "max_basis_target_product": ("largest |⟨φₖ, f⟩|", (1e-16, 1e3)),
}


@style.themed
def draw(tables: dict[str, pa.Table]) -> Figure:
    """Exact Newton's paths per network and target; cosines of those that ended trivial; two learned bases.

    Args:
        tables: ``runs`` and ``trajectories``.
    """
    frame = runs.main(runs.frame(tables["runs"], lists=["theta", "target_coefficients"]), "regression")
    frame = frame[frame["method"] == runs.EXACT]
    cells = list(runs.cells(frame))
    if not cells:
        return style.blank("no run of exact Newton in the regression main condition")
    trajectories = tables["trajectories"].to_pandas()
    figure = style.figure(6.2)
    top, bottom = np.asarray(figure.subfigures(2, 1, height_ratios=[1.75, 1.0]))
    grid = top.subplots(2, len(cells), squeeze=False, sharex=True)
    for row, (quantity, (label, cut)) in enumerate(QUANTITIES.items()):
        drawn = []
        for axes, (_, here) in zip(grid[row], cells, strict=True):
            drawn += bases.path_panel(axes, trajectories, here, quantity)
        for column, axes in enumerate(grid[row]):
            paths.limits(axes, drawn, cut)
            paths.iteration_axis(axes, label=row == 1)
            axes.tick_params(axis="y", labelleft=column == 0)
            cell = cells[column][0].replace(", ", "\n", 1) if row == 0 else ""
            style.title(axes, ascii_lowercase[row * len(cells) + column], cell)
        grid[row, 0].set_ylabel(label)
    letters = ascii_lowercase[2 * len(cells) :]
    cosines, least_axes, most_axes = bottom.subplots(1, 3)
    bases.cosine_panel(cosines, cells)
    cosines.set_ylabel("largest |cos(φₖ, f)|")
    style.title(cosines, letters[0], "runs that ended trivial")
    least, most = bases.choose(frame)
    style.title(least_axes, letters[1], bases.basis_panel(least_axes, least, absent="no run ended at a trivial point"))
    style.title(most_axes, letters[2], bases.basis_panel(most_axes, most, absent="no trivial point that is more saturated"))
    least_axes.set_ylabel("φₖ and f, unit rms")
    handles = [*bases.path_legend(), *bases.basis_legend("basis functions φₖ", "target f")]
    handles += cosines.get_legend_handles_labels()[0]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.2)
    return figure
