"""One hash for all the code that a module can reach, in its own package and in this one.

Snakemake sees edits in scripts, not in an imported package. A rule that carries ``digest_of("package.experiments.x")`` as
a parameter reruns exactly when code that x imports, directly or not, has changed: file times play no part, so a fresh clone
with results in place stays quiet.

The closure is static (the modules are parsed, never run): absolute and relative imports at any depth of nesting, and the
``__init__`` of every package on the way. Imports by computed names are out of its sight; the package uses none.
"""

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from stationary.errors import UnknownModuleError


def digest_of(*modules: str) -> str:
    """SHA-256 (64 hex digits) over the names and sources of the modules' joint import closure.

    Args:
        modules: dotted names, e.g. ``"stationary.experiments.newton"``, of this package or of one that builds on it.

    Raises:
        UnknownModuleError: if a module does not exist.
    """
    digest = hashlib.sha256()
    for name in closure(*modules):
        path = _find(name)
        assert path is not None  # closure() only returns modules that have a file
        # Line ends differ between checkouts of one commit; nothing else is forgiven.
        source = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(source)}\0".encode() + source)
    return digest.hexdigest()


def closure(*modules: str) -> list[str]:
    """The modules and everything of their own packages and of this one that they import, sorted by dotted name.

    Raises:
        UnknownModuleError: if a module does not exist.
    """
    for name in modules:
        if _find(name) is None:
            raise UnknownModuleError(f"There is no module {name}. Name one below src/, or of a package on Python's path.")
    packages = {name.partition(".")[0] for name in (*modules, __name__)}
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found or _find(name) is None:
            continue
        found.add(name)
        waiting.extend(_with_parents(name))
        for imported in _imports(name):
            if imported.partition(".")[0] in packages:
                waiting.extend(_with_parents(imported))
    return sorted(found)


def _with_parents(name: str) -> Iterator[str]:
    """``a.b.c`` and the packages Python runs on the way to it: a.b, a."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _imports(name: str) -> tuple[str, ...]:
    """Dotted names a module may import; an imported attribute counts as a possible submodule."""
    path = _find(name)
    assert path is not None
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return _imports_of(path.read_bytes(), package, str(path))


# Every rule's digest meets the same modules, and every process of Snakemake asks for all digests; an edit is another source.
@cache
def _imports_of(source: bytes, package: str, path: str) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(source, filename=path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            relative = "." * node.level + (node.module or "")
            base = importlib.util.resolve_name(relative, package)
            found += (base, *(f"{base}.{alias.name}" for alias in node.names))
    return tuple(dict.fromkeys(found))


def _find(name: str) -> Path | None:
    """The file of a module, without importing it."""
    package, _, rest = name.partition(".")
    root = _package_folder(package)
    if root is None:
        return None
    place = root.joinpath(*rest.split(".")) if rest else root
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return path
    return None


@cache
def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(next(iter(locations))) if locations else None
