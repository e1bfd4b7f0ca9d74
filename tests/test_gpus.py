"""Which GPU a job takes; the machine that runs these tests has none, so TensorFlow's list of them is made up."""

import subprocess
import sys

import pytest

from stationary import devices
from stationary.errors import DeviceError

JOBS = [f"results/logs/minima/{block}.log" for block in range(40)]


@pytest.mark.parametrize(("gpu", "gpus", "chosen"), [("never", ["a"], []), ("auto", [], []), ("required", ["a"], ["a"])])
def test_a_job_takes_the_gpu_that_is_there_if_it_may(gpu, gpus, chosen):
    assert devices.choose(gpus, gpu, "job") == chosen


def test_jobs_that_see_several_spread_and_each_keeps_its_own():
    taken = [devices.choose(["a", "b", "c"], "auto", job) for job in JOBS]
    assert all(len(one) == 1 for one in taken)
    assert {one[0] for one in taken} == {"a", "b", "c"}
    assert taken == [devices.choose(["a", "b", "c"], "auto", job) for job in JOBS]


def test_a_gpu_that_is_required_and_missing_is_refused_in_one_line(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    line = r"^devices\.gpu = required, .* sees no GPU \(CUDA_VISIBLE_DEVICES is ''\)\. Ask .* or set devices\.gpu to auto\.$"
    with pytest.raises(DeviceError, match=line):
        devices.choose([], "required", "job")


CONFIGURED = """
import tensorflow as tf
from stationary import devices
listed, calls = tf.config.list_physical_devices, []
made_up = [tf.config.PhysicalDevice(f"/physical_device:GPU:{{number}}", "GPU") for number in range({number})]
tf.config.list_physical_devices = lambda kind=None: made_up if kind == "GPU" else listed(kind)
tf.config.set_visible_devices = lambda gpus, kind: calls.append((kind, [gpu.name[-5:] for gpu in gpus]))
tf.config.experimental.set_memory_growth = lambda gpu, grows: calls.append((gpu.name[-5:], grows))
devices.configure(1, tensorflow=True, gpu={gpu!r}, job="training")
print(calls, tf.config.experimental.tensor_float_32_execution_enabled())
"""


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("gpu", "number", "calls", "said"),
    [
        ("auto", 2, "[('GPU', ['GPU:1']), ('GPU:1', True)]", "computes on /physical_device:GPU:1; GPUs visible: 2"),
        ("never", 2, "[('GPU', [])]", "computes on the CPU; GPUs visible: 2"),
    ],
)
def test_tensorflow_sees_one_gpu_whose_memory_grows_or_none(gpu, number, calls, said):
    code = CONFIGURED.format(gpu=gpu, number=number)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{calls} False\n"
    assert said in done.stderr


ELSEWHERE = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from stationary import devices
devices.configure(1, tensorflow=True, gpu="auto", job="minima")
import numpy as np
from stationary.methods import ensemble_sgd
from stationary.methods.ensemble_network import Shape
draw = np.random.default_rng(0)
x, y = draw.random((40, 6), dtype=np.float32), draw.integers(0, 10, 40)
shape = Shape(6, 4)
theta = draw.normal(size=(1, 2, shape.n_parameters)).astype(np.float32)
ends, places = [], set()
made = ensemble_sgd._epoch
ensemble_sgd._epoch = lambda *given: lambda *now: watched(made(*given)(*now))
def watched(weights):
    places.update(part.device[-5:] for part in weights)
    return weights
for place in ("CPU:0", "CPU:1"):
    with tf.device(place):
        orders = [np.random.default_rng(1)]
        descent = ensemble_sgd.Descent(10, 2, 0.1, 5.0)
        ends.append(ensemble_sgd.train(x, y, np.arange(40)[None], theta, shape, descent, orders, xla={xla!r}))
print(sorted(places), (ends[0] == ends[1]).all())
"""


@pytest.mark.tensorflow
@pytest.mark.parametrize("xla", ["never", "always"])
def test_training_runs_on_the_device_it_is_put_on(xla):
    """On a second, logical processor, with XLA and without: nothing in it names a device."""
    done = subprocess.run([sys.executable, "-c", ELSEWHERE.format(xla=xla)], capture_output=True, text=True, check=True)
    assert done.stdout == "['CPU:0', 'CPU:1'] True\n"
