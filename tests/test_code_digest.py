import os
import sys

import pytest

from stationary.code_digest import closure, digest_of
from stationary.errors import UnknownModuleError

SOURCES = {
    "__init__.py": "",
    "base.py": "import math\n",
    "unrelated.py": "from . import base\n",
    "floor/__init__.py": "from .common import shared\n",
    "floor/common.py": "def shared():\n    from ..lazy import value\n    return value\n",
    "floor/room.py": "import os\nfrom {package} import base\n",
    "lazy.py": "from __future__ import annotations\nimport {package}.leaf\n",
    "leaf.py": "value = 1\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch, request):
    """A package of eight modules under a name of its own, for the search for packages is cached."""
    name = f"sample_{abs(hash(request.node.nodeid))}"
    for path, source in SOURCES.items():
        place = tmp_path / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(source.format(package=name))
    monkeypatch.syspath_prepend(tmp_path)
    return name, tmp_path / name


def test_the_closure_follows_every_kind_of_import(package):
    name, _ = package
    inside = ["", ".base", ".floor", ".floor.common", ".floor.room", ".lazy", ".leaf"]
    assert closure(f"{name}.floor.room") == [name + module for module in inside]
    assert closure(f"{name}.unrelated") == [name, f"{name}.base", f"{name}.unrelated"]
    assert not any(module.startswith(name) for module in sys.modules), "nothing may be run"


@pytest.mark.parametrize("edited", ["__init__.py", "base.py", "floor/__init__.py", "floor/common.py", "lazy.py", "leaf.py"])
def test_an_edit_within_reach_changes_the_digest(package, edited):
    name, folder = package
    before = digest_of(f"{name}.floor.room")
    with (folder / edited).open("a") as file:
        file.write("# edited\n")
    assert digest_of(f"{name}.floor.room") != before


def test_an_edit_out_of_reach_a_new_date_and_line_ends_do_not(package):
    name, folder = package
    before = digest_of(f"{name}.floor.room")
    (folder / "unrelated.py").write_text("x = 1\n")
    os.utime(folder / "leaf.py", (0, 0))
    (folder / "lazy.py").write_bytes((folder / "lazy.py").read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of(f"{name}.floor.room") == before


def test_several_modules_count_together(package):
    name, _ = package
    both = digest_of(f"{name}.leaf", f"{name}.base")
    assert both == digest_of(f"{name}.base", f"{name}.leaf")
    assert both not in (digest_of(f"{name}.leaf"), digest_of(f"{name}.base"))


def test_another_package_is_followed_into_this_one(package):
    name, folder = package
    (folder / "leaf.py").write_text("from stationary.tables import Column\n")
    assert {f"{name}.leaf", "stationary.tables", "stationary.row_hash"} <= set(closure(f"{name}.lazy"))


@pytest.mark.parametrize("absent", ["stationary.absent", "no_such_package.module"])
def test_a_module_that_is_not_there_is_named(absent):
    with pytest.raises(UnknownModuleError, match=absent):
        digest_of(absent)


def test_our_own_tables_reach_what_they_use_and_no_more():
    names = [f"stationary.{module}" for module in ("errors", "provenance", "row_hash", "storage", "tables")]
    assert closure("stationary.tables") == ["stationary", *names]


def test_a_figure_depends_on_no_method_and_no_other_figure():
    """So that editing Newton reruns Newton, and editing a figure redraws that figure."""
    figure = set(closure("stationary.figures.newton_spectra"))
    assert not {name for name in figure if name.startswith(("stationary.methods", "stationary.experiments"))}
    assert {name for name in figure if name.startswith("stationary.figures.newton_")} == {"stationary.figures.newton_spectra"}
    assert "stationary.methods.newton" in closure("stationary.experiments.newton")
    assert not {name for name in closure("stationary.experiments.newton") if name.startswith("stationary.figures")}
