"""The two ways to the environment agree, and neither names where packages come from."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_conda_reads_the_lock_and_the_locked_python():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, through_pip = environment["dependencies"]
    assert through_pip == {"pip": ["--require-hashes", "-r requirements.lock"]}
    assert pip == "pip"
    locked = re.search(r"--python-version (\S+)", LOCK)
    assert locked is not None
    assert python == f"python={locked[1]}"
    assert PROJECT["project"]["requires-python"].startswith(f">={locked[1]}")


def test_every_dependency_is_locked_with_hashes():
    declared = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["test"]
    names = {re.match(r"[\w-]+", requirement)[0].lower() for requirement in declared}
    blocks = re.findall(r"^([\w.-]+)==.*(?:\n    --hash=.*)+", LOCK, flags=re.MULTILINE)
    assert names <= set(blocks)
    assert len(blocks) == len(re.findall(r"^[\w.-]+==", LOCK, flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "environment.yml", "pyproject.toml", "Makefile", ".ci/run"])
def test_no_address_of_a_registry_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"(?<![\w$}.)])/(home|root|work|tmp|Users)/", text)


def test_the_citation_has_the_project_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["project"]["version"]
    assert citation["license"] == PROJECT["project"]["license"]


def test_every_target_of_make_is_listed_by_help():
    text = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)[1].split())
    assert targets == set(re.findall(r"^(\w+):.*## ", text, flags=re.MULTILINE))
    assert {"results", "test", "lint", "smoke", "clean", "help"} <= targets


def test_what_is_not_python_travels_with_the_package():
    package = ROOT / "src" / "stationary"
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["stationary"]
    others = [path.relative_to(package) for path in package.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    assert Path("report/templates/page.css") in others
    assert [path for path in others if not any(path.match(pattern) for pattern in patterns)] == []
