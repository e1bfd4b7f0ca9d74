"""Lines of claims against what a YAML parser and Python's own introspection say."""

import inspect
from pathlib import Path

import pytest
import yaml

from stationary.experiments import newton_summary
from stationary.report import places

CONFIG = Path(__file__).parents[2] / "config"


def _lines(file):
    """Claim to the line on which the parser meets it."""
    root = {key.value: value for key, value in yaml.compose((CONFIG / file).read_text()).value}
    claims = root["claims"]
    if isinstance(claims, yaml.MappingNode):
        return {key.value: key.start_mark.line + 1 for key, _ in claims.value}
    return {{key.value: value.value for key, value in one.value}["id"]: one.start_mark.line + 1 for one in claims.value}


@pytest.mark.parametrize("file", ["claims.yaml", "ledger.yaml"])
def test_every_claim_is_found_where_the_parser_meets_it(file):
    expected = _lines(file)
    assert len(expected) == 64
    assert {name: places.of_claim(name, CONFIG / file).line for name in expected} == expected


def test_a_claims_statistic_is_in_the_function_that_names_it():
    (place,) = places.of_statistic("N7", places.modules_of("newton"))
    lines, start = inspect.getsourcelines(getattr(newton_summary, place.what))
    assert str(place) == f"src/stationary/experiments/newton_summary.py:{place.line}"
    assert '"N7"' in lines[place.line - start]


def test_the_modules_of_an_experiment_begin_with_its_name():
    assert {path.stem for path in places.modules_of("traps")} >= {"traps", "traps_summary"}
    assert all(path.stem.startswith("saddle") for path in places.modules_of("saddles"))


def test_paths_outside_the_project_tell_nothing_of_the_machine(tmp_path):
    assert places.shown(tmp_path / "config" / "claims.yaml") == "config/claims.yaml"
    assert places.shown(CONFIG / "claims.yaml") == "config/claims.yaml"
    assert places.shown("results/claims.parquet") == "results/claims.parquet"
