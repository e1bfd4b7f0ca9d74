"""The two ways to the environment agree, and neither names where packages come from."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
GPU_LOCK = (ROOT / "requirements-gpu.lock").read_text()
FILES = ["requirements.lock", "requirements-gpu.lock", "environment.yml", "environment-gpu.yml", "pyproject.toml", "Makefile"]
FILES += [".ci/run"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize(("file", "locks"), [("environment.yml", [""]), ("environment-gpu.yml", ["", "-gpu"])])
def test_conda_reads_the_locks_and_the_locked_python(file, locks):
    environment = yaml.safe_load((ROOT / file).read_text())
    python, pip, through_pip = environment["dependencies"]
    assert through_pip == {"pip": ["--require-hashes", *(f"-r requirements{lock}.lock" for lock in locks)]}
    assert pip == "pip"
    locked = re.search(r"--python-version (\S+)", LOCK)
    assert locked is not None
    assert python == f"python={locked[1]}"
    assert PROJECT["project"]["requires-python"].startswith(f">={locked[1]}")
    # Conda's own grammar, as far as it can be asked without its channels.
    assert [str(MatchSpec(spec)) for spec in (python, pip)] == [f"python {locked[1]}.*", "pip"]


def pinned(lock):
    """Name to version, of the packages that have at least one hash."""
    return dict(re.findall(r"^([\w.-]+)==(\S+).*(?:\n    --hash=.*)+", lock, flags=re.MULTILINE))


def test_the_gpu_extra_adds_nvidia_s_libraries_to_the_locked_tensorflow():
    (requirement,) = PROJECT["project"]["optional-dependencies"]["gpu"]
    assert requirement == "tensorflow[and-cuda]>=2.21"
    asked = [Requirement(text) for text in metadata.requires("tensorflow") or () if "and-cuda" in text]
    added = pinned(GPU_LOCK)
    assert metadata.version("tensorflow") == pinned(LOCK)["tensorflow"]
    assert {one.name for one in asked} == set(added)
    assert all(one.specifier.contains(added[one.name]) for one in asked)
    assert not set(added) & set(pinned(LOCK))
    assert len(added) == len(re.findall(r"^[\w.-]+==", GPU_LOCK, flags=re.MULTILINE))


def test_every_dependency_is_locked_with_hashes():
    declared = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["test"]
    names = {re.match(r"[\w-]+", requirement)[0].lower() for requirement in declared}
    blocks = re.findall(r"^([\w.-]+)==.*(?:\n    --hash=.*)+", LOCK, flags=re.MULTILINE)
    assert names <= set(blocks)
    assert len(blocks) == len(re.findall(r"^[\w.-]+==", LOCK, flags=re.MULTILINE))


@pytest.mark.parametrize("name", FILES)
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
