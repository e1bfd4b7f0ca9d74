"""Files that are whole or not there, and one clear line where a disk is full or may not be written."""

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stationary.errors import StorageError

# Named settings, too: another folder has none of its own.
_ELSEWHERE = "work in another folder (--directory FOLDER --configfile config/config.yaml)."
_REMEDIES = {
    errno.ENOSPC: "the disk is full. Make room there and type the command again: what is finished stays.",
    errno.EDQUOT: "your quota is used up. Make room there and type the command again: what is finished stays.",
    errno.EROFS: f"the file system is read-only. Mount it for writing, or {_ELSEWHERE}",
    errno.EACCES: f"you may not write there. Mend the folder's permissions, or {_ELSEWHERE}",
    errno.EIO: "the disk reports an error. Check it, then type the command again: what is finished stays.",
}
# Reading never meets these, so whatever file it was, it was being written.
_OF_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@contextmanager
def refusals(path: str | Path, *beside: Path) -> Iterator[None]:
    """Turn what the operating system says of a disk into one line with the remedy; other errors go on as they are.

    Args:
        path: what is being written, for the line.
        beside: where it is put together.

    Raises:
        StorageError: if the disk is full or read-only, or the place of ``path`` closed to this user or broken. That another
            file is closed or broken goes on as it is: it may have been read.
    """
    try:
        yield
    except OSError as error:
        named = error.filename if isinstance(error.filename, str) else None
        own = named is None or any(_meets(Path(named), Path(place)) for place in (path, *beside))
        if error.errno in _OF_WRITING or (own and error.errno in _REMEDIES):
            raise StorageError(f"{path if own else named} cannot be written: {_REMEDIES[error.errno]}") from None
        raise


@contextmanager
def full_disks(path: str | Path) -> Iterator[None]:
    """The same for work that reads as well: a disk that is full or read-only, whichever file met it.

    Args:
        path: what the line names if the system named no file.

    Raises:
        StorageError: if a disk is full or read-only.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _OF_WRITING:
            raise
        raise StorageError(f"{error.filename or path} cannot be written: {_REMEDIES[error.errno]}") from None


def _meets(named: Path, place: Path) -> bool:
    """Whether a file is the place, lies in it or holds it."""
    named, place = named.absolute(), place.absolute()
    return named.is_relative_to(place) or place.is_relative_to(named)


def check_writable(folder: str | Path) -> None:
    """Refuse a folder that is there but may not be written, before anything is computed for it; nothing is changed.

    Raises:
        StorageError: if the file system is read-only or closed to this user.
    """
    if Path(folder).exists() and not os.access(folder, os.W_OK):
        with refusals(folder):
            read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
            raise OSError(errno.EROFS if read_only else errno.EACCES, "", str(folder))


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Write a file whole or not at all.

    Args:
        path: the file; its folder is made if it is missing.

    Yields:
        A path beside it to write to, which takes the file's place at the end. If anything fails it is removed and the old
        file stays. Killed, it stays behind as ``.name.*.partial`` until the file is written the next time.

    Raises:
        StorageError: see :func:`refusals`.
    """
    target = Path(path)
    # Beside the target, so that the rename stays inside one file system; named by process, so that a job that outlived
    # its killed workflow cannot write into this one.
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    with refusals(target, temporary):
        target.parent.mkdir(parents=True, exist_ok=True)
        # No two jobs write one file, so these are what killed ones left.
        for left in target.parent.glob(f".{glob.escape(target.name)}.*.partial"):
            left.unlink(missing_ok=True)
        try:
            yield temporary
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Write a folder whole or not at all, as :func:`whole` does a file; what was there is replaced.

    Args:
        path: the folder; the one that holds it is made if it is missing.

    Yields:
        An empty folder beside it to write into. A kill between the two renames at the end leaves the old folder under a
        hidden name, from which the next writing fetches it back first.

    Raises:
        StorageError: see :func:`refusals`.
    """
    target = Path(path)
    temporary, aside = (target.with_name(f".{target.name}.{name}") for name in ("partial", "old"))
    with refusals(target, temporary, aside):
        _settle(target, aside)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        try:
            yield temporary
            if target.exists():
                target.rename(aside)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            _settle(target, aside)


def _settle(target: Path, aside: Path) -> None:
    """Put the old folder back if nothing took its place, else remove it."""
    if aside.exists() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
