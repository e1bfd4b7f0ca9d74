import platform
import re
import subprocess
import sys

import pytest

from stationary import devices

START = """
import sys, numpy, threadpoolctl
from stationary import devices
devices.configure({threads}, tensorflow={tensorflow})
import scipy.linalg
print({{pool["num_threads"] for pool in threadpoolctl.threadpool_info()}}, "tensorflow" in sys.modules)
"""


def started(**settings):
    code = START.format(**settings)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("threads", [1, 2])
def test_every_pool_keeps_to_the_threads_and_tensorflow_stays_out(threads):
    assert started(threads=threads, tensorflow=False) == f"{{{threads}}} False\n"


@pytest.mark.tensorflow
def test_tensorflow_comes_on_request():
    assert started(threads=1, tensorflow=True) == "{1} True\n"


IMPORTED = """
import sys
from stationary import devices
devices.configure(1, tensorflow=True)
print(sorted({"jax", "pandas", "sklearn"} & set(sys.modules)))
import pandas
"""


@pytest.mark.tensorflow
def test_tensorflow_brings_no_package_that_no_job_uses_and_says_how_long_it_took():
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert re.search(r"^TensorFlow [\d.]+: imported in \d+\.\d s$", done.stderr, flags=re.MULTILINE)


def test_no_threads_are_too_few():
    with pytest.raises(ValueError, match="at least one thread"):
        devices.configure(0)


FAULTS = """
import resource, numpy
from stationary import devices
kept = devices.keep_freed_memory()
numpy.ones(1 << 21)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    numpy.ones(1 << 21)
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has this knob")
def test_large_temporaries_reuse_the_same_pages():
    kept, faults = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True).stdout.split()
    assert kept == "True"
    assert int(faults) < 100  # 16 MB twenty times over, against 4096 pages each time


def test_a_c_library_without_the_knob_is_left_alone(monkeypatch):
    monkeypatch.setattr(devices.ctypes, "CDLL", lambda _: object())
    assert not devices.keep_freed_memory()
