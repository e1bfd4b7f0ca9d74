import numpy as np
import pytest
from scipy.integrate import quad

from stationary.datasets import targets

MEANS = {"sine": 0.0, "sine_offset": 0.7, "steep_tanh": 0.2, "high_frequency": 0.0}


@pytest.mark.parametrize("name", MEANS)
def test_means_are_those_of_the_table(name):
    mean = quad(lambda x: float(targets.target(name, np.array([x]))[0]), 0, 1, points=[0.4])[0]
    assert mean == pytest.approx(MEANS[name], abs=1e-6)


def test_band_limited_targets_have_mean_square_one_half_and_a_constant_term():
    coefficients = targets.draw_coefficients(np.random.default_rng(3), band_limit=3)
    square = quad(lambda x: float(targets.target("band_limited", np.array([x]), coefficients)[0]) ** 2, 0, 1)[0]
    mean = quad(lambda x: float(targets.target("band_limited", np.array([x]), coefficients)[0]), 0, 1)[0]
    assert square == pytest.approx(0.5, rel=1e-10)
    assert mean == pytest.approx(coefficients[0], rel=1e-9)


@pytest.mark.parametrize("reaction", [0.0, 2.5])
def test_forcing_is_the_operator_applied_to_the_solution(reaction):
    """u'' - c u by central differences of the stated solution."""
    coefficients = np.array([0.8, -0.5, 0.3])
    solutions = {
        "sine": lambda x: np.sin(2 * np.pi * x),
        "band_limited": lambda x: sum(c * np.sin((k + 1) * np.pi * x) for k, c in enumerate(coefficients)),
    }
    x, h = np.linspace(0.05, 0.95, 7), 1e-4
    for name, u in solutions.items():
        numeric = (u(x + h) - 2 * u(x) + u(x - h)) / h**2 - reaction * u(x)
        np.testing.assert_allclose(targets.forcing(name, x, reaction, coefficients), numeric, rtol=1e-5, atol=1e-5)


def test_random_solutions_keep_their_first_mode():
    generator = np.random.default_rng(0)
    drawn = np.stack([targets.draw_solution_coefficients(generator, band_limit=4) for _ in range(500)])
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1.0)
    assert np.abs(drawn[:, 0]).min() >= 0.3 - 1e-12


def test_a_name_that_is_no_target_is_refused():
    with pytest.raises(KeyError):
        targets.target("cosine", np.zeros(1))
    with pytest.raises(KeyError):
        targets.forcing("steep_tanh", np.zeros(1), 0.0)
