"""Every file that docs/extending.md names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
NAMED = [path for path in re.findall(r"`([\w./-]+/[\w./-]*)`", PAGE) if not path.startswith("results/")]


def test_what_the_page_names_exists():
    assert len(NAMED) > 20
    assert not [path for path in NAMED if not (ROOT / path).exists()]


def test_the_page_walks_through_every_file_of_the_example():
    files = [path for path in (ROOT / "tests" / "extension").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    left_out = {path.relative_to(ROOT).as_posix() for path in files} - set(NAMED)
    assert left_out == {"tests/extension/conftest.py", "tests/extension/valleys/__init__.py"}
