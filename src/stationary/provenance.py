"""Where a table's rows come from: settings, code and packages, without anything that changes between two equal runs."""

import hashlib
import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

_PACKAGES = ("stationary", "numpy", "scipy", "pyarrow", "tensorflow")


@dataclass(frozen=True)
class Provenance:
    """The origin of a table's rows.

    Attributes:
        settings_sha256: hash of the settings the rows depend on, 64 hex digits.
        commit: of the code, with ``-dirty`` if tracked files differed from it; ``unknown`` outside a git checkout.
        packages: name to version of what can change a number.
        seed: the root seed.
        scale: smoke, laptop or paper.
    """

    settings_sha256: str
    commit: str
    packages: dict[str, str]
    seed: int
    scale: str

    def to_json(self) -> str:
        """One line of JSON with sorted keys, so that equal origins are equal bytes."""
        return json.dumps(asdict(self), sort_keys=True)


def here(settings: Mapping[str, object], *, seed: int, scale: str) -> Provenance:
    """The provenance of rows made by this process.

    Args:
        settings: what the rows depend on, as plain JSON data; it is hashed, not stored.
        seed: the root seed.
        scale: smoke, laptop or paper.
    """
    canonical = json.dumps(settings, sort_keys=True, separators=(",", ":"))
    return Provenance(hashlib.sha256(canonical.encode()).hexdigest(), _commit(), _versions(), seed, scale)


@cache
def _commit() -> str:
    folder = Path(__file__).resolve().parent
    try:
        # Asking for this file first: an installed copy may lie inside somebody else's repository.
        _git(folder, "ls-files", "--error-unmatch", Path(__file__).name)
        return _git(folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _versions() -> dict[str, str]:
    installed = {}
    for package in _PACKAGES:
        try:
            installed[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            installed[package] = "not installed"
    return installed
