"""The recipe that docs/numerics.md prints, run as it stands on fresh rows of every problem."""

from pathlib import Path

import pytest

from stationary.config.newton import NewtonSettings
from stationary.experiments import newton

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


@pytest.fixture(scope="module")
def recompute():
    page = (Path(__file__).parents[2] / "docs" / "numerics.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {"__name__": "recipe"}
    exec(compile(code, "docs/numerics.md", "exec"), names)
    return names["recompute"]


@pytest.mark.parametrize(("condition", "method"), SAMPLED)
def test_a_third_party_gets_the_rows_numbers(recompute, condition, method):
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
