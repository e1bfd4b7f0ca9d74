import pytest

from stationary.config.settings import load
from stationary.errors import ConfigError

REFUSALS = {
    "an unknown name": (
        {"newton": {"main": {"activation": "tahn"}}},
        (
            "config: newton.main.activation = 'tahn' is not an activation. "
            "Use one of: gaussian, sine, softplus, tanh (did you mean 'tanh'?)."
        ),
    ),
    "an unknown name in a list": (
        {"newton": {"sweep": {"targets": ["steep_tanh", "stepp_tanh"]}}},
        (
            "config: newton.sweep.targets[1] = 'stepp_tanh' is not a target. "
            "Use one of: band_limited, high_frequency, sine, sine_offset, steep_tanh (did you mean 'steep_tanh'?)."
        ),
    ),
    "an unknown key": (
        {"sead": 3},
        (
            "config: sead is not a key. Use one of: conditioning, convexity, devices, minima, newton, optimizers, "
            "saddles, scale, seed, source, spin_glass, symmetry, traps (did you mean 'seed'?)."
        ),
    ),
    "a number too small": (
        {"newton": {"starts": 3}},
        "config: newton.starts = 3 is not allowed. Use a whole number >= 10 and <= 100000.",
    ),
    "a word for a number": (
        {"newton": {"starts": "many"}},
        "config: newton.starts = 'many' is not allowed. Use a whole number >= 10 and <= 100000.",
    ),
    "half a start": (
        {"newton": {"starts": 12.5}},
        "config: newton.starts = 12.5 is not allowed. Use a whole number >= 10 and <= 100000.",
    ),
    "a number for a list": (
        {"newton": {"main": {"hidden": [10]}}},
        (
            "config: newton.main.hidden[0] = 10 is not allowed. "
            "Use a list of at least 1 and at most 10: each a whole number >= 1 and <= 1000."
        ),
    ),
    "a number for a group": (
        {"newton": {"main": 3}},
        (
            "config: newton.main = 3 is not allowed. "
            "Use a group with the keys activation, hidden, methods, pinn_first_order_iterations, "
            "pinn_gradient_iterations, pinn_methods, problems, targets."
        ),
    ),
    "nothing": (
        {"newton": {"theta_bound": None}},
        "config: newton.theta_bound = null is not allowed. Use a number > 1.",
    ),
    "infinity": (
        {"newton": {"gradient_tolerance": float("inf")}},
        "config: newton.gradient_tolerance = inf is not allowed. Use a number > 0 and < 1.",
    ),
    "not a truth value": (
        {"newton": {"sweep": {"output_bias": ["maybe"]}}},
        "config: newton.sweep.output_bias[0] = 'maybe' is not allowed. Use true or false.",
    ),
    "twice the same": (
        {"newton": {"main": {"methods": ["adam", "newton", "adam"]}}},
        "config: newton.main.methods: 'adam' is listed twice. Leave one out.",
    ),
    "draws for other sizes": (
        {"spin_glass": {"descents": {"sizes": [25, 50]}}},
        "config: spin_glass.descents: draws has 4 entries for 2 sizes. Give one number per size.",
    ),
    "a search of nothing": (
        {"spin_glass": {"exhaustive": {"sizes": [8], "spins": [4], "most_paths": 1000}}},
        (
            "config: spin_glass.exhaustive: most_paths = 1000 is too few for any search with draws = 200. "
            "Raise it to at least 328000 (p = 4, N = 8)."
        ),
    ),
    "two mistakes": (
        {"scale": "latpop", "seed": -1},
        "config: seed = -1 is not allowed. Use a whole number >= 0 and < 4294967296. (1 more to mend after this one)",
    ),
}


@pytest.mark.parametrize("mistake", REFUSALS)
def test_a_refusal_is_one_line_that_says_what_to_do(mistake):
    values, line = REFUSALS[mistake]
    with pytest.raises(ConfigError) as refusal:
        load(values)
    assert str(refusal.value) == line


def test_the_paths_that_a_refused_search_names_are_enough():
    named = {"sizes": [8], "spins": [4], "draws": 201, "most_paths": 329640}
    assert load({"spin_glass": {"exhaustive": named}}).spin_glass.exhaustive.cells() == [(4, 8)]
    with pytest.raises(ConfigError, match="at least 329640"):
        load({"spin_glass": {"exhaustive": {**named, "most_paths": 329639}}})


def test_text_over_several_lines_stays_on_one():
    with pytest.raises(ConfigError) as refusal:
        load({"scale": "a\nb" * 100})
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("text", "message"),
    [("newton: [", "is not YAML"), ("- 1\n- 2\n", "holds no keys"), (None, "cannot read")],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path, text, message):
    path = tmp_path / "config.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigError, match=message) as refusal:
        load(path)
    assert "\n" not in str(refusal.value)


def test_yaml_numbers_without_a_point_are_numbers(tmp_path):
    """YAML reads 1e-9 as a text; a user means the number."""
    (tmp_path / "config.yaml").write_text("newton:\n  gradient_tolerance: 1e-9\n")
    assert load(tmp_path / "config.yaml").newton.gradient_tolerance == 1e-9
