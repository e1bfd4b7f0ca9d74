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


def test_no_threads_are_too_few():
    with pytest.raises(ValueError, match="at least one thread"):
        devices.configure(0)
