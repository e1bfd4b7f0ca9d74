"""How cost grows with networks, parameters, points, spins and workers: measured slopes beside the expected ones, and a figure.

    python -m benchmarks.growth [--rounds 5] [--quick] [--nodes] [--json FILE] [--figure docs/figures/growth.png]

Every size of a series is timed in every round, in turn; a slope is that of a line through log time against log size by least
squares over the rounds' medians, with its 95 % interval (Student's t). A slope below the expected one means that the sizes are
too small for the law: what costs the same at every size, or what runs faster in larger blocks, still counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import comparison, timing

Array = Any
Route = Callable[[], object]
NODES, STACK = 101, 4


@dataclass(frozen=True)
class Series:
    """What is timed at which sizes, and the exponent that the operations counted give."""

    name: str
    size: str
    expected: float
    sizes: Sequence[int]
    make: Callable[[int], tuple[int, Route]]
    """Size asked for -> size it has (parameters of a network) and what is timed."""


@dataclass(frozen=True)
class Growth:
    """A measured series: seconds at every size, round by round, and the slope with its interval."""

    name: str
    size: str
    expected: float
    sizes: list[int]
    seconds: list[list[float]]

    def slope(self) -> tuple[float, float, float]:
        """Exponent and the ends of its interval; with two sizes there is no interval."""
        import numpy as np
        import scipy.stats

        medians = [statistics.median(times) for times in self.seconds]
        line = scipy.stats.linregress(np.log(self.sizes), np.log(medians))
        free = len(self.sizes) - 2
        half = scipy.stats.t.ppf(0.975, free) * line.stderr if free else float("nan")
        return line.slope, line.slope - half, line.slope + half

    def says(self) -> str:
        """Slope and interval in a few words."""
        slope, low, high = self.slope()
        return f"{slope:.2f}" + (f" ({low:.2f} - {high:.2f})" if low == low else "")


def _regression(hidden: tuple[int, ...], nodes: int, replicas: int) -> tuple[Any, Array]:
    import numpy as np

    from stationary.landscapes.mlp_regression import mlp_regression

    x = np.linspace(0.0, 1.0, nodes)
    landscape = mlp_regression(x, np.sin(2 * np.pi * x), hidden=hidden)
    return landscape, np.random.default_rng(0).normal(size=(replicas, landscape.n_parameters))


def _hessians_of_networks(replicas: int) -> tuple[int, Route]:
    landscape, theta = _regression((10, 10), NODES, replicas)
    return replicas, lambda: landscape.hessian(theta)


def _hessian_of_width(width: int) -> tuple[int, Route]:
    landscape, theta = _regression((width, width), NODES, STACK)
    return landscape.n_parameters, lambda: landscape.hessian(theta)


def _hessian_of_points(nodes: int) -> tuple[int, Route]:
    landscape, theta = _regression((20, 20), nodes, STACK)
    return nodes, lambda: landscape.hessian(theta)


def _decomposition(width: int) -> tuple[int, Route]:
    import numpy as np

    landscape, theta = _regression((width, width), NODES, 1)
    hessian = landscape.hessian(theta)
    return landscape.n_parameters, lambda: np.linalg.eigh(hessian)


def _slope_of_glass(size: int) -> tuple[int, Route]:
    import numpy as np

    from stationary.landscapes.three_spin import ThreeSpinGlass

    glass = ThreeSpinGlass(0, size, 0)
    points = np.random.default_rng(0).normal(size=(size, 128)).astype(np.float32)
    return size, lambda: glass.slope(points)


SERIES = (
    Series("Hessians of a stack", "networks", 1.0, (4, 8, 16, 32, 64, 128), _hessians_of_networks),
    Series("Hessian, larger network", "parameters", 2.0, (10, 14, 20, 28, 40), _hessian_of_width),
    Series("Hessian, more points", "points", 1.0, (256, 512, 1024, 2048, 4096), _hessian_of_points),
    Series("eigendecomposition", "parameters", 3.0, (10, 14, 20, 28, 40), _decomposition),
    Series("gradient, glass with p = 3", "spins", 3.0, (48, 96, 144, 192, 256), _slope_of_glass),
)


def measure(series: Series, rounds: int, sizes: Sequence[int]) -> Growth:
    """Time every size of a series."""
    made = [series.make(size) for size in sizes]
    for _, run in made:
        run()
    seconds = timing.interleaved({str(place): run for place, (_, run) in enumerate(made)}, rounds)
    return Growth(series.name, series.size, series.expected, [size for size, _ in made], list(seconds.values()))


_WORK = """
import pathlib, sys, tempfile, time
from stationary import devices
devices.configure(1)
from benchmarks import growth
_, run = growth._decomposition(20)
run()
folder, seconds = pathlib.Path(sys.argv[1]), float(sys.argv[2])
tempfile.mkstemp(prefix="ready", dir=folder)
while not (folder / "go").exists():
    if not folder.exists(): sys.exit("nobody waits for it any more")
    time.sleep(0.01)
