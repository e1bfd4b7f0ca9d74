"""A real SLURM of two nodes on this machine, from Debian's packages: ``python tests/cluster/slurm.py up``, ``... down``.

No systemd, no database, and nothing outside one folder but two lock files beside it and the link /etc/slurm/slurm.conf: the
plugin's inner ``srun`` drops SLURM_CONF from its environment, so the built-in place has to work.
"""

import contextlib
import fcntl
import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import Template

ROOT = Path(tempfile.gettempdir(), "stationary-slurm")
LINK = Path("/etc/slurm/slurm.conf")
# There while the cluster is to go with the last process that uses it; one brought up by hand stays.
OURS = ROOT / "goes-with-its-users"
NODES = ("n1", "n2")
# What starts a daemon, in starting order; each leaves its process's number in ROOT/<name>.pid.
DAEMONS = {
    "munged": ["munged", *(f"--{kind}-file={ROOT}/munged.{kind}" for kind in ("key", "pid", "log", "seed"))]
    + [f"--socket={ROOT}/munge.socket"],
    "slurmctld": ["slurmctld", "-f", f"{ROOT}/slurm.conf"],
    **{f"slurmd.{node}": ["slurmd", "-f", f"{ROOT}/slurm.conf", "-N", node] for node in NODES},
}
# v1 control groups catch every process of a job and make a job out of memory a state of its own; without them SLURM polls.
CGROUPS = all(os.access(f"/sys/fs/cgroup/{name}/tasks", os.W_OK) for name in ("freezer", "memory"))
PROCESSES = {
    True: "ProctrackType=proctrack/cgroup\nTaskPlugin=task/cgroup",
    False: "ProctrackType=proctrack/pgid\nTaskPlugin=task/none\nJobAcctGatherParams=OverMemoryKill",
}
CGROUP_CONF = "CgroupPlugin=cgroup/v1\nCgroupMountpoint=/sys/fs/cgroup\nConstrainRAMSpace=yes\nConstrainCores=no\n"


def missing():
    """Why no cluster can be brought up here, in a line; empty if it can."""
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    absent = [name for name in ("munged", "slurmctld", "slurmd", "sbatch", "srun") if not shutil.which(name)]
    if absent:
        return f"No {', '.join(absent)}: apt-get install slurm-wlm munge"
    if os.geteuid() != 0:
        return "SLURM's daemons start jobs as any user: run the cluster's tests as root"
    if os.path.lexists(LINK) and LINK.resolve() != ROOT / "slurm.conf":
        return f"{LINK} belongs to another cluster: run the cluster's tests on another machine"
    return ""


def up():
    """Start what does not run and wait for both nodes."""
    ROOT.mkdir(mode=0o755, exist_ok=True)
    _configure()
    stopped = [name for name in DAEMONS if not _process(name)]
    for name in stopped:
        log = ROOT / f"{name}.start"
        with log.open("w") as out:
            subprocess.run(DAEMONS[name], stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=True, timeout=60)
    wait_for(_ready, 60, "both nodes of the cluster")


def down():
    """Cancel all jobs, then stop the daemons that this module's folder knows, the last started first."""
    if _process("slurmctld"):
        ask("scancel", "--state=PENDING")
        ask("scancel", "--state=RUNNING")
        wait_for(lambda: not ask("squeue", "--noheader"), 60, "the last job's end")
    for name in reversed(DAEMONS):
        if process := _process(name):
            os.kill(process, signal.SIGTERM)
            wait_for(lambda name=name: not _process(name), 60, f"{name}'s end")
    # The nodes' empty control groups, the innermost first.
    for group in sorted(Path("/sys/fs/cgroup").glob("*/slurm_n[12]/**/"), reverse=True):
        group.rmdir()
    if LINK.is_symlink() and LINK.readlink() == ROOT / "slurm.conf":
        LINK.unlink()
    shutil.rmtree(ROOT, ignore_errors=True)


