"""Threads, memory and GPU of a job, set before the first heavy import.

A scheduler hands a job a number of cores; numerical libraries take the whole machine unless told otherwise. The number
also decides the order of summation in a product, so a fixed number is part of a bitwise repeatable result. TensorFlow would
take every GPU and all its memory: a job sees one or none (docs/devices.md).
"""

import ctypes
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import threadpoolctl

from stationary.errors import DeviceError

Gpu = Literal["never", "auto", "required"]
Device = TypeVar("Device")

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


# TensorFlow and Keras load these if they are there, for wrappers and converters that no job uses.
_NOT_NEEDED = ("jax", "matplotlib", "pandas", "sklearn")

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEEP_BELOW_BYTES = 1 << 30


def configure(threads: int, *, tensorflow: bool = False, gpu: Gpu = "never", job: str = "") -> None:
    """Hold this process to ``threads`` threads and let it keep freed memory; with ``tensorflow``, set that library up too.

    Call it ahead of importing an experiment. TensorFlow takes seconds to import, so it is touched only on request.

    Args:
        threads: threads per linear-algebra or TensorFlow operation, >= 1.
        tensorflow: import TensorFlow, limit its two thread pools, ask for deterministic kernels.
        gpu: ``never`` hides all GPUs from it, for what is computed in float64; ``auto`` leaves one, if there is one, with
            memory that grows; ``required`` refuses to go on without.
        job: the job's name, which decides on one of several GPUs.

    Raises:
        ValueError: if ``threads`` is below 1.
        DeviceError: if a GPU is required and none is there.
        RuntimeError: from TensorFlow, if it has already run an operation.
    """
    if threads < 1:
        raise ValueError(f"a job needs at least one thread, got {threads}")
    # The variables reach libraries that load later (SciPy brings its own BLAS); the call reaches those already loaded.
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    threadpoolctl.threadpool_limits(limits=threads)
    keep_freed_memory()
    if tensorflow:
        _configure_tensorflow(threads, gpu, job)


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


def choose(gpus: Sequence[Device], gpu: Gpu, job: str) -> Sequence[Device]:
    """The GPU of a job, one or none of those that are visible.

    A scheduler that hands out GPUs shows a job its own alone (CUDA_VISIBLE_DEVICES). Where jobs of one machine see the same
    several, the job's name spreads them: whatever the order in which they run, a job has the same one.

    Args:
        gpus: what TensorFlow sees.
        gpu: as in :func:`configure`.
        job: the job's name.

    Raises:
        DeviceError: if one is required and none is there.

    >>> choose(["first", "second"], "auto", "minima/digits-authors_code-25.0")
    ['second']
    """
    if gpu == "never":
        return []
    if not gpus and gpu == "required":
        shown = os.environ.get("CUDA_VISIBLE_DEVICES")
        why = "" if shown is None else f" (CUDA_VISIBLE_DEVICES is {shown!r})"
        raise DeviceError(
            f"devices.gpu = required, but TensorFlow sees no GPU{why}. Ask the scheduler for one, install the gpu extra "
            "(docs/devices.md), or set devices.gpu to auto."
        )
    number = zlib.crc32(job.encode()) % len(gpus) if gpus else 0
    return list(gpus[number : number + 1])


def _take(tf: Any, gpu: Gpu, job: str) -> None:
    found = tf.config.list_physical_devices("GPU")
    chosen = choose(found, gpu, job)
    tf.config.set_visible_devices(chosen, "GPU")
    for device in chosen:
        tf.config.experimental.set_memory_growth(device, True)
    # By default newer GPUs multiply float32 with 10 bits of mantissa.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    if found:
        name = chosen[0].name if chosen else "the CPU"
        print(f"TensorFlow computes on {name}; GPUs visible: {len(found)}; devices.gpu = {gpu}", file=sys.stderr)


def _configure_tensorflow(threads: int, gpu: Gpu, job: str) -> None:
    # Start-up chatter about instruction sets would hide what a job's log should show.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    began = time.perf_counter()
    with _hidden(*_NOT_NEEDED):
        import tensorflow as tf
    # Into the job's log, where the imports of a run can be counted.
    print(f"TensorFlow {tf.__version__}: imported in {time.perf_counter() - began:.1f} s", file=sys.stderr)

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    _take(tf, gpu, job)
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
