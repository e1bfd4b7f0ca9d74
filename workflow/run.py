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


def keeper(folder: Path, locks: Path) -> str:
    """Whose the lock is, if that is another machine or another user, whose processes cannot be seen from here; else empty."""
    if not Path("/proc/self/cwd").exists():
        return "a run, dead or alive"
    if locks.stat().st_uid != os.getuid():
        return f"{locks.owner()}'s run"
    logs = sorted((folder / ".snakemake" / "log").glob("*.snakemake.log"))
    for line in logs[-1].read_text(errors="replace").splitlines() if logs else ():
        if line.startswith("  Host: ") and line.split()[1] != platform.node():
            return f"a run on {line.split()[1]}"
    return ""


def take_up(folder: Path) -> None:
    """Remove the lock of a dead run; end with one line if the run may be alive."""
    locks = folder / ".snakemake" / "locks"
    if not locks.is_dir() or not any(locks.iterdir()):
        return
    if who := keeper(folder, locks):
        unlock = f"`.venv/bin/snakemake --unlock --directory {folder}`"
        sys.exit(f"{folder} is locked by {who}. Wait until it ends; if it was killed, run {unlock}, then try again.")
    if alive := at_work(folder):
        numbers = " ".join(map(str, alive))
        sys.exit(f"{folder}: another run is at work here. Wait until it ends or stop it (kill {numbers}), then try again.")
    shutil.rmtree(locks)
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
