"""Mutated configurations: each works all the way to the plan of jobs, or is refused in one line that names the key."""

import copy
import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stationary.config.base import MOST_JOBS
from stationary.config.minima import AnnealingCondition, MinimaCondition, TeacherCondition
from stationary.config.newton import NewtonCondition
from stationary.config.saddle_condition import SaddleProblem, Search
from stationary.config.settings import Settings, load
from stationary.config.spin_glass import DescentSettings
from stationary.datasets import places
from stationary.errors import UserError

ROOT = Path(__file__).parents[2]
DEFAULTS = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
OVERLAYS = [yaml.safe_load((ROOT / "config" / f"{name}.yaml").read_text()) for name in ("smoke", "paper")]
COMMON = compile((ROOT / "workflow" / "rules" / "common.smk").read_text(), "common.smk", "exec")
"""What the workflow derives from its settings while it is read; the file is plain Python."""


def leaves(tree, place=()):
    yield place
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from leaves(value, (*place, key))


PLACES = [place for place in leaves(DEFAULTS) if place]
WORDS = sorted({value for place in PLACES if isinstance(value := place[-1], str)}) + ["tanh", "newton", "digits", "4x4-5"]
NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([-1, 2**31, 2**63, 10**9, 10**30, 10**400]),
    st.floats(allow_nan=True, allow_infinity=True),
)
SCALARS = st.one_of(
    NUMBERS,
    NUMBERS.filter(lambda number: abs(number) < 1e300).map(str),
    st.sampled_from(
        [None, True, False, "1e5", "1e-9", "", "~", "0x1F", "1_000", "٣", "a\nb", "\0", "{x}", "../..", "x" * 5000]
    ),
    st.sampled_from([datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1), b"bytes", {1, 2}]),  # what YAML can give
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
KEYS = st.one_of(SCALARS.filter(lambda value: not isinstance(value, set)))
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=3) | st.just(list(range(3000))),
    max_leaves=6,
)


def changed(tree, place, how, value, key):
    """A tree with one thing in it replaced, deleted, renamed, repeated, wrapped or joined by something new."""
    parent = tree
    for part in place[:-1]:
        if isinstance(parent, list) and isinstance(part, int) and part < len(parent):
            parent = parent[part]
        elif isinstance(parent, dict):
            parent = parent.get(part)
        else:
            return
    last = place[-1]
    if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        parent[:] = {
            "replace": parent[:last] + [value] + parent[last + 1 :],
            "delete": parent[:last] + parent[last + 1 :],
            "repeat": parent + [parent[last]],
            "add": parent + [value],
        }.get(how, [parent])
    elif isinstance(parent, dict) and last in parent:
        old = parent.pop(last)
        more = {"replace": {last: value}, "rename": {key: old}, "wrap": {last: [old]}, "add": {last: old, key: value}}
        parent.update(more.get(how, {}))


@st.composite
def configurations(draw):
    tree = copy.deepcopy(draw(st.sampled_from([{}, DEFAULTS, *OVERLAYS])))
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(["replace", "replace", "replace", "delete", "rename", "repeat", "wrap", "add"]))
        place = draw(st.sampled_from(PLACES))
        if how == "replace" and not tree:
            for part in reversed(place):
                tree = {part: draw(GARBAGE) if part is place[-1] else tree}
        changed(tree, place, how, draw(GARBAGE), draw(KEYS))
    return tree


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


@pytest.mark.parametrize("tree", [{}, DEFAULTS, *OVERLAYS], ids=["nothing", "laptop", "smoke", "paper"])
def test_what_is_shipped_is_planned(tree):
    assert 20 < plan(load(tree)) < MOST_JOBS