began = time.perf_counter()
while time.perf_counter() - began < seconds: run(); print("done")
"""
# Where compute nodes see it too.
_SHARED = Path("results")
# Seconds until workers have started, or have ended; a cluster's queue is the slowest.
PATIENCE = 300


def _processes(count: int) -> list[list[str]]:
    return [[sys.executable]] * count


def _one_task_per_node(count: int) -> list[list[str]]:
    return [["srun", "--quiet", f"--nodes={count}", f"--ntasks={count}", "--ntasks-per-node=1", sys.executable]]


# What there are several of, and the beginnings of the commands that start so many.
LAUNCHES: dict[str, Callable[[int], list[list[str]]]] = {"workers": _processes, "nodes": _one_task_per_node}


def side_by_side(what: str, rounds: int, counts: Sequence[int] = (1, 2), seconds: float = 3.0) -> Growth:
    """Seconds per decomposition with some processes of one thread at once; halved by twice as many if each has a core."""
    times: list[list[float]] = [[] for _ in counts]
    for _ in range(rounds):
        for place, count in enumerate(counts):
            times[place].append(_time_at_once(LAUNCHES[what](count), count, seconds))
    return Growth("jobs side by side", what, -1.0, list(counts), times)


def _time_at_once(commands: list[list[str]], count: int, seconds: float) -> float:
    with tempfile.TemporaryDirectory(dir=_SHARED, ignore_cleanup_errors=True) as name:
        folder = Path(name).absolute()
        started = [
            subprocess.Popen([*command, "-c", _WORK, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True)
            for command in commands
        ]
        try:
            # What they import has to be over everywhere before anyone is timed.
            end = time.monotonic() + PATIENCE
            while len(list(folder.glob("ready*"))) < count:
                if time.monotonic() > end or any(process.poll() is not None for process in started):
                    raise SystemExit(f"`{' '.join(commands[0])}` did not begin its work, {count} at once")
                time.sleep(0.05)
            (folder / "go").touch()
            printed = [process.communicate(timeout=PATIENCE)[0] for process in started]
            if any(process.returncode for process in started):
                raise SystemExit(f"`{' '.join(commands[0])}` failed")
            return seconds / sum(text.count("done") for text in printed)
        finally:
            for process in started:
                process.kill()


def draw(grown: Sequence[Growth], path: Path) -> None:
    """A panel per name: medians, fastest and slowest round, the expected slope through the largest size; slopes below."""
    import numpy as np

    from stationary.figures import style

    @style.themed
    def figure() -> Any:
        whole = style.figure(3.6)
        panels: dict[str, list[Growth]] = {}
        for one in grown:
            panels.setdefault(one.name, []).append(one)
        for axes, letter, (name, ones) in zip(whole.subplots(2, 3).flat, "abcdef", panels.items(), strict=True):
            for one, marker in zip(ones, "os", strict=False):
                sizes, medians = np.array(one.sizes, dtype=float), np.array([statistics.median(t) for t in one.seconds])
                spread = [medians - [min(t) for t in one.seconds], [max(t) for t in one.seconds] - medians]
                axes.errorbar(sizes, medians, spread, fmt=marker, color={"o": "#0072B2", "s": "#D55E00"}[marker], markersize=3)
                law = medians[-1] * (sizes / sizes[-1]) ** one.expected
                axes.plot(sizes, law, "--", color=style.MUTED)
            # Below the axis: a legend covers points, for they fill the diagonal.
            slopes = [f"{one.size}\nslope {one.says()}, expected {one.expected:g}" for one in ones]
            if len(ones) > 1:
                kinds = zip(ones, ("dots", "squares"), strict=False)
                slopes = [f"{one.size} ({kind}): {one.says()}, expected {one.expected:g}" for one, kind in kinds]
            axes.set(xscale="log", yscale="log", xlabel="\n".join(slopes), ylabel="s")
            ticks = sorted({size for one in ones for size in one.sizes})
            axes.set_xticks(ticks, [f"{size:g}" for size in ticks], minor=False)
            axes.minorticks_off()
            style.title(axes, letter, name)
        return whole

    with tempfile.TemporaryDirectory() as folder:
        style.save(figure(), Path(folder) / "growth.pdf", path)


def main() -> None:
    """Print the slopes, and draw the figure and write JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved repetitions (default 5)")
    parser.add_argument("--quick", action="store_true", help="the three smallest sizes of each series")
    parser.add_argument("--nodes", action="store_true", help="one and two nodes of a SLURM cluster too, a task on each")
    parser.add_argument("--json", type=Path, help="write the measurements here too")
    parser.add_argument("--figure", type=Path, help="draw them here, a .png")
    given = parser.parse_args()
    # Before this process is held to one core.
    launches = LAUNCHES if given.nodes else ["workers"]
    pairs = [side_by_side(what, given.rounds, seconds=0.5 if given.quick else 3.0) for what in launches]
    timing.limit(1)
    print(
        comparison.conditions(1),
        "\n| what | grows with | expected slope | measured (95 %) | sizes |\n|---|---|---|---|---|",
        sep="\n",
    )
    grown = [measure(series, given.rounds, series.sizes[:3] if given.quick else series.sizes) for series in SERIES]
    for one in (*grown, *pairs):
        sizes = ", ".join(str(size) for size in one.sizes)
        print(f"| {one.name} | {one.size} | {one.expected:g} | {one.says()} | {sizes} |")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in (*grown, *pairs)], indent=1) + "\n")
    if given.figure:
        draw([*grown, *pairs], given.figure)


if __name__ == "__main__":
    main()
