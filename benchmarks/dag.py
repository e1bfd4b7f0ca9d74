"""Economy of a whole run: what the jobs cost together, and how well they filled the cores.

    python -m benchmarks.dag [--folder .] [--log FILE] [--json FILE]

Reads the log of the run with the most jobs below FOLDER/.snakemake/log and the files of `benchmark:` and `log:` that it names.
A job's seconds are its script's, by Snakemake's benchmark; where a later run has overwritten that file, those it held a core.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path

from benchmarks import run_log
from benchmarks.run_log import Job, Run
from stationary.report import jobs as measured

SAME_RUN = 3.0
"""Seconds between a job's end in the log and the time of its benchmark file up to which both are of one run."""

_IMPORTED = re.compile(r"^TensorFlow \S+: imported in ([\d.]+) s$", flags=re.MULTILINE)


def main() -> None:
    """Print the economy of a run, and write it as JSON on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(), help="where Snakemake ran (default: here)")
    parser.add_argument("--log", type=Path, help="Snakemake's log (default: the newest one with the most jobs)")
    parser.add_argument("--json", type=Path, help="write the numbers here too")
    arguments = parser.parse_args()
    run = run_log.read(arguments.log) if arguments.log else largest(arguments.folder / ".snakemake" / "log")
    numbers = economy(run, arguments.folder)
    print(table(numbers))
    print(by_rule(run, seconds_of(run, arguments.folder)[0]))
    if arguments.json:
        arguments.json.write_text(json.dumps(numbers, indent=1) + "\n")


def largest(folder: Path) -> Run:
    """The run with the most jobs, of several the newest: later partial runs say nothing of the whole.

    Raises:
        SystemExit: if there is no log of a run.
    """
    runs = []
    for path in sorted(folder.glob("*.snakemake.log")):
        try:
            runs.append(run_log.read(path))
        except SystemExit:  # dry runs, lint
            continue
    if not runs:
        raise SystemExit(f"{folder} holds no log of a run. Run the workflow first: `make results` or `make smoke`.")
    return max(reversed(runs), key=lambda run: len(run.jobs))


def seconds_of(run: Run, folder: Path) -> tuple[dict[str, float], int]:
    """Seconds of every job, and how many of them are the time on a core because a later run measured the job again."""
    benchmarks = folder / "results" / "benchmarks"
    table = measured.read(benchmarks)
    scripts = {
        f"results/benchmarks/{job}.tsv": s for job, s in zip(*(table[c].to_pylist() for c in ("job", "seconds")), strict=True)
    }
    seconds, replaced = {}, 0
    for number, job in run.jobs.items():
        path = job.files.get("benchmark", [""])[0]
        own = path in scripts and abs((folder / path).stat().st_mtime - job.end) <= SAME_RUN
        seconds[number] = scripts[path] if own else job.seconds
        replaced += not own
    return seconds, replaced


def economy(run: Run, folder: Path) -> dict[str, float]:
    """What the run cost and where the cores' time went, in seconds unless the name says otherwise."""
    seconds, replaced = seconds_of(run, folder)
    path = run_log.critical_path(seconds, run_log.predecessors(run.jobs))
    held = sum(job.seconds * job.threads for job in run.jobs.values())
    compute = sum(seconds[number] * job.threads for number, job in run.jobs.items())
    imports = [float(found) for job in run.jobs.values() for found in _imports(job, folder)]
    return {
        "jobs": len(run.jobs),
        "jobs timed by the log": replaced,
        "cores": run.cores,
        "wall": run.wall,
        "compute": compute,
        "wall over compute per core": run.wall * run.cores / compute,
        "critical path": sum(seconds[number] for number in path),
        "critical path, jobs": len(path),
        "TensorFlow imports": len(imports),
        "TensorFlow imports, seconds": sum(imports),
        "before the first job": min(job.start for job in run.jobs.values()) - run.start,
        "cores held between start and end of scripts": held - compute,
        "cores idle": run.wall * run.cores - held,
        "cores idle at the end": tail(run),
    }


def tail(run: Run) -> float:
    """Core seconds idle after the last moment at which every core was busy."""
    moments = sorted({moment for job in run.jobs.values() for moment in (job.start, job.end)})
    busy = [sum(job.threads for job in run.jobs.values() if job.start <= moment < job.end) for moment in moments]
    full = [number for number, cores in enumerate(busy) if cores >= run.cores]
    since = moments[full[-1] + 1] if full else run.start
    left = sum((job.end - max(job.start, since)) * job.threads for job in run.jobs.values() if job.end > since)
    return (run.end - since) * run.cores - left


def _imports(job: Job, folder: Path) -> list[str]:
    """Seconds that a job's log notes for an import of TensorFlow (stationary.devices writes them)."""
    logs = [folder / path for path in job.files.get("log", [])]
    return [found for path in logs if path.is_file() for found in _IMPORTED.findall(path.read_text(errors="replace"))]


def table(numbers: dict[str, float]) -> str:
    """One line per number."""
    return "\n".join(f"{name:48}{value:12.4g}" for name, value in numbers.items())


def by_rule(run: Run, seconds: dict[str, float]) -> str:
    """Rules in the order of what they cost, figures taken together: jobs, seconds, the longest job."""
    groups: dict[str, list[float]] = defaultdict(list)
    for number, job in run.jobs.items():
        groups["figures" if job.rule.startswith("figure_") else job.rule].append(seconds[number])
    lines = [f"\n{'rule':32}{'jobs':>6}{'seconds':>10}{'longest':>10}"]
    for rule, taken in sorted(groups.items(), key=lambda item: -sum(item[1])):
        lines.append(f"{rule:32}{len(taken):6}{sum(taken):10.1f}{max(taken):10.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
