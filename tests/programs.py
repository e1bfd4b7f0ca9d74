"""Programs that tests start: those that some need beside Python are skipped where they are missing, but not in CI."""

import os
import shutil
import signal

import pytest


def needed(name):
    """The program's path."""
    if path := shutil.which(name):
        return path
    return without(f"{name} is not installed")


def hears_ctrl_c():
    """What a process does before its program: what a shell starts in the background ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def without(reason):
    """End a test that cannot run here; CI has to have what it needs."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
