"""What paper scale would cost, and how long it would take on many cores, from a measured laptop run and the laws of growth.

    python -m benchmarks.projection [--folder .] [--cores 1000]

from the jobs of the laptop run in that folder, or of the one that results/reference/ keeps where none is complete.

Every part's laptop seconds are multiplied by how much more work the settings of config/paper.yaml ask for. Work is counted, not
timed: runs x iterations x cost of one, with the costs below, whose exponents `python -m benchmarks.growth` measures. What is
assumed is printed first.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stationary import tables
from stationary.config.newton import JOB_GROUPS, batches
from stationary.config.settings import Settings, load
from stationary.config.spin_glass import paths_per_draw
from stationary.report import jobs as measured

ROOT = Path(__file__).parents[1]
PAPER = ROOT / "config" / "paper.yaml"
ASSUMED = (
    "one speed of all cores",
    "iterations run to their cap as often as at laptop scale",
    "a minibatch of fewer than ten rows costs as ten",
    "what draws, joins and judges stays what it is",
    "jobs are cut as the settings say and start longest first",
)
CLASSES = 10
ROWS = {"digits": 1797, "mnist": 60_000}
FEWEST_ROWS = 10


def parameters(inputs: int, hidden: Iterable[int], outputs: int) -> int:
    """Weights and biases of a dense network.

    >>> parameters(64, (25,), 10)
    1885
    """
    sizes = [inputs, *hidden, outputs]
    return sum((before + 1) * after for before, after in itertools.pairwise(sizes))


def second_order(P: int, n: int) -> float:
    """An exact Hessian over n points and its decomposition, in multiplications up to a common factor."""
    return float(P) ** 2 * n + 10.0 * float(P) ** 3


@dataclass(frozen=True)
class Part:
    """A part of the workflow: its benchmark files, and the work of each of its jobs under some settings."""

    name: str
    files: str
    works: Callable[[Settings], Iterable[float]]


def _newton(settings: Settings) -> Iterator[float]:
    newton = settings.newton
    for conditions in batches(newton.conditions(settings.seed).values()).values():
        blocks = -(-conditions[0].starts // newton.block)
        work = 0.0
        for condition in conditions:
            P, n = parameters(1, condition.hidden, 1), condition.nodes
            caps = (condition.max_iterations, condition.remedy_iterations)
            costs = {"exact": caps[0] * second_order(P, n), "remedies": caps[1] * second_order(P, n)}
            costs["quasi_newton"] = condition.gradient_iterations * (P * n + P * P)
            costs["first_order"] = condition.first_order_iterations * P * n
            groups = {method: group for group, methods in JOB_GROUPS.items() for method in methods}
            work += condition.starts * sum(costs[groups[method]] for method in condition.methods)
        yield from [work / blocks] * blocks


def _rows(dataset: str) -> int:
    """Images to train on: half of the digits, all of the other training sets."""
    return ROWS[dataset] // 2 if dataset == "digits" else ROWS[dataset]


def _pixels(side: int) -> int:
    return side * side or 64


def _training(settings: Settings) -> Iterator[float]:
    minima = settings.minima
    for condition in minima.conditions(settings.seed).values():
        per_job = max(1, minima.block // condition.group) * condition.group
        steps = condition.epochs * _rows(minima.dataset) / condition.batch_size
        P = parameters(_pixels(condition.side), (condition.width,), CLASSES)
        blocks = -(-condition.networks // per_job)
        yield from [condition.networks / blocks * steps * max(condition.batch_size, FEWEST_ROWS) * P] * blocks


def _curvature(settings: Settings) -> Iterator[float]:
    minima = settings.minima
    for condition in minima.conditions(settings.seed).values():
        if condition.kept_points:
            P = parameters(_pixels(condition.side), (condition.width,), CLASSES)
            yield condition.kept_points * second_order(P, _rows(minima.dataset))


def _annealing(settings: Settings) -> Iterator[float]:
    for condition in settings.minima.annealing_conditions(settings.seed).values():
        P = parameters(_pixels(condition.side), (condition.width,), CLASSES)
        yield float(condition.networks * condition.epochs * condition.samples * P)


def _descents(settings: Settings) -> Iterator[float]:
    descents = settings.spin_glass.descents
    for size in descents.sizes:
        yield from (len(draws) * descents.started() * float(size) ** 3 for draws in descents.blocks(size))


def _exhaustive(settings: Settings) -> Iterator[float]:
    exhaustive = settings.spin_glass.exhaustive
    for p, size in exhaustive.cells():
        yield from (len(draws) * paths_per_draw(p, size) * float(size) ** p for draws in exhaustive.blocks(p, size))


def _searches(settings: Settings) -> Iterator[float]:
    saddles = settings.saddles
    for problem in saddles.problems(settings.seed).values():
        inputs = problem.inputs or _pixels(problem.side)
        outputs = inputs if "autoencoder" in problem.name else CLASSES
        P = parameters(inputs, problem.hidden, outputs)
        n = 1 if problem.inputs else problem.samples  # the linear loss needs covariances alone
        blocks = -(-problem.starts // saddles.block)
        for finder in saddles.finders:
            cost = P * float(n) if finder == "gradient_norm" else second_order(P, n)
            yield from [problem.starts / blocks * saddles.search(finder, problem.kind).iterations * cost] * blocks


def _optimisers(settings: Settings) -> Iterator[float]:
    epochs = settings.saddles.optimisers.epochs
    for problem in settings.saddles.optimiser_problems(settings.seed).values():
        P = parameters(_pixels(problem.side), problem.hidden, CLASSES)
        yield problem.starts * epochs * second_order(P, problem.samples)


def _digits(settings: Settings) -> Iterator[float]:
    digits = settings.optimizers.digits
    yield float((digits.starts + digits.rate_starts) * digits.budget * digits.samples)


PARTS = (
    Part("newton runs", r"newton/(main|sweep).*", _newton),
    Part("minima, training", r"minima/.*/\d+", _training),
    Part("minima, spectra and polish", r"minima/.*/(spectra|polished)", _curvature),
    Part("minima, annealing", r"minima/.*/annealing", _annealing),
    Part("minima, teachers", "minima/teacher", lambda s: [s.minima.teacher_problems * s.minima.teacher_starts]),
    Part("glass, descents", "spin_glass/descents/.*", _descents),
    Part("glass, all critical points", r"spin_glass/p\d.*", _exhaustive),
    Part("saddles, searches", r"saddles/[^/]+/(newton_mr|damped_newton|gradient_norm).*", _searches),
    Part("saddles, optimisers", r"saddles/optimisers\..*", _optimisers),
    Part("convexity", "convexity/.*", lambda s: [s.convexity.trials]),
    Part("symmetry", "symmetry/.*", lambda s: [s.symmetry.starts]),
    Part("conditioning", "conditioning/(mlp|convnet)", lambda s: [s.conditioning.runs * s.conditioning.epochs / 2] * 2),
    Part("traps", "traps/.*", lambda s: [s.traps.random_sets * s.traps.starts]),
    Part("optimisers, polynomials", "optimizers/runs", lambda s: [s.optimizers.starts * s.optimizers.budget]),
    Part("optimisers, fits", "optimizers/fits", lambda s: [s.optimizers.fit_starts * s.newton.first_order_iterations]),
    Part("optimisers, digits", "optimizers/digits", _digits),
    Part(
        "optimisers, widths",
        "optimizers/widths",
        lambda s: [s.optimizers.width_starts * s.optimizers.width_iterations * sum(w**3 for w in s.optimizers.widths)],
    ),
)
REST = "starts, joins, statistics, figures"


@dataclass(frozen=True)
class Projected:
    """A part at paper scale: laptop seconds, how many times the work, and the seconds of every job there."""

    name: str
    laptop: float
    factor: float
    jobs: Sequence[float]


def project(seconds: dict[str, float]) -> list[Projected]:
    """Every part at paper scale from the seconds of a laptop run's jobs, by the names of their benchmark files."""
    laptop, paper, left = Settings(), load(PAPER), dict(seconds)
    rows = []
    for part in PARTS:
        spent = sum(left.pop(job) for job in list(left) if re.fullmatch(part.files, job))
        before, after = sum(part.works(laptop)), list(part.works(paper))
        rows.append(Projected(part.name, spent, sum(after) / before, [spent * work / before for work in after]))
    return [*rows, Projected(REST, sum(left.values()), 1.0, list(left.values()))]


