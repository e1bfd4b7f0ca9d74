"""Progress of long work: how much is done and how long the rest takes, on the terminal and in the job's log.

On a terminal it is a live bar. Anywhere else (a log file, a pipe) it is a line now and then. Continuous integration sets
``CI``; the terminal then stays quiet.
"""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from stationary import storage
from stationary.errors import StorageError, UserError

Advance = Callable[[int], None]

_SECONDS_BETWEEN_LINES = 15.0

# The terminal as it was before a job's log took the standard streams over; None outside job_log().
_terminal: TextIO | None = None


@contextmanager
def bar(total: int, label: str, *, unit: str = "replicas", wanted: bool = True) -> Iterator[Advance]:
    """Show how far some work is.

    Args:
        total: how many units there are.
        label: what is being done, a few words.
        unit: what is counted, in the plural.
        wanted: False shows nothing.

    Yields:
        A function to call with the number of units just finished.

    >>> with bar(100, "newton", wanted=False) as advance:
    ...     advance(40)
    """
    with ExitStack() as stack:
        sinks: list[Advance] = []
        if wanted and _terminal is not None:
            sinks.append(_lines(total, label, unit, sys.stderr))
        if wanted and not os.environ.get("CI"):
            stream = _terminal or sys.stderr
            if stream.isatty():
                sinks.append(stack.enter_context(_live(total, label, unit, stream)))
            else:
                sinks.append(_lines(total, label, unit, stream))

        def advance(number: int) -> None:
            for sink in sinks:
                sink(number)

        yield advance


@contextmanager
def job_log(path: str | Path) -> Iterator[None]:
    """Send all this process prints, compiled libraries included, to a file; bars go to the terminal as well.

    What a user can mend, and an interrupt, is one line in the file and on the terminal, and ends the process. Any other
    exception's traceback ends up in the file, then the exception goes on.

    Args:
        path: the log; overwritten.
    """
    global _terminal
    sys.stdout.flush()
    sys.stderr.flush()
    kept_out, kept_error = os.dup(1), os.dup(2)
    try:
        with storage.refusals(path):
            Path(path).touch()
    except StorageError as refusal:
        sys.exit(str(refusal))
    with Path(path).open("w", encoding="utf-8") as log, os.fdopen(os.dup(2), "w", encoding="utf-8") as terminal:
        # File descriptors, not sys.stderr alone: TensorFlow's C++ writes to descriptor 2 directly.
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        before, _terminal = _terminal, terminal
        try:
            # What a job writes but its tables and figures is what it prints.
            with storage.full_disks(path):
                yield
        except (UserError, KeyboardInterrupt) as refusal:
            line = str(refusal) or "interrupted"
            print(line, file=terminal, flush=True)
            with suppress(OSError):  # the disk with the log on it may be the one that is full
                print(line, file=sys.stderr)
            sys.exit(130 if isinstance(refusal, KeyboardInterrupt) else 1)
        except BaseException:
            with suppress(OSError):
                traceback.print_exc()
            raise
        finally:
            _terminal = before
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os.dup2(kept_out, 1)
            os.dup2(kept_error, 2)
            os.close(kept_out)
            os.close(kept_error)


@contextmanager
def _live(total: int, label: str, unit: str, stream: TextIO) -> Iterator[Advance]:
    with tqdm(total=total, desc=label, unit=f" {unit}", file=stream, leave=False, dynamic_ncols=True) as shown:

        def advance(number: int) -> None:
            shown.update(number)

        yield advance


def _lines(total: int, label: str, unit: str, stream: TextIO) -> Advance:
    """A line at the end and at most every few seconds before it."""
    started = last = time.monotonic()
    done = 0

    def advance(number: int) -> None:
        nonlocal done, last
        done += number
        now = time.monotonic()
        if number and (done >= total or now - last >= _SECONDS_BETWEEN_LINES):
            last = now
            spent = now - started
            left = spent * (total - done) / done
            print(f"{label}: {done}/{total} {unit}, {spent:.0f} s spent, {left:.0f} s left", file=stream, flush=True)

    return advance
