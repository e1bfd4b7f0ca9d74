"""Run Snakemake as make does: with what it is given, once settings can be read and no killed run's lock is in the way.

Snakemake reads settings before any rule file can look at them, and ends in a traceback where a file is broken in certain ways.
While it runs Snakemake keeps a lock in its working directory, which does not say whose it is; SIGKILL or a power cut leaves it
there for ever. Here it is taken away if no process of a run is left in that directory, and never otherwise.
"""

import os
import platform
import shutil
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from stationary.config.settings import contents
from stationary.errors import UserError


def at_work(folder: Path) -> list[int]:
    """Processes of a run in this folder: Snakemake itself, or a job that outlived it. Linux only: it reads /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = (process / "cwd").readlink() == folder and process.name != str(os.getpid())
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0") if here else []
        except OSError:  # it has ended, or is somebody else's
            continue
        if any(Path(word).name == "snakemake" or "/.snakemake/scripts/" in word for word in words):
            found.append(int(process.name))
    return sorted(found)


def logs_of(folder: Path, locks: list[Path]) -> list[str]:
    """What the run that took the locks has logged, and runs tried since; not reports and dry runs, which name no host."""
    taken = min(lock.stat().st_mtime for lock in locks)
    found = []
    for log in sorted((folder / ".snakemake" / "log").glob("*.snakemake.log"), reverse=True):
        text = log.read_text(errors="replace")
        if "\n  Host: " in text:
            found.append(text)
            if datetime.fromisoformat(log.name.removesuffix(".snakemake.log")).timestamp() <= taken:
                break
    return found


def owner(lock: Path) -> str:
    """Name of the user whose file it is, or the number of one that this machine does not know."""
    try:
        return lock.owner()
    except KeyError:
        return f"user {lock.stat().st_uid}"


def keeper(folder: Path, locks: list[Path]) -> str:
    """Whose the locks are, if that is a run whose processes cannot all be seen from here; else empty."""
    if not Path("/proc/self/cwd").exists():
        return "a run, dead or alive"
    for lock in locks:  # not their folder, which a dry run makes too
        if lock.stat().st_uid != os.getuid():
            return f"{owner(lock)}'s run"
    for line in "\n".join(logs_of(folder, locks)).splitlines():
        if line.startswith("  Host: ") and line.split()[1] != platform.node():
            return f"a run on {line.split()[1]}"
        if line.startswith("SLURM run ID: "):
            return "a run with cluster jobs, which outlive it (docs/cluster.md, Stopping and resuming)"
    return ""


def take_up(folder: Path) -> None:
    """Remove the lock of a dead run; end with one line if the run may be alive."""
    held = folder / ".snakemake" / "locks"
    locks = sorted(held.iterdir()) if held.is_dir() else []
    if not locks:
        return
    if who := keeper(folder, locks):
        unlock = f"`.venv/bin/snakemake --unlock --directory {folder}`"
        sys.exit(f"{folder} is locked by {who}. Wait until it ends; if it was killed, run {unlock}, then try again.")
    if alive := at_work(folder):
        numbers = " ".join(map(str, alive))
        sys.exit(f"{folder}: another run is at work here. Wait until it ends or stop it (kill {numbers}), then try again.")
    shutil.rmtree(held)
    print(f"{folder}: the last run was killed; taking up where it stopped.", flush=True)


if __name__ == "__main__":
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--directory", "-d", type=Path, default=Path())
    parser.add_argument("--configfile", "--configfiles", nargs="+", default=[])
    asked = parser.parse_known_args()[0]
    try:
        for file in (Path(__file__).parents[1] / "config" / "config.yaml", *asked.configfile):
            contents(file)
    except UserError as refusal:
        sys.exit(str(refusal))
    take_up(asked.directory.resolve())
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *sys.argv[1:]])
