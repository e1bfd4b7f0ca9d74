"""Mutated configurations: each works all the way to the plan of jobs, or is refused in one line that names the key."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from mutated_settings import DEFAULTS, PAPER, SMOKE, configurations
from stationary.config.base import MOST_JOBS
from stationary.config.minima import AnnealingCondition, MinimaCondition, TeacherCondition
from stationary.config.newton import NewtonCondition
from stationary.config.saddle_condition import SaddleProblem, Search
from stationary.config.settings import Settings, load
from stationary.config.spin_glass import DescentSettings
from stationary.datasets import places
from stationary.errors import UserError

ROOT = Path(__file__).parents[2]
COMMON = compile((ROOT / "workflow" / "rules" / "common.smk").read_text(), "common.smk", "exec")
"""What the workflow derives from its settings while it is read; the file is plain Python."""


def plan(found: Settings) -> int:
    """Derive all that the workflow derives, as the rules ask for it; returns the number of parts."""
    rules = {"SETTINGS": found}
    exec(COMMON, rules)
    call = SimpleNamespace
    for (batch, group), conditions in rules["NEWTON_BATCHES"].items():
        assert len(f"{batch}/{group}") < 200
        given_settings = rules["newton_settings"](call(batch=batch, group=group))
        assert [NewtonCondition.model_validate(one) for one in given_settings] == list(conditions)
    for name, condition in rules["MINIMA_CONDITIONS"].items():
        assert MinimaCondition.model_validate(rules["minima_condition"](call(condition=name))) == condition
        assert rules["groups_per_block"](condition) >= 1
    for model, conditions in ((AnnealingCondition, rules["MINIMA_ANNEALING"]), (TeacherCondition, rules["MINIMA_TEACHERS"])):
        assert all(model.model_validate(one.model_dump(mode="json")) == one for one in conditions.values())
    for name in rules["SADDLE_PROBLEMS"]:
        SaddleProblem.model_validate(rules["saddle_problem"](call(problem=name)))
        for finder in found.saddles.finders:
            Search.model_validate(rules["saddle_finder_settings"](call(problem=name, finder=finder)))
    for hidden in rules["SADDLE_OPTIMISERS"]:
        SaddleProblem.model_validate(rules["optimiser_problem"](call(hidden=str(hidden))))
    for part in rules["descent_parts"](None):
        size, group = Path(part).stem.split(".")
        assert rules["descent_draws"](call(size=size, group=group))
    DescentSettings.model_validate({**rules["descent_settings"](None), "sizes": [10], "draws": [2]})
    parts = [part for kind in ("runs", "points") for part in rules["minima_parts"](kind)]
    parts += [part for kind in ("spectra", "polished") for part in rules["minima_curvature"](kind)]
    parts += [*rules["newton_parts"]("runs"), *rules["saddle_parts"]("runs"), *rules["descent_parts"](None)]
    parts += rules["CRITICAL_POINTS_DRAWS"]
    assert len(set(parts)) == len(parts)
    assert all(part.isprintable() and max(map(len, part.split("/"))) < 200 for part in parts)
    return len(parts)


def check(tree):
    try:
        found = load(tree)
        for experiment in ("minima", "saddles"):
            chosen = getattr(found, experiment)
            places.check(chosen.dataset, chosen.path, key=f"{experiment}.path")
    except UserError as refusal:
        line = str(refusal)
        assert line.isprintable(), line
        assert len(line) < 600, line
        assert line.startswith(("config: ", "minima.path", "saddles.path")), line
        return
    assert plan(found) < 10 * MOST_JOBS


@given(tree=configurations())
@settings(max_examples=2500, deadline=None)
def test_a_mutated_configuration_works_or_is_refused_in_one_line(tree):
    check(tree)


@pytest.mark.parametrize("tree", [{}, DEFAULTS, SMOKE, PAPER], ids=["nothing", "laptop", "smoke", "paper"])
def test_what_is_shipped_is_planned(tree):
    assert 20 < plan(load(tree)) < MOST_JOBS
