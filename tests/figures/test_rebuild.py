import numpy as np
import pytest

from stationary.figures import rebuild, runs


@pytest.mark.parametrize("problem", ["regression", "poisson"])
def test_basis_rebuilt_from_a_row_has_the_products_and_cosines_of_the_table(problem, tables):
    frame = runs.frame(tables["runs"], lists=["theta", "target_coefficients"])
    frame = frame[(frame["problem"] == problem) & np.isfinite(frame["loss"])]
    assert len(frame) >= 20
    for run in frame.to_dict("records"):
        basis, target = rebuild.basis_and_target(run, np.linspace(0.0, 1.0, run["nodes"]))
        products = np.abs(basis @ target)
        size = np.linalg.norm(basis, axis=1) * np.linalg.norm(target)
        # Orthogonal to rounding: compare on the scale of the factors, not of the vanishing product.
        assert products.max() / target.size == pytest.approx(
            run["max_basis_target_product"], abs=1e-9 * size.max() / target.size
        )
        assert (products / size).max() == pytest.approx(run["cosine_end"], abs=1e-9)
        if problem == "regression":
            assert rebuild.saturated_share(run) == run["saturated_share"]


@pytest.mark.parametrize("activation", ["tanh", "sine", "softplus", "gaussian"])
def test_derivatives_of_the_basis_agree_with_differences(activation):
    layout = '[["hidden_1", [3, 2], 0], ["hidden_2", [2, 4], 6], ["output", [1, 2], 14]]'
    theta = np.random.default_rng(0).normal(size=16)
    x, step = np.linspace(0.0, 1.0, 9), 1e-4
    (below, _, _), (value, slope, bend), (above, _, _) = (
        rebuild.basis(layout, theta, activation, x + shift) for shift in (-step, 0.0, step)
    )
    np.testing.assert_allclose(slope, (above - below) / (2 * step), atol=1e-6)
    np.testing.assert_allclose(bend, (above - 2 * value + below) / step**2, atol=1e-5)


def test_every_run_has_one_end_and_success_comes_first(tables):
    frame = runs.frame(tables["runs"])
    assert set(frame["end"]) <= set(runs.ENDS)
    assert (frame["success"] == (frame["end"] == "success")).all()
    trivial = frame["end"].isin(["trivial saddle", "trivial, other"])
    assert (trivial == frame["trivial"]).all()
    assert trivial.any()
