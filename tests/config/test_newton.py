import re

import pytest

from stationary.config.newton import NewtonCondition, NewtonSettings
from stationary.config.settings import load

CONDITIONS = NewtonSettings().conditions(seed=5)


def test_names_are_safe_in_paths_and_lead_to_their_conditions():
    assert {"main-regression-10x10-sine", "main-poisson-10-band_limited", "sweep-10-activation-gaussian"} <= set(CONDITIONS)
    for name, condition in CONDITIONS.items():
        assert condition.name == name
        assert re.fullmatch(r"[A-Za-z0-9_.-]+", name)


def test_the_main_condition_is_every_problem_network_and_target():
    main = [condition for condition in CONDITIONS.values() if condition.family == "main"]
    assert len({(condition.problem, condition.hidden, condition.target) for condition in main}) == len(main) == 12
    for condition in main:
        settings = NewtonSettings().main
        expected = settings.methods if condition.problem == "regression" else settings.pinn_methods
        assert (condition.methods, condition.trajectories, condition.starts) == (expected, True, 100)


BASE = NewtonCondition(**{**CONDITIONS["sweep-10-base"].model_dump(), "methods": ()})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sweep-10-width-5", {"hidden": (5,)}),
        ("sweep-10-depth-3", {"hidden": (10, 10, 10)}),
        ("sweep-10-activation-sine", {"activation": "sine"}),
        ("sweep-10-target-steep_tanh", {"target": "steep_tanh"}),
        ("sweep-10-output-bias-true", {"output_bias": True}),
        ("sweep-10-start-scale-0.3", {"start_scale": 0.3}),
        ("sweep-10x10-width-15", {"hidden": (15, 15)}),
        ("sweep-10x10-base", {"hidden": (10, 10)}),
    ],
)
def test_the_sweep_changes_one_factor(name, change):
    # A sweep's budget pays for all iterations of its own network.
    common = {"methods": (), "budget": BASE.budget}
    assert CONDITIONS[name].model_copy(update=common) == BASE.model_copy(update={"name": name, **change})


@pytest.mark.parametrize("name", [name for name, c in CONDITIONS.items() if c.family == "sweep"])
def test_no_sweep_condition_runs_out_of_budget_before_its_iterations(name):
    condition = CONDITIONS[name]
    inputs, parameters = 1, 0
    for units in condition.hidden:
        inputs, parameters = units, parameters + units * (inputs + 1)
    parameters += inputs + condition.output_bias
    assert condition.budget >= (condition.max_iterations + 1) * (parameters + 1)


def test_a_network_that_two_bases_share_runs_once():
    assert "sweep-10x10-depth-3" not in CONDITIONS
    contents = [condition.model_copy(update={"name": "", "methods": ()}) for condition in CONDITIONS.values()]
    assert len(set(contents)) == len(contents)


def test_other_step_rules_run_at_the_bases_only():
    with_search = [name for name, c in CONDITIONS.items() if c.family == "sweep" and "newton_loss_search" in c.methods]
    assert with_search == ["sweep-10-base", "sweep-10x10-base"]


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_survives_the_way_through_json(name):
    condition = CONDITIONS[name]
    back = NewtonCondition.model_validate_json(condition.model_dump_json())
    assert hash(back) == hash(condition)
    assert back == condition


def test_the_root_seed_reaches_every_condition():
    assert {condition.seed for condition in load({"seed": 9}).newton.conditions(9).values()} == {9}
