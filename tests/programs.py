"""Programs that some tests need beside Python: skipped where they are missing, but not in CI, which installs them."""

import os
import shutil

import pytest


def needed(name):
    """The program's path."""
    if path := shutil.which(name):
        return path
    return without(f"{name} is not installed")


def without(reason):
    """End a test that cannot run here; CI has to have what it needs."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
