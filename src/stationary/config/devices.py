"""Settings of the machine: they decide where and how arithmetic is done, not what is computed."""

from typing import Literal

from pydantic import Field

from stationary.config.base import FrozenSettings
from stationary.devices import Gpu

Xla = Literal["never", "auto", "always"]


class DeviceSettings(FrozenSettings):
    """GPU and compiler of the jobs that train ensembles; no job depends on it, so a change runs nothing again."""

    gpu: Gpu = Field(
        "auto",
        description="auto trains ensembles (float32) on a GPU where a job sees one, required refuses to train without, never "
        "stays on the CPU, where all else is computed anyway (float64). Take never for rows as on a machine without GPU.",
    )
    xla: Xla = Field(
        "auto",
        description="auto compiles training with XLA below width 64, always and never say so for all widths. Take never where "
        "XLA fails or compiling costs more than it saves; float32 rounding differs, so losses do in their last digits.",
    )
