"""The machine that the page is made on: a page may say so, tables must not (they are equal between equal runs)."""

from __future__ import annotations

import os
import platform


def facts() -> dict[str, str]:
    """Platform, Python, processor cores and memory, each in words."""
    return {
        "platform": platform.platform(),
        "Python": platform.python_version(),
        "cores": str(os.cpu_count() or "unknown"),
        "memory": _memory(),
    }


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB"
    except (OSError, ValueError):
        return "unknown"
