"""Threads and memory of a job, set before the first heavy import.

A scheduler hands a job a number of cores; numerical libraries take the whole machine unless told otherwise. The number
also decides the order of summation in a product, so a fixed number is part of a bitwise repeatable result.
"""

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import threadpoolctl

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


# TensorFlow and Keras load these if they are there, for wrappers and converters that no job uses.
_NOT_NEEDED = ("jax", "matplotlib", "pandas", "sklearn")

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEEP_BELOW_BYTES = 1 << 30


def configure(threads: int, *, tensorflow: bool = False) -> None:
    """Hold this process to ``threads`` threads and let it keep freed memory; with ``tensorflow``, set that library up too.

    Call it ahead of importing an experiment. TensorFlow takes seconds to import, so it is touched only on request.

    Args:
        threads: threads per linear-algebra or TensorFlow operation, >= 1.
        tensorflow: import TensorFlow, limit its two thread pools, ask for deterministic kernels, and let GPU memory grow.

    Raises:
        ValueError: if ``threads`` is below 1.
        RuntimeError: from TensorFlow, if it has already run an operation.
    """
    if threads < 1:
        raise ValueError(f"a job needs at least one thread, got {threads}")
    # The variables reach libraries that load later (SciPy brings its own BLAS); the call reaches those already loaded.
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    threadpoolctl.threadpool_limits(limits=threads)
    keep_freed_memory()
    if tensorflow:
        _configure_tensorflow(threads)


def keep_freed_memory() -> bool:
    """Ask the C library to reuse freed memory instead of returning it to the kernel.

    NumPy frees every temporary at once. By default blocks of more than a few hundred kB go back to the kernel and each
    page is faulted in again by the next temporary: a stack of 32 Hessians of 30 parameters takes 0.16 ms each that way
    and 0.03 ms with memory kept (measured on the machine of benchmarks/README.md).

    Returns:
        whether the C library took the request; False, without harm, where it has no ``mallopt`` (macOS, Windows, musl).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_M_TRIM_THRESHOLD, -1)) and bool(mallopt(_M_MMAP_THRESHOLD, _KEEP_BELOW_BYTES))


def _configure_tensorflow(threads: int) -> None:
    # Start-up chatter about instruction sets would hide what a job's log should show.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    began = time.perf_counter()
    with _hidden(*_NOT_NEEDED):
        import tensorflow as tf
    # Into the job's log, where the imports of a run can be counted.
    print(f"TensorFlow {tf.__version__}: imported in {time.perf_counter() - began:.1f} s", file=sys.stderr)

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Packages not yet loaded look uninstalled inside: what would load them on the way costs nothing."""
    hidden = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python marks a module that is not to be found
    try:
        yield
    finally:
        for package in hidden:
            del sys.modules[package]
