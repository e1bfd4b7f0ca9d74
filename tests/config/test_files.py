import difflib
import json
from pathlib import Path

import pytest
import yaml

from stationary.config import render
from stationary.config.settings import Settings, load

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize(("name", "made"), [("config.yaml", render.default_yaml), ("schema.json", render.schema_json)])
def test_files_are_what_the_models_say(name, made):
    found, expected = (CONFIG / name).read_text(), made()
    diff = difflib.unified_diff(found.splitlines(), expected.splitlines(), f"config/{name}", "the models", lineterm="")
    assert found == expected, "\n".join(["Run `python -m stationary.config.render`:", *diff])


def test_rendering_writes_both_files(tmp_path):
    render.main(tmp_path)
    assert load(tmp_path / "config.yaml") == Settings()
    assert json.loads((tmp_path / "schema.json").read_text())["additionalProperties"] is False


def test_every_key_is_explained():
    lines = render.default_yaml().splitlines()
    keys = [number for number, line in enumerate(lines) if line.partition(":")[0].strip().isidentifier()]
    assert len(keys) > 30
    assert all(lines[number - 1].lstrip().startswith("# ") for number in keys)


@pytest.mark.parametrize("scale", ["smoke", "paper"])
def test_overlays_are_valid_and_name_their_scale(scale):
    overlay = load(CONFIG / f"{scale}.yaml")
    assert overlay.scale == scale


def test_the_smoke_overlay_asks_for_little_and_the_paper_overlay_for_much():
    jobs = {}
    for scale in ("smoke", "paper"):
        conditions = load(CONFIG / f"{scale}.yaml").newton.conditions(seed=1).values()
        jobs[scale] = sum(condition.starts * len(condition.methods) for condition in conditions)
    laptop = sum(condition.starts * len(condition.methods) for condition in Settings().newton.conditions(seed=1).values())
    assert 20 * jobs["smoke"] < laptop < jobs["paper"] / 5


def test_the_claims_and_their_rules_are_all_there():
    claims = yaml.safe_load((CONFIG / "claims.yaml").read_text())["claims"]
    assert len(claims) == len({claim["id"] for claim in claims}) == 64
    assert all(claim["supported"] and claim["refuted"] for claim in claims)
