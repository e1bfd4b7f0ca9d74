"""Files that are whole or not there, and one clear line where a disk is full or may not be written."""

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stationary.errors import StorageError

_REMEDIES = {
    errno.ENOSPC: "the disk is full. Make room there and type the command again: what is finished stays.",
    errno.EDQUOT: "your quota is used up. Make room there and type the command again: what is finished stays.",
    errno.EROFS: "the file system is read-only. Mount it for writing, or work in another folder (--directory).",
    errno.EACCES: "you may not write there. Mend the folder's permissions, or work in another folder (--directory).",
    errno.EIO: "the disk reports an error. Check it, then type the command again: what is finished stays.",
}


@contextmanager
def refusals(path: str | Path) -> Iterator[None]:
    """Turn what the operating system says of a disk into one line with the remedy; other errors go on as they are.

    Args:
        path: what is being written, for the line.

    Raises:
        StorageError: if the disk is full, read-only, closed to this user or broken.
    """
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0)
        if remedy is None:
            raise
        raise StorageError(f"{path} cannot be written: {remedy}") from None


def check_writable(folder: str | Path) -> None:
    """Refuse a folder that is there but may not be written, before anything is computed for it; nothing is changed.

    Raises:
        StorageError: if the file system is read-only or closed to this user.
    """
    if Path(folder).exists() and not os.access(folder, os.W_OK):
        with refusals(folder):
            read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
            raise OSError(errno.EROFS if read_only else errno.EACCES, "")


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
    with refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        # No two jobs write one file, so these are what killed ones left.
        for left in target.parent.glob(f".{glob.escape(target.name)}.*.partial"):
            left.unlink(missing_ok=True)
        # Beside the target, so that the rename stays inside one file system; named by process, so that a job that outlived
        # its killed workflow cannot write into this one.
        temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
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
        An empty folder beside it to write into.

    Raises:
        StorageError: see :func:`refusals`.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.partial")
    with refusals(target):
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        try:
            yield temporary
            shutil.rmtree(target, ignore_errors=True)
            temporary.replace(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
