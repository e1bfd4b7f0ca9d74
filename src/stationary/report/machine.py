"""What a run was computed on, as far as it can change or slow a number down."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import threadpoolctl

_CPUINFO = Path("/proc/cpuinfo")


def describe() -> dict[str, Any]:
    """This machine: processor, cores this process may use, memory in GB, system, Python, and each BLAS with its kernels.

    The host's name stays out: it says nothing about a number.
    """
    import numpy  # noqa: F401  # both libraries are asked for the BLAS that they bring
    import scipy.linalg  # noqa: F401

    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    blas = sorted({f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".strip() for pool in pools})
    return {
        "cpu": _cpu(),
        "cores": _cores(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "blas": blas,
    }


def _cpu() -> str:
    if _CPUINFO.is_file():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> float | None:
    """Of the whole machine, in GB; none where the system does not say."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (OSError, ValueError):
        return None
