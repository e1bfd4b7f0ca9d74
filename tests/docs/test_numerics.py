"""The recipes that docs/numerics.md prints, run as they stand on fresh rows of every problem."""

from pathlib import Path

import pytest

from stationary.config.newton import NewtonSettings
from stationary.config.saddles import SaddleSettings
from stationary.experiments import newton, saddle_search, saddle_starts

SETTINGS = NewtonSettings(starts=10, sweep_starts=10, nodes=31, max_iterations=60)
CONDITIONS = SETTINGS.conditions(seed=0)
SAMPLED = [
    ("main-regression-10-sine", "newton"),
    ("main-regression-10x10-band_limited", "saddle_free_newton"),
    ("main-poisson-10-sine", "newton"),
    ("main-reaction_diffusion-10-band_limited", "levenberg_marquardt"),
    ("sweep-10-output-bias-true", "newton"),
    ("sweep-10-activation-gaussian", "newton"),
    ("sweep-10-target-steep_tanh", "newton"),
]


def recipe(number):
    """The function ``recompute`` of one block of code on the page."""
    page = (Path(__file__).parents[2] / "docs" / "numerics.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[number].split("```")[0]
    names: dict[str, object] = {"__name__": "recipe"}
    exec(compile(code, "docs/numerics.md", "exec"), names)
    return names["recompute"]


@pytest.mark.parametrize(("condition", "method"), SAMPLED)
def test_a_third_party_gets_the_rows_numbers(condition, method):
    recompute = recipe(1)
    condition = CONDITIONS[condition].model_copy(update={"trajectories": False})
    for row in newton.run(condition, method=method, block=0, block_size=4).runs.to_pylist():
        again = recompute(row)
        assert again["loss"] == pytest.approx(row["loss"], rel=1e-9, abs=1e-14)
        rounding = 1e-11 * row["gradient_scale"] + 1e-13
        assert again["gradient_norm"] == pytest.approx(row["gradient_norm"], rel=1e-6, abs=rounding)
        # Only an eigenvalue at the very edge of the band may change sides between two ways of summing.
        edge = sum(0.5 < abs(value) / row["null_band"] < 2.0 for value in row["eigenvalues"])
        assert abs(again["n_negative"] - row["n_negative"]) <= edge
        assert abs(again["n_positive"] - row["n_positive"]) <= edge


SADDLES = SaddleSettings.model_validate(
    {"classifiers": ["4x4-2"], "classifier_starts": [5], "deep_starts": [5, 5, 5], "autoencoder_hidden": [2, 3]}
    | {"deep_hidden": [3, 2], "samples": 40, "random_samples": 30, "trajectories": 1, "newton_mr_iterations": 20}
)


@pytest.mark.parametrize("name", ["classifier-4x4-2", "deep_autoencoder", "deep_random_labels"])
def test_a_third_party_gets_the_numbers_of_saddles(name):
    problem, recompute = SADDLES.problems(3)[name], recipe(2)
    starts = saddle_starts.run(problem).slice(2, 1)
    for row in saddle_search.run(problem, SADDLES.search("newton_mr", problem.kind), starts).runs.to_pylist():
        again = recompute(row, root=3)
        assert again["loss"] == pytest.approx(row["loss"], rel=1e-9)
        assert again["gradient_norm"] == pytest.approx(row["gradient_norm"], rel=1e-6, abs=1e-12)
        edge = sum(0.5 < abs(value) / row["null_band"] < 2.0 for value in row["eigenvalues"])
        assert abs(again["n_negative"] - row["n_negative"]) <= edge
        assert abs(again["n_positive"] - row["n_positive"]) <= edge
