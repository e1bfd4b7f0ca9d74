"""Threads and memory of a job, set before the first heavy import.

A scheduler hands a job a number of cores; numerical libraries take the whole machine unless told otherwise. The number
also decides the order of summation in a product, so a fixed number is part of a bitwise repeatable result.
"""

import os

import threadpoolctl

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def configure(threads: int, *, tensorflow: bool = False) -> None:
    """Hold this process to ``threads`` threads; with ``tensorflow``, set that library up too.

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
    if tensorflow:
        _configure_tensorflow(threads)


def _configure_tensorflow(threads: int) -> None:
    # Start-up chatter about instruction sets would hide what a job's log should show.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    tf.config.experimental.enable_op_determinism()
