"""The page's templates, which travel with the package."""

from __future__ import annotations

import hashlib
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = "templates"


def environment() -> Environment:
    """Jinja's environment of the page: everything is escaped, and a name that is not there is an error."""
    return Environment(
        loader=PackageLoader("stationary.report", _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> Markup:
    """A style sheet or a script, to stand in the page as it is."""
    return Markup(_folder().joinpath(name).read_text(encoding="utf-8"))


def digest() -> str:
    """SHA-256 of all templates, 64 hex digits: what a rule that builds the page depends on beside Python code."""
    content = hashlib.sha256()
    for name in sorted(path.name for path in _folder().iterdir()):
        content.update(name.encode() + b"\0" + _folder().joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    return content.hexdigest()


def _folder() -> resources.abc.Traversable:
    return resources.files("stationary.report").joinpath(_FOLDER)
