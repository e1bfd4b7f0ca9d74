"""The project's own workflow with tiny settings, run as make runs it, for doing harm to."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PARTS = "results/spin_glass/parts/p3-n3.0"
TARGETS = ("results/spin_glass/critical_points.parquet", "results/spin_glass/search.parquet")
"""Two joins of what one job writes: its two tables."""

SETTINGS = {
    "scale": "smoke",
    "spin_glass": {
        "descents": {"sizes": [10], "draws": [2], "starts": 2, "max_iterations": 20},
        "exhaustive": {"sizes": [3], "spins": [3], "draws": 4, "newton_draws": 1},
    },
}


class SmallRun:
    """A folder in which the workflow runs, and what is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = folder / "printed"
        (folder / "settings.yaml").write_text(yaml.safe_dump(SETTINGS))

    def start(self, *targets, program=(str(ROOT / "workflow" / "run.py"),)):
        """A run in a process group of its own; what it prints goes to ``printed``."""
        command = [sys.executable, *program, "--cores", "2", "--rerun-incomplete", "--snakefile", str(ROOT / "Snakefile")]
        command += ["--configfile", "settings.yaml", "--", *(targets or TARGETS)]
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / ".cache"), "CI": "true"}
        with self.printed.open("w") as printed:
            return subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=printed, stderr=printed, start_new_session=True
            )

    def run(self, *targets, **options):
        """Exit status of a whole run, and what it printed."""
        done = self.start(*targets, **options).wait(timeout=300)
        return done, self.printed.read_text()

    def until(self, event, run):
        """Wait until something is the case; whether it was before the run had ended."""
        while not event():
            if run.poll() is not None:
                return False
            time.sleep(0.001)
        return True

    def clear(self):
        """As if nothing had run here."""
        for name in ("results", ".snakemake"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def locked(self):
        locks = self.folder / ".snakemake" / "locks"
        return locks.is_dir() and any(locks.iterdir())

    def jobs(self):
        """Processes that run one of this folder's jobs."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if f"{self.folder}/.snakemake/scripts/" in words:
                found.append(int(process.name))
        return found

    def tables(self):
        """Bytes of every table, by path."""
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.glob("results/**/*.parquet")}

    def left_over(self):
        """Files that a killed job leaves beside its tables."""
        return list(self.folder.glob("results/**/.*.partial"))


def stop(run, sign=signal.SIGKILL):
    """A signal to all processes of a run."""
    if run.poll() is None:
        os.killpg(run.pid, sign)
    run.wait(timeout=120)