def measured_seconds(folder: Path) -> dict[str, float]:
    """Job to seconds of the folder's run if every part computed something in it, else of the kept one."""
    seconds = _seconds(measured.read(folder / "results" / "benchmarks"))
    if all(any(re.fullmatch(part.files, job) for job in seconds) for part in PARTS):
        return seconds
    kept = ROOT / "results" / "reference" / "jobs.parquet"
    print(f"{folder}/results holds no whole run at laptop scale; taking the one kept in results/reference/.\n")
    return _seconds(tables.read(kept))


def _seconds(jobs: pa.Table) -> dict[str, float]:
    return dict(zip(jobs["job"].to_pylist(), jobs["seconds"].to_pylist(), strict=True))


def wall(jobs: Iterable[float], cores: int) -> float:
    """Seconds of independent jobs of one core each, longest first to whichever core is free.

    >>> wall([3.0, 3.0, 2.0, 2.0, 2.0], 2)
    7.0
    """
    free = [0.0] * cores
    for job in sorted(jobs, reverse=True):
        heapq.heapreplace(free, free[0] + job)
    return max(free)


def main() -> None:
    """Print every part and the whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(), help="where a laptop run left results/ (default: here)")
    parser.add_argument("--cores", type=int, default=1000, help="cores of the cluster (default 1000)")
    arguments = parser.parse_args()
    rows = project(measured_seconds(arguments.folder))
    print("Assumed:", *(f"- {one}" for one in ASSUMED), sep="\n", end="\n\n")
    print("| part | laptop, core-hours | times the work | paper, core-hours | jobs | longest job, hours |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        hours = [job / 3600 for job in row.jobs]
        print(
            f"| {row.name} | {row.laptop / 3600:.2g} | {row.factor:.3g} | {sum(hours):.3g} | {len(hours)} | {max(hours):.2g} |"
        )
    jobs = [job for row in rows for job in row.jobs]
    took = wall(jobs, arguments.cores) / 3600
    busy = sum(jobs) / 3600 / arguments.cores
    print(
        f"\n{sum(jobs) / 3600:.3g} core-hours in {len(jobs)} jobs. On {arguments.cores} cores at least {took:.3g} h;", end=" "
    )
    print(f"{busy:.2g} h if jobs could be cut at will, {max(jobs) / 3600:.3g} h for the longest job alone.")


if __name__ == "__main__":
    main()
