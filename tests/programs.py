"""Programs that some tests need beside Python: skipped where they are missing, but not in CI, which installs them."""

import os
import shutil

import pytest


def needed(name):
    """The program's path."""
    if path := shutil.which(name):
        return path
    reason = f"{name} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
