"""Many dry runs of the workflow, each through the command that make runs, for the price of one start.

As a program it imports Snakemake once and forks for every working directory that it reads, a line each, from standard input.
"""

import contextlib
import os
import runpy
import signal
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRACEBACK = 70
"""Exit status of a run that ended in an exception."""
SECONDS = 300
"""Until a run is killed, which is a negative exit status."""


class DryRuns:
    """The program, running."""

    def __init__(self) -> None:
        self.program = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, folder):
        """Exit status and words of a dry run with the folder's ``settings.yaml``."""
        print(folder, file=self.program.stdin, flush=True)
        status = self.program.stdout.readline()
        assert status, f"the program ended with {self.program.wait(timeout=60)}"
        return int(status), (folder / "printed").read_text()

    def close(self):
        self.program.communicate(timeout=60)


def _run(folder):
    from snakemake import cli

    printed = os.open(folder / "printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.chdir(folder)
    # What run.py becomes is here already.
    os.execv = lambda _, words: cli.main(words[3:])
    program = str(ROOT / "workflow" / "run.py")
    sys.argv = [program, "--cores", "1", "--dry-run", "--quiet", "rules"]
    sys.argv += ["--snakefile", str(ROOT / "Snakefile"), "--configfile", "settings.yaml"]
    runpy.run_path(program, run_name="__main__")


def _status(folder):
    try:
        _run(folder)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return 0 if end.code is None else end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        return TRACEBACK
    return 0


def main():
    import snakemake.cli  # noqa: F401  what the forks share

    for line in sys.stdin:
        if (child := os.fork()) == 0:
            signal.alarm(SECONDS)
            status = _status(Path(line.rstrip("\n")))
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(OSError, ValueError):
                    stream.flush()
            os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