@contextlib.contextmanager
def in_use():
    """The cluster, up while any process uses it; one that was up before stays up."""
    using = contextlib.ExitStack()
    with _locked("door"):
        if not any(map(_process, DAEMONS)):
            ROOT.mkdir(mode=0o755, exist_ok=True)
            OURS.touch()
        up()
        using.enter_context(_locked("users", fcntl.LOCK_SH))
    try:
        yield
    finally:
        with _locked("door"):
            using.close()
            # Refused while another process uses it, which then takes it down itself.
            with contextlib.suppress(BlockingIOError), _locked("users", fcntl.LOCK_EX | fcntl.LOCK_NB):
                if OURS.exists():
                    down()


@contextlib.contextmanager
def _locked(name, how=fcntl.LOCK_EX):
    with ROOT.with_suffix(f".{name}").open("w") as lock:
        fcntl.flock(lock, how)
        yield


def ask(*command):
    """What one of SLURM's commands prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def running(folder, rule):
    """The number of the rule's job that runs now, of those that Snakemake has submitted from the folder; else nothing."""
    lines = ask("squeue", "--noheader", "--states=running", "--format=%i|%Z|%k").splitlines()
    # The plugin's comment is rule_<name>_wildcards_<values>.
    jobs = {(place, re.sub("_wildcards_.*", "", comment)): job for job, place, comment in (line.split("|") for line in lines)}
    return jobs.get((str(folder), f"rule_{rule}"))


def records(folder):
    """What SLURM has written down of the folder's jobs that have ended: number, state, node."""
    lines = (ROOT / "jobs.txt").read_text().splitlines()
    jobs = [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines]
    return {job["JobId"]: (job["JobState"], job["NodeList"]) for job in jobs if job["WorkDir"] == str(folder)}


def wait_for(condition, seconds, what):
    """Wait until the condition holds; what it gave then."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {seconds} s; the daemons' logs are in {ROOT}")
        time.sleep(0.2)
    return found


def _ready():
    done = subprocess.run(["sinfo", "--noheader", "-N", "-o", "%T"], capture_output=True, text=True, timeout=60)
    states = done.stdout.split()
    return len(states) == len(NODES) and set(states) <= {"idle", "mixed", "allocated"}


def _configure():
    template = Template(Path(__file__).with_name("slurm.conf").read_text())
    filled = template.substitute(root=ROOT, host=platform.node().split(".")[0], processes=PROCESSES[CGROUPS])
    for name, text in (("slurm.conf", filled), ("cgroup.conf", CGROUP_CONF)):
        # Whole at every moment: commands of another process may be reading it.
        part = ROOT / f"{name}.part"
        part.write_text(text)
        part.replace(ROOT / name)
    key = ROOT / "munged.key"
    if not key.exists():
        key.touch(mode=0o400)
        key.write_bytes(secrets.token_bytes(1024))
    LINK.parent.mkdir(exist_ok=True)
    if not LINK.is_symlink():
        LINK.symlink_to(ROOT / "slurm.conf")


def _process(name):
    """The number of a daemon's process, 0 if it does not run: numbers are used again, and a dead process waits to be reaped."""
    try:
        process = int((ROOT / f"{name}.pid").read_text())
        status = Path(f"/proc/{process}/status").read_text().splitlines()
    except (OSError, ValueError):
        return 0
    runs = status[0].split()[-1] == name.split(".")[0] and not status[2].split()[1].startswith("Z")
    return process if runs else 0


if __name__ == "__main__":
    if reason := missing():
        sys.exit(reason)
    with _locked("door"):
        if sys.argv[1] == "up":
            up()
            OURS.unlink(missing_ok=True)
        else:
            try:
                with _locked("users", fcntl.LOCK_EX | fcntl.LOCK_NB):
                    down()
            except BlockingIOError:
                sys.exit("Tests use the cluster. Wait until they end, or stop them.")
