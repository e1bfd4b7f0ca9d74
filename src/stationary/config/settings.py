"""All settings of the workflow: read, merged over the defaults, checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from stationary.config.base import FrozenSettings, validated
from stationary.config.conditioning import ConditioningSettings
from stationary.config.convexity import ConvexitySettings
from stationary.config.devices import DeviceSettings
from stationary.config.minima import MinimaSettings
from stationary.config.newton import NewtonSettings
from stationary.config.optimizers import OptimizerSettings
from stationary.config.saddles import SaddleSettings
from stationary.config.spin_glass import SpinGlassSettings
from stationary.config.symmetry import SymmetrySettings
from stationary.config.traps import TrapSettings
from stationary.errors import ConfigError


class Settings(FrozenSettings):
    """Everything that config/config.yaml may say."""

    seed: int = Field(
        1,
        ge=0,
        lt=2**32,
        description="Root of all random numbers (>= 0). Change it to see how far a result depends on the draw.",
    )
    scale: Literal["smoke", "laptop", "paper"] = Field(
        "laptop",
        description="smoke, laptop or paper: the name that verdicts carry. It changes no size by itself; the overlays "
        "config/smoke.yaml and config/paper.yaml set the sizes and the name together.",
    )
    source: Literal["build", "reference"] = Field(
        "build",
        description="build computes all tables; reference draws figures and verdicts from the tables in results/reference/ "
        "without training anything. Take reference to look around in five minutes.",
    )
    devices: DeviceSettings = Field(
        DeviceSettings(), description="The machine: where ensembles train, and whether XLA compiles them (docs/devices.md)."
    )
    newton: NewtonSettings = Field(
        NewtonSettings(), description="Exact Newton's failure: how many runs, of what, for how long."
    )
    minima: MinimaSettings = Field(
        MinimaSettings(), description="Minima by width: how many networks, on what data, trained for how long."
    )
    spin_glass: SpinGlassSettings = Field(
        SpinGlassSettings(), description="The spherical p-spin glass: descents by size, all critical points of small ones."
    )
    saddles: SaddleSettings = Field(
        SaddleSettings(), description="Saddle counts: index against loss at critical points, finders, optimisers near saddles."
    )
    convexity: ConvexitySettings = Field(
        ConvexitySettings(), description="What is convex and what is not: how many random trials, on how large networks."
    )
    symmetry: SymmetrySettings = Field(
        SymmetrySettings(), description="Symmetries of hidden units: orbits, barriers between twins, minima modulo symmetry."
    )
    conditioning: ConditioningSettings = Field(
        ConditioningSettings(), description="Conditioning: slope and curvature along the training of two small networks."
    )
    traps: TrapSettings = Field(
        TrapSettings(), description="Traps: minima without hidden units, a cliff, plateaus, inexact gradients."
    )
    optimizers: OptimizerSettings = Field(
        OptimizerSettings(), description="Ten optimisers on polynomials and fits: traps; error and overfitting by width."
    )


def load(source: Mapping[str, object] | str | Path) -> Settings:
    """Settings from a mapping or a YAML file; what is not said keeps its default.

    Raises:
        ConfigError: one line naming key, value, what is allowed, and the closest valid spelling; or a file that cannot be read.

    >>> load({"newton": {"starts": 20}}).newton.starts
    20
    """
    return validated(Settings, dict(source) if isinstance(source, Mapping) else contents(source))


def contents(source: str | Path) -> dict[str, object]:
    """What a configuration file says, not yet checked; an empty file says nothing.

    Raises:
        ConfigError: if it cannot be read, is no YAML or holds no keys.
    """
    try:
        values = yaml.safe_load(Path(source).read_bytes())
    except OSError as error:
        raise ConfigError(f"config: cannot read {source} ({error.strerror}). Name an existing YAML file.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date without a month, a number of 5000 digits
        reason = " ".join(str(error).split())
        raise ConfigError(f"config: {source} is not YAML: {reason}. Mend the line it names.") from None
    if not isinstance(values or {}, dict):
        raise ConfigError(f"config: {source} holds no keys. Write `key: value` lines; config/config.yaml shows all keys.")
    return values or {}
